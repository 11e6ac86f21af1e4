"""``journal``, ``journal show`` and ``journal clear``."""

from __future__ import annotations

import io
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console
from rich.text import Text

from mock_server import MockAccount, MockServer
from mock_server.commands.exchange_lines import Lines, outcome
from mock_server.commands.exchange_page import repeat
from mock_server.core.matching import FIELDS
from tests.commands.command import run
from tests.commands.conftest import Command
from tests.wire import Generate

EXCHANGE: dict[str, Any] = {
    "id": "7", "account": "sk-api*12345678", "face": "minimax", "endpoint": "generate", "at": 1794278112.47066,
    "duration_ms": 12.4, "method": "POST", "path": "/v1/image_generation", "status": 200, "status_code": 0,
    "reason": None, "prompt": "a cat", "model": "image-01", "n": 1, "images": [{}], "faults": [], "whole": True,
    "client_gone": False, "request": {"headers": [], "body": ""},
    "response": {"headers": [], "body": '{"base_resp":{"status_msg":"rate limit exceeded(RPM)"}}'},
}  # fmt: skip
LIMITED = EXCHANGE | {"id": "12", "status_code": 1002, "images": [], "faults": ["status_code"], "duration_ms": 1500}
DOWNLOAD = EXCHANGE | {"id": "8", "endpoint": "download", "status_code": None, "images": [{"bytes": 26983}]}


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def on_terminal(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


def written(screen: Console) -> str:
    return screen.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_the_table_on_a_terminal_cuts_prompts_to_its_width() -> None:
    screen = on_terminal(120)
    chinese = EXCHANGE | {"id": "9", "prompt": "水墨山水，远处有一座灯塔", "n": 3, "images": [{}, {}]}
    Lines(one_account=False, screen=screen).table([EXCHANGE, DOWNLOAD, chinese, LIMITED])
    assert (
        written(screen)
        == """\
id  time            account          endpoint  outcome                        images    took  faults       prompt
 7  11-10 02:35:12  sk-api*12345678  generate  ok                                  1   12 ms               a cat
 8  11-10 02:35:12  sk-api*12345678  download  HTTP 200                        27 kB   12 ms               a cat
 9  11-10 02:35:12  sk-api*12345678  generate  ok                                2/3   12 ms               水墨山水，远…
12  11-10 02:35:12  sk-api*12345678  generate  1002 rate limit exceeded(RPM)          1.50 s  status_code  a cat
"""
    )
    assert {Text(line).cell_len <= 120 for line in written(screen).splitlines()} == {True}


def test_the_table_of_one_account_on_a_terminal() -> None:
    screen = on_terminal(76)
    chinese = EXCHANGE | {"id": "9", "prompt": "水墨山水，远处有一座灯塔", "n": 3, "images": [{}, {}]}
    Lines(one_account=True, screen=screen).table([EXCHANGE, DOWNLOAD, chinese])
    assert (
        written(screen)
        == """\
id  time            endpoint  outcome   images   took  prompt
 7  11-10 02:35:12  generate  ok             1  12 ms  a cat
 8  11-10 02:35:12  download  HTTP 200   27 kB  12 ms  a cat
 9  11-10 02:35:12  generate  ok           2/3  12 ms  水墨山水，远处有一座…
"""
    )


def test_what_a_terminal_would_take_for_a_command_is_spelled_out() -> None:
    screen = on_terminal(100)
    Lines(one_account=True, screen=screen).table([EXCHANGE | {"prompt": "a\x1b[31m\ncat\u202e\ud800\x9b"}])
    assert written(screen).endswith("  a\\x1b[31m\\ncat\\u202e\\ud800\\x9b\n")


@pytest.mark.parametrize(
    ("changes", "text", "style"),
    [
        ({}, "ok", "green"),
        ({"n": 3}, "ok", "yellow"),
        ({"status_code": 1002}, "1002 rate limit exceeded(RPM)", "red"),
        ({"status_code": 1002, "reason": "rate_limited", "response": {"body": "<html>"}}, "1002 rate_limited", "red"),
        ({"status_code": None, "status": 502}, "HTTP 502 Bad Gateway", "red"),
        ({"status_code": None, "status": 403, "reason": "AccessDenied"}, "HTTP 403 AccessDenied", "red"),
        ({"status_code": None, "status": 599}, "HTTP 599", "red"),
        ({"status_code": None, "status": 206}, "HTTP 206 Partial Content", "green"),
        ({"status": 0, "status_code": None}, "no answer", "red"),
        ({"client_gone": True}, "client gone", "yellow"),
        ({"whole": False}, "ok, cut off", "green"),
    ],
)
def test_outcomes(changes: dict[str, Any], text: str, style: str) -> None:
    found = outcome(EXCHANGE | changes)
    assert (found.plain, found.style) == (text, style)


def test_the_journal_in_a_pipe_is_plain_and_whole(command: Command, generate: Generate) -> None:
    prompt = "a very long prompt " * 30
    generate(prompt=prompt.strip(), n=2)
    command("faults", "add", "status_code", "code=1002")
    generate(prompt="水墨")
    result = command("journal")
    assert "\x1b" not in result.out
    rows = result.rows
    assert rows[0] == ["id", "time", "endpoint", "outcome", "images", "took", "faults", "prompt"]
    assert (rows[1][2:5], rows[1][-1]) == (["generate", "ok", "2"], prompt.strip())
    assert (rows[2][3], rows[2][-2:]) == ("1002 rate limit exceeded(RPM)", ["status_code", "水墨"])


def test_the_journal_of_all_accounts(all_of: Command, own: MockServer, ask: Callable[..., httpx.Response]) -> None:
    assert all_of("journal").out == "no exchange of all accounts yet\n"
    image = ask(own.url, "sk-api-mock-partial-failure", n=3).json()["data"]["image_urls"][0]
    httpx.get(image, trust_env=False)
    httpx.get(f"{own.url}/nope?x=1", trust_env=False)
    rows = [[*row[:1], *row[2:6]] for row in all_of("journal").rows]
    account = rows[1][1]
    assert rows[1:] == [
        ["1", account, "generate", "ok", "2/3"],
        ["2", account, "download", "HTTP 200", rows[2][4]],
        ["3", "-", "GET /nope", "HTTP 404 Not Found", rows[3][4]],
    ]
    assert rows[2][4].endswith(" kB")


@pytest.mark.parametrize(
    ("option", "count"),
    [
        (("--face", "minimax"), 3), (("--endpoint", "download"), 0), (("--model", "image-01-live"), 1),
        (("--prompt", "*cat*"), 2), (("--n", "2"), 1), (("--status-code", "1002"), 1), (("--status", "200"), 3),
        (("--reason", "rate*"), 1), (("--fault", "status_code"), 1), (("--limit", "2"), 2),
        (("--prompt", "*cat*", "--n", "1"), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_filters(command: Command, generate: Generate, option: tuple[str, ...], count: int) -> None:
    generate(prompt="a cat", n=2)
    generate(prompt="a dog", model="image-01-live")
    command("faults", "add", "status_code", "code=1002")
    generate(prompt="two cats")
    found = command("journal", *option, "--json").json["exchanges"]
    assert len(found) == count
    assert command("journal", *option).out.count("\n") == (count + 1 if count else 1)


def test_there_is_a_filter_for_every_field() -> None:
    text = run("journal", "--help").out
    assert [name for name in FIELDS if f"--{name.replace('_', '-')} " not in text] == []


def test_since_gives_what_came_after(command: Command, generate: Generate) -> None:
    generate(prompt="first")
    first = command("journal", "--json").json["exchanges"][0]["id"]
    generate(prompt="second")
    assert [row[-1] for row in command("journal", "--since", first).rows[1:]] == ["second"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--endpoint", "downlod"], "endpoint: cannot be 'downlod'; did you mean 'download'?"),
        (["--status-code", "1003"], "cannot be 1003; did you mean '1002'?"),
        (["--n", "many"], "n: must be a whole number, got 'many'"),
        (["--limit", "0"], "limit must be a whole number, 1 or more, got '0'"),
        (["--since", "x"], "since must be a whole number, 0 or more, got 'x'"),
        (["--prompt", "x", "clear"], "filters are for the list alone, not for `journal clear`"),
        (["show", "0"], "no exchange '0' in the journal"),
        (["show", "a/b"], "a/b"),
        (["show"], "Missing argument 'ID'"),
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(command: Command, arguments: list[str], complaint: str) -> None:
    result = command("journal", *arguments)
    assert result.code == 2
    assert complaint in result.err


def test_show_prints_an_exchange_as_it_went_over_the_wire(command: Command, generate: Generate) -> None:
    answer = generate(prompt="it's", n=2)
    number = command("journal", "--json").json["exchanges"][0]["id"]
    text = command("journal", "show", number).out
    assert text.startswith(f"Exchange {number}, ")
    assert "\nPOST /v1/image_generation\nhost: " in text
    assert '\n\n{\n  "model": "image-01",\n  "prompt": "it\'s",\n  "n": 2\n}\n\n200 OK\n' in text
    assert f"\ntrace-id: {answer.headers['trace-id']}\n" in text
    assert '\n  "metadata": {\n    "failed_count": "0",\n    "success_count": "2"\n  },\n' in text
    assert command("journal", "show", number, "--json").json["prompt"] == "it's"


@pytest.mark.parametrize(
    "body", [b'{"model":"image-01","prompt":"it\'s $HOME \\"x\\" \\u001b"}', b"\xff\x00{", b"a\nb\tc", b""]
)
def test_the_curl_line_repeats_the_request(
    command: Command, account: MockAccount, http: httpx.Client, tmp_path: Path, body: bytes
) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json", "X-Own": "a 'b'"}
    http.post(f"{account.base_url()}/v1/image_generation", content=body, headers=headers)
    line = command("journal", "show", latest(command)).out.rpartition("Again:\n")[2]
    subprocess.run(["sh", "-c", line], capture_output=True, timeout=30, check=True, cwd=tmp_path)
    first, second = account.journal()
    sent = ("method", "path", "status_code", "prompt", "account")
    assert {name: second[name] for name in sent} == {name: first[name] for name in sent}
    bodies = [
        {name: value for name, value in entry["request"].items() if name != "headers"} for entry in (first, second)
    ]
    assert bodies[0] == bodies[1]
    assert ["x-own", "a 'b'"] in [[name.lower(), value] for name, value in second["request"]["headers"]]


def latest(command: Command) -> str:
    return str(command("journal", "--json").json["exchanges"][-1]["id"])


def test_without_a_key_the_curl_line_asks_for_it() -> None:
    headers = [["host", "x"], ["authorization", "Bearer <key sk-api*12345678>"], ["content-length", "2"]]
    exchange = EXCHANGE | {"request": {"headers": headers, "body": "{}"}}
    assert list(repeat(exchange, "http://h", None)) == [
        "# MINIMAX_MOCK_KEY must be the key of sk-api*12345678: the journal has no keys",
        """curl -i http://h/v1/image_generation -H 'authorization: Bearer '"$MINIMAX_MOCK_KEY" --data-binary '{}'""",
    ]
    assert list(repeat(exchange, "http://h", "sk'1")) == [
        "curl -i http://h/v1/image_generation -H 'authorization: Bearer sk'\"'\"'1' --data-binary '{}'"
    ]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"path": "/~bob/v1/x", "request": {"headers": [["authorization", "<redacted>"]], "body": "x"}},
         ["curl -i 'http://h/~bob/v1/x' -H 'authorization: Bearer any-key' --data-binary x"]),
        ({"method": "GET", "path": "/oss/a?b=1&c"}, ["curl -i 'http://h/oss/a?b=1&c'"]),
        ({"method": "HEAD", "path": "/oss/a"}, ["curl -i -I http://h/oss/a"]),
        ({"method": "PUT", "path": "/a"}, ["curl -i -X PUT http://h/a"]),
        ({"request": {"headers": [], "body": "base64,<100 characters, sha256 abc>"}},
         ["# the journal keeps images, and bodies over 256 KiB, as size and digest: put the real ones in",
          "curl -i http://h/v1/image_generation --data-binary 'base64,<100 characters, sha256 abc>'"]),
    ],
)  # fmt: skip
def test_curl_lines(changes: dict[str, Any], lines: list[str]) -> None:
    assert list(repeat(EXCHANGE | changes, "http://h", None)) == lines


def test_show_of_an_answer_that_was_never_sent(all_of: Command, own: MockServer) -> None:
    all_of("faults", "add", "hang", "--key", "sk-api-hanging")
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{own.url}/v1/image_generation", json={"model": "image-01", "prompt": "x"}, timeout=0.2, trust_env=False,
            headers={"Authorization": "Bearer sk-api-hanging"},
        )  # fmt: skip
    deadline = time.monotonic() + 20
    while not own.journal() and time.monotonic() < deadline:
        time.sleep(0.02)
    text = all_of("journal", "show", "1").out
    assert "\nNo answer was sent.\n" in text
    assert ", client gone, " in text


def test_clear_forgets(command: Command, generate: Generate, account: MockAccount) -> None:
    generate()
    assert command("journal", "clear").out == "forgot the exchanges of the account of that key\n"
    assert account.journal() == []
    assert command("journal").out == "no exchange of the account of that key yet\n"


def test_json_is_the_journal(command: Command, generate: Generate, account: MockAccount) -> None:
    generate(response_format="base64")
    assert command("journal", "--json").json == json.loads(json.dumps({"exchanges": account.journal()}))
