"""`minimax-mock check --target ...` against a local emulator in the part of the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.exchanges.comparison import differences_of_run
from contract_tests.exchanges.format import read
from contract_tests.exchanges.replay import Replay
from contract_tests.targets import choice
from contract_tests.targets.service import Patience
from mock_server import MockAccount, MockServer
from tests.commands.command import Run, run
from tests.contract.targets.stand_in import KEY


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockServer]:
    monkeypatch.setenv("MINIMAX_API_KEY", KEY)
    quick = Patience(answer=1.0, client=2.0, again=0.0)
    monkeypatch.setattr("contract_tests.targets.service.Patience", lambda: quick)
    with MockServer() as server:
        monkeypatch.setitem(choice.HOSTS, "io", server.url)
        monkeypatch.setitem(choice.HOSTS, "cn", "http://127.0.0.1:9")
        yield server


@pytest.fixture
def account(stand_in: MockServer) -> MockAccount:
    return stand_in.account(KEY)


def check(*arguments: str) -> Run:
    return run("check", "reference", *arguments)


def results(document: Any) -> dict[str, tuple[str, str | None]]:
    return {item["id"]: (item["status"], item["reason"]) for item in document["checks"]}


def test_live_asks_what_is_free_first_and_pays_for_two_images(
    account: MockAccount, tmp_path: Path
) -> None:  # fmt: skip
    found = check("--target", "live", "--max-spend", "0.05", "--report", str(tmp_path))
    assert found.code == 0, found.out
    lines = found.out.splitlines()
    assert lines[0] == f"plan: {choice.HOSTS['io']} with the key in MINIMAX_API_KEY"
    assert lines[-1] == "live: 8 calls, 2 images: at most $0.0070 of $0.05 spent"
    assert [line.split()[-2] for line in lines if "service." in line] == [
        "service.wrong-key:", "service.invalid-parameters:", "service.too-many:", "service.image-by-url:",
        "service.image-base64:",
    ]  # fmt: skip
    assert account.describe()["images"] == 2
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (document["spent_usd"], document["target"], document["profile"]) == (0.007, "live", "none")
    assert results(document)["retry.bounded"] == ("skipped", "needs faults, which live does not have")


def test_a_url_is_asked_the_same_and_json_stays_json(stand_in: MockServer, account: MockAccount) -> None:
    found = check("--target", stand_in.url, "--json", "-k", "service")
    assert found.code == 0, found.out
    assert (found.json["spent_usd"], account.describe()["images"]) == (0.007, 2)
    assert found.err.startswith(f"plan: {stand_in.url} with the key in MINIMAX_API_KEY\n")


def test_trouble_is_told_as_such_and_ends_with_two(account: MockAccount, tmp_path: Path) -> None:
    account.add_fault("http_status", status=401, body=f"no {KEY}")
    found = check("--target", "live", "--max-spend", "0.05", "--report", str(tmp_path), "-k", "service.i")
    assert found.code == 2
    told = results(json.loads((tmp_path / "report.json").read_text(encoding="utf-8")))
    assert told["service.image-by-url"] == (
        "error",
        "could not look: the service answered HTTP 401: it refuses the key",
    )
    assert {status for status, _ in told.values()} == {"error"}
    for file in tmp_path.iterdir():
        assert KEY not in file.read_text(encoding="utf-8"), file


def test_a_run_that_decided_nothing_ends_with_two(account: MockAccount) -> None:
    found = check("--target", "live", "--region", "cn", "--max-spend", "0.05")
    assert found.code == 2
    assert "could not look: http://127.0.0.1:9/v1/image_generation cannot be reached" in found.out
    assert account.journal() == []
    skipped = check("--target", "live", "--max-spend", "0.05", "-k", "retry")
    assert skipped.code == 2
    assert "0 passed, 0 failed" in skipped.out


def test_too_little_money_is_a_reason_to_skip(account: MockAccount) -> None:
    found = check("--target", "live", "--max-spend", "0.004")
    assert found.code == 0, found.out
    assert "skipped service.image-base64: costs $0.0035; --max-spend leaves less" in found.out
    assert account.describe()["images"] == 1


def test_a_failure_tells_how_to_see_it_again(account: MockAccount, tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("def create(base_url, api_key, timeout):\n    return lambda request: [b'none']\n", encoding="utf-8")
    found = run("check", f"{file}:create", "--target", "live", "--max-spend", "0.05", "-k", "service", "--json")
    assert found.code == 1
    first = next(item for item in found.json["checks"] if item["id"] == "service.wrong-key")
    assert first["reason"] == "the client reported success with 1 images, and the service made none"
    assert first["reproduce"]["command"].endswith("--target live --max-spend 0.05")
    assert first["reproduce"]["curl"].startswith(
        f'curl {choice.HOSTS["io"]}/v1/image_generation -H "Authorization: Bearer $MINIMAX_API_KEY" '
    )


def test_both_says_where_the_client_differs(account: MockAccount) -> None:
    same = check("--target", "both", "--max-spend", "0.05", "-k", "both")
    assert same.code == 0, same.out
    assert account.describe()["images"] == 2
    account.add_fault("status_code", code=2061, message="your current token plan not support model, image-01")
    account.add_fault("status_code", code=2013)
    other = check("--target", "both", "--max-spend", "0.05", "-k", "both.too-many", "--json")
    assert other.code == 2
    assert results(other.json)["both.too-many"][1] == (
        "could not look: the service answered 2061: the account's plan has no images"
    )


def test_both_on_a_server_that_answers_otherwise(stand_in: MockServer, account: MockAccount) -> None:
    account.add_fault("status_code", code=1042)
    found = check("--target", "both", "--url", stand_in.url, "--json", "-k", "too-many")
    assert found.code == 0
    status, reason = results(found.json)["both.too-many"]
    assert (status, reason) == (
        "failed",
        f"code: 1042 on {stand_in.url}, 2013 on the emulator ({stand_in.url} answered 1042, the emulator 2013)",
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--target", "live"], "--max-spend 0.05"),
        (["--max-spend", "1"], "the emulator is free"),
        (["--target", "lve"], "did you mean 'live'?"),
        (["--target", "live", "--max-spend", "much"], "--max-spend"),
    ],
)
def test_wrong_use_is_refused(account: MockAccount, arguments: list[str], complaint: str) -> None:
    found = check(*arguments)
    assert found.code == 2
    assert complaint in found.err
    assert account.journal() == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 4, "--max-spend 0.05"),
        (["--minimax-max-spend=0.05", "-n2"], 4, "can only be limited in one process: leave -n out"),
        (
            ["--minimax-max-spend=0.05", "-kservice.wrong-key"],
            0,
            "live: 1 call, 0 images: at most $0.0000 of $0.05 spent",
        ),
    ],
    ids=["no limit", "two processes", "good"],
)
def test_pytest_has_the_same_options(
    account: MockAccount, pytester: pytest.Pytester, arguments: list[str], code: int, told: str
) -> None:
    usual = ["--pyargs", "contract_tests", "--minimax-client=reference", "--minimax-target=live"]
    found = pytester.runpytest_inprocess(*usual, *arguments)
    assert found.ret == code
    assert told in found.stdout.str() + found.stderr.str()
    assert ("plan: http://127" in found.stdout.str()) == (code == 0)
    assert account.journal() == []


def test_exchanges_with_a_service_are_written_and_replay(account: MockAccount, tmp_path: Path) -> None:
    found = check("--target", "live", "--max-spend", "0.05", "--record", str(tmp_path), "-k", "service")
    assert found.code == 0, found.out
    assert f"exchanges with the service are in {tmp_path}" in found.out
    files = sorted(tmp_path.iterdir())
    assert len(files) == 8
    for file in files:
        assert KEY not in file.read_text(encoding="utf-8")
    with MockServer() as fresh, Replay(fresh.url, fresh.account().api_key, {"<key:2>": "wrong"}) as replay:
        paid = [exchange for exchange in map(read, files) if exchange.response.body["base_resp"]["status_code"] == 0]
        assert len(paid) == 2
        assert differences_of_run([(exchange, replay.observed(exchange)) for exchange in paid]) == []


def test_what_the_emulator_answers_is_not_recorded(tmp_path: Path) -> None:
    found = run("check", "reference", "--record", str(tmp_path))
    assert (found.code, "--record is for --target live, both or a URL" in found.err) == (2, True)
    (tmp_path / "file").write_text("", encoding="utf-8")
    found = check("--target", "http://127.0.0.1:9", "--record", str(tmp_path / "file"))
    assert (found.code, "cannot write recordings to" in found.err) == (2, True)
