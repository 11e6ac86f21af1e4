"""`minimax-mock record` with real programs, and an emulator in the part of the service."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from contract_tests.exchanges.comparison import differences_of_run
from contract_tests.exchanges.format import Exchange, read
from contract_tests.exchanges.replay import Replay
from contract_tests.targets import choice
from mock_server import MockAccount, MockServer
from tests.commands.command import run
from tests.intercept.command import minimax_mock
from tests.recording.front import Front

KEY = "sk-api-the-real-key-0123456789"
PROGRAMS = Path(__file__).parent / "programs"
GROUP = "2024530792255857454"


@pytest.fixture
def service() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def account(service: MockServer) -> MockAccount:
    return service.account(KEY)


@pytest.fixture
def front(service: MockServer) -> Iterator[Front]:
    with Front(service.url) as front:
        yield front


def record(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return minimax_mock("record", "--out", str(folder), *arguments, MINIMAX_API_KEY=KEY, **env)


def program(name: str, *arguments: str) -> list[str]:
    return ["--", sys.executable, str(PROGRAMS / name), *arguments]


def recorded(folder: Path) -> list[Exchange]:
    return [read(file) for file in sorted(folder.iterdir())]


@pytest.fixture
def run_of_four(front: Front, account: MockAccount, tmp_path: Path) -> Path:
    """Two images, both downloaded, and a refusal: recorded through the hooks from a host that is a constant."""
    proxy = {"HTTP_PROXY": front.url, "http_proxy": front.url, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    said = record(tmp_path / "out", "--target", front.url, *program("draw_and_fetch.py"), **proxy)
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("0", "2013", 4)
    assert len(front.fetched) == 2
    assert said.stderr.splitlines() == [
        f"minimax-mock: recording {front.url} into {tmp_path / 'out'}; never more than $0.07",
        "minimax-mock: the command ended with exit status 0",
        f"minimax-mock: 4 exchanges written to {tmp_path / 'out'}, 2 downloads among them",
        f"minimax-mock: {front.url}: 2 calls, 2 images: at most $0.0070 of $0.07 spent",
    ]
    assert account.describe()["images"] == 2
    return tmp_path / "out"


def test_every_exchange_of_a_run_is_a_file(run_of_four: Path) -> None:
    assert [file.name for file in sorted(run_of_four.iterdir())] == [
        "0001-generate-200-0.json", "0002-download-200.json", "0003-download-200.json", "0004-generate-200-2013.json",
    ]  # fmt: skip
    first, download, _, refused = recorded(run_of_four)
    assert [picture.format for picture in download.images] == ["JPEG"]
    assert (download.images[0].width, download.images[0].height) == (1024, 1024)
    assert download.response.body == "<image:1>"
    assert dict(download.response.headers)["content-length"] == "<body-length>"
    assert refused.response.body["base_resp"]["status_code"] == 2013
    assert first.provenance.kind == "recorded"
    assert first.provenance.source.startswith("minimax-mock record, http://127.0.0.1:")


def test_no_secret_is_in_a_file_and_identities_are(run_of_four: Path, account: MockAccount) -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(run_of_four.iterdir())]
    signatures = [text for text in texts if re.search(r"Signature=(?!<signature:[12]>)", text)]
    access = [text for text in texts if re.search(r"OSSAccessKeyId=(?!<access-key:1>)", text)]
    assert (signatures, access) == ([], [])
    group = next(value for name, value in account.journal()[0]["response"]["headers"] if name == "x-mm-request-id")
    for text in texts:
        assert [secret for secret in (KEY, "LTAI", GROUP, group.partition("_")[0]) if secret in text] == []
    first, one, other, refused = recorded(run_of_four)
    for call in (first, refused):
        assert call.request.path == "/v1/image_generation?GroupId=<group:2>"
        assert dict(call.request.headers)["authorization"] == "Bearer <key:1>"
        assert call.request.body["prompt"] == "a lighthouse called <key:1>"
        assert dict(call.response.headers)["x-mm-request-id"].startswith("<group:1>_")
    host = "http://hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com"
    assert first.response.body["data"]["image_urls"] == [host + one.request.path, host + other.request.path]
    assert first.redactions == (
        "API keys: <key:N>", "access key ids of the image store: <access-key:N>", "signatures of URLs: <signature:N>",
        "group ids: <group:N>",
    )  # fmt: skip


def test_what_was_recorded_replays(run_of_four: Path) -> None:
    with MockServer() as fresh, Replay(fresh.url, fresh.account().api_key) as replay:
        run = recorded(run_of_four)
        # Under the name that the stand-in has for the API, which is not the one of a live host.
        here = [as_live(exchange) for exchange in run]
        assert differences_of_run([(exchange, replay.observed(exchange)) for exchange in here]) == []


def as_live(exchange: Exchange) -> Exchange:
    live = exchange.request.host.endswith(".aliyuncs.com")
    return exchange if live else structs.replace(exchange, request=structs.replace(exchange.request, host=""))


def test_base64_and_references_are_facts_and_the_exit_status_is_the_commands_own(
    service: MockServer, account: MockAccount, tmp_path: Path
) -> None:
    said = record(tmp_path / "out", "--target", service.url, *program("draw_base64.py", "2"))
    assert (said.returncode, said.stdout) == (3, "0\n"), said.stderr
    (found,) = recorded(tmp_path / "out")
    assert found.response.body["data"] == {"image_base64": ["<image:2>", "<image:3>"]}
    assert found.request.body["subject_reference"][0]["image_file"] == "data:image/png;base64,<image:1>"
    assert [(one.format, one.width, one.height) for one in found.images] == [
        ("PNG", 512, 640), ("JPEG", 1024, 1024), ("JPEG", 1024, 1024),
    ]  # fmt: skip
    assert len({one.sha256 for one in found.images}) == 3
    assert dict(found.response.headers)["content-length"] == "<body-length>"
    (file,) = (tmp_path / "out").iterdir()
    assert file.stat().st_size < 4000
    with MockServer() as fresh, Replay(fresh.url, fresh.account().api_key) as replay:
        assert differences_of_run([(found, replay.observed(found))]) == []


def test_the_limit_is_kept_and_what_it_stopped_is_not_recorded(
    service: MockServer, account: MockAccount, tmp_path: Path
) -> None:
    limit = ["--target", service.url, "--max-spend", "0.01"]
    said = record(tmp_path / "out", *limit, *program("draw_base64.py", "3"))
    assert "HTTP Error 402" in said.stderr
    assert "0 calls, 1 refused because of what they could cost, 0 images: at most $0.0000 of $0.01" in said.stderr
    assert list((tmp_path / "out").iterdir()) == []
    assert account.journal() == []
    said = record(tmp_path / "out", *limit, *program("draw_base64.py", "2"))
    assert "1 call, 2 images: at most $0.0070 of $0.01 spent" in said.stderr
    assert account.describe()["images"] == 2


def test_a_second_run_goes_on_counting(service: MockServer, tmp_path: Path) -> None:
    for _ in range(2):
        record(tmp_path, "--target", service.url, *program("draw_base64.py", "1"))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "0001-generate-200-0.json", "0002-generate-200-0.json",
    ]  # fmt: skip


OTHER_CALLS = """
import requests, os
for url in ("https://api.minimax.io/v1/models", "https://fal.run/fal-ai/x", "https://api.minimax.io/v1/models"):
    print(requests.get(url, timeout=30).status_code)
"""


def test_other_calls_go_nowhere_and_are_told(service: MockServer, tmp_path: Path) -> None:
    said = record(tmp_path / "out", "--target", service.url, "--", sys.executable, "-c", OTHER_CALLS)
    assert said.stdout.split() == ["402", "402", "402"]
    assert "not passed on: GET api.minimax.io/v1/models (2), GET fal.run/fal-ai/x\n" in said.stderr
    assert service.journal() == []


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--", "true"], 2, "the live service costs money: say how much may be spent"),
        (["--target", "emulator", "--", "true"], 2, "--target emulator: what is recorded is a service"),
        (["--target", "lvie", "--", "true"], 2, "unknown target 'lvie'; did you mean 'live'?"),
        (["--region", "us", "--max-spend", "1", "--", "true"], 2, "unknown region 'us'"),
        (["--max-spend", "-1", "--", "true"], 2, "--max-spend: expected an amount in USD"),
        (["--target", "https://api.minimax.io", "--", "true"], 2, "is the live service: --target live"),
        (["--target", "http://127.0.0.1:9", "--", "no-such-command"], 127, "no command 'no-such-command'"),
        (["--target", "http://127.0.0.1:9"], 2, "Missing argument 'COMMAND...'"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_told(arguments: list[str], status: int, said: str, tmp_path: Path) -> None:
    result = record(tmp_path / "out", *arguments)
    assert result.returncode == status
    assert said in result.stderr


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    result = record(tmp_path / "out", "--target", "http://127.0.0.1:9", "--", "true")
    assert (result.returncode, result.stderr) == (
        2, f"minimax-mock: cannot write recordings to {str(tmp_path / 'out')!r}: File exists\n",
    )  # fmt: skip


def test_a_command_that_dies_of_a_signal_passes_that_on(tmp_path: Path) -> None:
    result = record(tmp_path / "out", "--target", "http://127.0.0.1:9", "--", "bash", "-c", "kill -SEGV $$")
    assert result.returncode == -signal.SIGSEGV
    assert "the command died of SIGSEGV\n" in result.stderr


OTHER_SITE = """
import requests, os
for host in ("api.minimaxi.com", "api.minimax.io"):
    headers = {"Authorization": "Bearer " + os.environ["MINIMAX_API_KEY"]}
    body = {"model": "image-01", "prompt": "a lighthouse at dawn"}
    said = requests.post(f"https://{host}/v1/image_generation", json=body, headers=headers, timeout=30).json()
    print(said["base_resp"]["status_msg"], file=open(os.environ["SAID"], "a"))
"""


def test_live_goes_to_the_site_that_was_said_and_to_no_other(
    service: MockServer, account: MockAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(choice.HOSTS, "io", service.url)
    said = tmp_path / "said"
    arguments = ["--max-spend", "0.0035", "--out", str(tmp_path / "out"), "--", sys.executable, "-c", OTHER_SITE]
    found = run("record", *arguments, MINIMAX_API_KEY=KEY, SAID=str(said))
    assert found.code == 0, found.err
    refused, drawn = said.read_text(encoding="utf-8").splitlines()
    assert refused.endswith("not api.minimaxi.com, which is not of --region io")
    assert drawn == "success"
    assert "minimax-mock: live: 1 call, 1 image: at most $0.0035 of $0.0035 spent\n" in found.err
    assert account.describe()["images"] == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["0001-generate-200-0.json"]
