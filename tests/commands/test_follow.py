"""``journal --follow``, against a server that speaks the contract of ``/_mock/events``."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from mock_server import MockServer
from mock_server.commands.events import Event, parse
from tests.commands.command import run
from tests.commands.test_journal import EXCHANGE, LIMITED

LINE_SEPARATORS = "a\x85b\u2028c\u2029d"


def event(number: int, **changes: object) -> bytes:
    data = json.dumps(EXCHANGE | {"id": str(number)} | changes, ensure_ascii=False)
    return f"id: {number}\nevent: exchange\ndata: {data}\n\n".encode()


class EventServer(ThreadingHTTPServer):
    """Sends one script per connection, then breaks it; after the last it goes away, or stays silent."""

    daemon_threads = True

    def __init__(self, scripts: Sequence[bytes], kept: Sequence[object], *, stays: bool) -> None:
        super().__init__(("127.0.0.1", 0), EventHandler)
        self.scripts = list(scripts)
        self.kept = list(kept)
        self.stays = stays
        self.asked: list[tuple[dict[str, str], str | None]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class EventHandler(BaseHTTPRequestHandler):
    server: EventServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/_mock/journal":
            kept = self.server.kept[-int(query["limit"]) :]
            self.answer("application/json", json.dumps({"exchanges": kept}).encode())
        elif parts.path == "/_mock/events":
            self.server.asked.append((query, self.headers["last-event-id"]))
            self.events()

    def events(self) -> None:
        script = self.server.scripts.pop(0)
        last = not self.server.scripts
        if last and not self.server.stays:
            self.server.socket.close()
        self.answer("text/event-stream", script)
        if last and self.server.stays:
            time.sleep(60)

    def answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass

    def handle_error(self) -> None:
        pass


@contextmanager
def speaking(*scripts: bytes, kept: Sequence[object] = (), stays: bool = False) -> Iterator[EventServer]:
    with EventServer(scripts, kept, stays=stays) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()  # on a socket that it closed itself it would turn for ever


def test_exchanges_are_printed_as_they_come_over_broken_connections() -> None:
    first = b": hello\n\n" + event(5, prompt="first") + event(6, prompt="cut off")[:40]
    second = event(6, prompt="second") + b": still here\n\n"
    with speaking(first, second) as server:
        result = run("journal", "--follow", "--url", server.url)
    assert result.code == 2
    assert result.err == f"minimax-mock: the server at {server.url} is gone\n"
    assert [row[-1] for row in result.rows] == ["prompt", "first", "second"]
    assert server.asked == [({"since": "0"}, None), ({"since": "5"}, "5")]


def test_it_begins_behind_what_there_is_and_sends_the_filters() -> None:
    with speaking(b"", kept=[EXCHANGE]) as server:
        run("journal", "--follow", "--prompt", "*cat*", "--status-code", "1002", "--account", "a", "--url", server.url)
    assert server.asked == [({"prompt": "*cat*", "status_code": "1002", "account": "a", "since": "7"}, None)]


def test_with_a_limit_it_shows_the_latest_first() -> None:
    with speaking(event(13, prompt="new"), kept=[EXCHANGE, LIMITED]) as server:
        result = run("journal", "-f", "--limit", "2", "--url", server.url)
    assert [row[0] for row in result.rows] == ["id", "7", "12", "13"]
    assert server.asked[0] == ({"since": "12"}, None)


def test_json_is_a_line_for_each_exchange() -> None:
    script = event(5, prompt=LINE_SEPARATORS) + b'event: cleared\ndata: {"account":null}\n\n' + event(6)
    with speaking(script) as server:
        result = run("journal", "--follow", "--json", "--url", server.url)
    found = [json.loads(line) for line in result.out.split("\n") if line]
    assert [(item["id"], item["prompt"]) for item in found] == [("5", LINE_SEPARATORS), ("6", "a cat")]


def test_what_else_happens_to_the_journal_is_told() -> None:
    script = b"event: cleared\ndata: {}\n\nevent: lost\ndata: {}\n\nevent: unknown\ndata: {}\n\n"
    with speaking(script) as server:
        result = run("journal", "--follow", "--url", server.url)
    assert result.out.splitlines()[1:] == [
        "-- the journal was cleared --",
        "-- exchanges came too fast; some are left out --",
    ]


def started(*arguments: str, stdout: Any = subprocess.PIPE) -> subprocess.Popen[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MINIMAX_MOCK_")}
    command = [sys.executable, "-m", "mock_server", "journal", "--follow", *arguments]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, text=True, env=env | {"COLUMNS": "100"})


def test_ctrl_c_ends_it_well_and_each_line_comes_at_once() -> None:
    with speaking(event(5, prompt="seen"), stays=True) as server, started("--url", server.url) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("  id  time")
        assert process.stdout.readline().rstrip().endswith("seen")
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (0, "", "")


def test_the_server_is_followed_until_it_stops(ask: Callable[..., httpx.Response]) -> None:
    with MockServer() as server:
        url = server.url
        ask(server.url, "sk-api-mock-1002", prompt="before")
        with started("--url", server.url, "--fault", "status_code", "--limit", "5") as process:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(2)]
            ask(server.url, "sk-api-mock-1002", prompt="hit")
            ask(server.url, "sk-api-other", prompt="missed")
            ask(server.url, "sk-api-mock-1002", prompt="a\u2028b")
            lines += [process.stdout.readline() for _ in range(2)]
            run("journal", "clear", "--url", server.url)
            lines.append(process.stdout.readline())
            server.stop()
            out, errors = process.communicate(timeout=60)
    assert [line.split()[-1] for line in lines] == ["prompt", "before", "hit", "a\\u2028b", "--"]
    assert (process.returncode, out, errors) == (2, "", f"minimax-mock: the server at {url} is gone\n")


def test_on_a_terminal_it_is_coloured_and_fits() -> None:
    ours, theirs = pty.openpty()
    long = event(5, prompt="very long " * 50)
    with speaking(long, stays=True) as server, started("--url", server.url, stdout=theirs) as process:
        os.close(theirs)
        text, deadline = b"", time.monotonic() + 20
        while text.count(b"\n") < 2 and time.monotonic() < deadline:
            if select.select([ours], [], [], 1)[0]:
                text += os.read(ours, 10_000)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert b"\x1b[32mok" in text
    assert text.decode().rstrip().endswith("…")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_are_read_however_the_stream_is_cut(size: int) -> None:
    stream = (
        ": comment\n\nid: 1\nevent: exchange\ndata: é\u2028x\n\ndata:two\r\ndata: lines\r\n\r\nid: 9\n\n"
        "event: x\ndata: un"
    ).encode()
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert list(parse(chunks)) == [
        Event("exchange", "é\u2028x".encode(), "1"),
        Event("message", b"two\nlines"),
    ]
