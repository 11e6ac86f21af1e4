"""How commands find the server and the account, and what they say when they do not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from mock_server import MockAccount, MockServer
from tests.commands.command import run
from tests.commands.conftest import Command

HINT = " (here: --token TOKEN or MINIMAX_MOCK_ADMIN_TOKEN)"
TALKING = [
    ("faults",),
    ("faults", "add", "hang_up"),
    ("faults", "remove", "1"),
    ("faults", "clear"),
    ("scenarios", "use", "1008"),
    ("journal",),
    ("journal", "--follow"),
    ("journal", "show", "1"),
    ("journal", "clear"),
    ("account",),
    ("account", "set", "seed=1"),
    ("clock",),
    ("clock", "advance", "1"),
    ("clock", "freeze"),
    ("clock", "unfreeze"),
    ("reset",),
]


@pytest.fixture(scope="module")
def nobody() -> str:
    """A URL where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def other_program(status: int, body: bytes) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that always says the same, and the headers that it was sent."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}", seen
        running.shutdown()


@pytest.mark.parametrize("arguments", TALKING, ids=" ".join)
def test_no_server_is_told_with_its_url_and_how_to_start_one(arguments: tuple[str, ...], nobody: str) -> None:
    result = run(*arguments, MINIMAX_MOCK_URL=nobody)
    port = nobody.rpartition(":")[2]
    assert (result.code, result.err) == (2, (
        f"minimax-mock: no server answers at {nobody}; start one with `minimax-mock serve --port {port}`, "
        "or say where it is: --url URL or MINIMAX_MOCK_URL\n"
    ))  # fmt: skip


@pytest.mark.parametrize("arguments", [case for case in TALKING if "--follow" not in case], ids=" ".join)
def test_json_is_what_the_admin_api_answers(arguments: tuple[str, ...], own: MockServer) -> None:
    run("faults", "add", "hang_up", "--url", own.url)
    result = run(*arguments, "--json", MINIMAX_MOCK_URL=own.url)
    if arguments == ("journal", "show", "1"):
        assert (result.code, result.out) == (2, "")
    else:
        assert result.code == 0, result.err
        assert isinstance(result.json, dict)
        assert result.out.startswith("{\n  ")


def test_a_program_that_is_no_emulator_is_told_apart() -> None:
    with other_program(200, b"<html>") as (url, _):
        result = run("account", "--url", url)
    assert (result.code, result.err) == (2, (
        f"minimax-mock: {url} answers, but not as the admin API of a minimax-mock does (HTTP 200); "
        "is it another program, or was it started with --no-admin?\n"
    ))  # fmt: skip


def test_a_server_without_admin_api_is_told_apart() -> None:
    with MockServer(no_admin=True) as server:
        result = run("journal", "--url", server.url)
    assert result.code == 2
    assert "(HTTP 404); is it another program, or was it started with --no-admin?" in result.err


@pytest.mark.parametrize("arguments", [("--token", "s3cret")], ids=["option"])
def test_the_token_goes_into_its_header_and_its_refusal_is_shown(arguments: tuple[str, ...]) -> None:
    with other_program(401, b'{"error":"the token is wrong"}') as (url, seen):
        result = run("account", "--url", url, *arguments)
        run("account", "--url", url, MINIMAX_MOCK_ADMIN_TOKEN="from-env")
    assert (result.code, result.err) == (2, f"minimax-mock: the token is wrong{HINT}\n")
    assert [headers["x-admin-token"] for headers in seen] == ["s3cret", "from-env"]


def test_a_server_with_a_token_asks_for_it() -> None:
    with MockServer(admin_token="a-good-token") as server:
        tokens = ((), ("--token", "no"), ("--token", "a-good-token"))
        results = [run("account", "--url", server.url, *token) for token in tokens]
    assert [result.code for result in results] == [2, 2, 0]
    for result in results[:2]:
        assert "X-Admin-Token" in result.err
        assert result.err.endswith(f"{HINT}\n")


def test_a_certificate_that_is_not_trusted_is_told() -> None:
    with MockServer(tls=True) as server:
        url = str(server.tls_url)
        result = run("account", "--url", url)
    complaint = f"minimax-mock: the certificate of {url} is not trusted here; take the server's http URL\n"
    assert (result.code, result.err) == (2, complaint)


def test_a_proxy_does_not_catch_calls(command: Command) -> None:
    assert command("account", HTTP_PROXY="http://127.0.0.1:9", ALL_PROXY="http://127.0.0.1:9").code == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--url", "127.0.0.1:8484"], "got '127.0.0.1:8484'; did you mean 'http://127.0.0.1:8484'?"),
        (["--url", "ftp://x"], "--url must be an http or https URL, got 'ftp://x'"),
        (["--key", "a", "--account", "b"], "give --key or --account, not both"),
        (["--key", "a\nb"], "--key must be printable text, got 'a\\nb'"),
        (["--url", "http://127.0.0.1:99999"], "--url must be an http or https URL, got 'http://127.0.0.1:99999'"),
        (["--acount", "x"], "--account"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_option_is_refused(arguments: list[str], complaint: str) -> None:
    result = run("account", *arguments)
    assert result.code == 2
    assert complaint in result.err
    assert "Traceback" not in result.err


def test_options_stand_before_or_behind_a_subcommand(account: MockAccount) -> None:
    where = ("--url", account.base_url(), "--key", account.api_key)
    assert run("clock", *where, "advance", "60").code == 0
    assert run("clock", "advance", "60", *where).code == 0
    assert round(account.describe()["clock"]["offset"]) == 120


def test_the_command_line_goes_before_the_environment(account: MockAccount, nobody: str) -> None:
    env = {"MINIMAX_MOCK_URL": nobody, "MINIMAX_MOCK_KEY": "sk-api-other-key"}
    before = run("account", "--url", account.base_url(), "--key", account.api_key, "set", "seed=4", **env)
    behind = run("account", "set", "rpm=5", "--url", account.base_url(), "--key", account.api_key, **env)
    assert (before.code, behind.code) == (0, 0)
    assert (account.describe()["seed"], account.describe()["rpm"]) == (4, 5)


def test_an_account_by_name_goes_before_a_key_of_the_environment(command: Command, own: MockServer) -> None:
    result = run("account", "--account", "alice", "--json", MINIMAX_MOCK_URL=own.url, MINIMAX_MOCK_KEY="sk-api-bob-1")
    assert result.json["account"] == "alice"
