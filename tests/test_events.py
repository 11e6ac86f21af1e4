"""``GET /_mock/events``: the journal as it grows, over a real socket."""

from __future__ import annotations

import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import pytest

from mock_server import MockAccount, MockServer
from mock_server.admin import events
from tests.test_command import serving
from tests.wire import Generate


class Event(NamedTuple):
    id: str
    name: str
    data: Any


@contextmanager
def following(url: str, query: str = "", **headers: str) -> Iterator[Iterator[Event]]:
    """The events of a stream that is open; comments are left out."""
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    with (
        httpx.Client(trust_env=False, timeout=20) as client,
        client.stream("GET", f"{url}/_mock/events{query}", headers=shown) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.iter_lines()
        assert next(lines).startswith(":")
        yield _events(lines)


def _events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Event(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
            fields = {}


def take(stream: Iterator[Event], count: int) -> list[Event]:
    return [next(stream) for _ in range(count)]


@pytest.fixture
def follow(account: MockAccount) -> Callable[..., Any]:
    """Follow the account of this test."""
    return lambda query="", **headers: following(
        account.base_url(), query, Authorization=f"Bearer {account.api_key}", **headers
    )


def test_each_exchange_is_told_as_the_journal_has_it(
    follow: Any, account: MockAccount, generate: Generate, http: httpx.Client
) -> None:
    with follow() as stream:
        http.get(generate(prompt="line\nend\u2028\u8a9e").json()["data"]["image_urls"][0])
        generate(response_format="base64", n=2)
        generate(n=0)
        told = take(stream, 4)
    assert [event.data["status_code"] for event in told] == [0, None, 0, 2013]
    for event in told:
        assert (event.id, event.name) == (event.data["id"], "exchange")
        assert event.data == http.get(f"{account.base_url()}/_mock/journal/{event.id}").json()


def test_others_are_told_to_who_follows_all(server: MockServer, http: httpx.Client) -> None:
    with MockServer() as server, following(server.url) as everything:
        alice, bob = server.account("sk-api-alice-1"), server.account("sk-api-bobby-2")
        with following(server.url, "?account=sk-api-bobby-2") as only_bob:
            for account in (alice, bob, alice, bob):
                http.get(f"{server.url}/~{account.api_key}/nothing")
                body = {"model": "image-01", "prompt": "x"}
                headers = {"Authorization": f"Bearer {account.api_key}"}
                http.post(f"{server.url}/v1/image_generation", json=body, headers=headers)
            assert [event.data["endpoint"] for event in take(everything, 8)] == ["", "generate"] * 4
            assert {event.data["account"] for event in take(only_bob, 2)} == {bob.describe()["account"]}


@pytest.mark.parametrize(
    ("query", "codes"),
    [("?status_code=2013", [2013, 2013]), ("?face=minimax&endpoint=generate", [0, 2013, 0, 2013])],
)
def test_a_stream_can_be_filtered(follow: Any, generate: Generate, http: httpx.Client, query: str, codes: Any) -> None:
    with follow(query) as stream:
        for n in (1, 0, 1, 0):
            url = (generate(n=n).json().get("data") or {}).get("image_urls", [None])[0]
            if url:
                http.get(url)
        assert [event.data["status_code"] for event in take(stream, len(codes))] == codes


def test_a_stream_is_taken_up_where_it_was_left(follow: Any, generate: Generate) -> None:
    with follow() as stream:
        generate()
        generate(n=0)
        first = take(stream, 1)
    generate(prompt="meanwhile")
    with follow(Last_Event_ID=first[0].id) as stream:
        generate(prompt="afterwards")
        again = take(stream, 3)
    assert [event.data["prompt"] for event in again] == ["x"[:0] or None, "meanwhile", "afterwards"] or again
    with follow(f"?since={first[0].id}") as stream:
        assert take(stream, 3) == again
    with follow("?since=0", Last_Event_ID=again[1].id) as stream:
        assert take(stream, 1) == again[2:]


def test_nothing_is_lost_or_told_twice_at_the_seam(account: MockAccount, generate: Generate) -> None:
    """Streams are opened, left and taken up while requests are answered."""
    total = 120
    busy = threading.Thread(target=lambda: [generate(prompt=str(number)) for number in range(total)])
    busy.start()
    told: list[str] = []
    last = "0"
    while len(told) < total:
        with following(account.base_url(), "", Authorization=f"Bearer {account.api_key}", Last_Event_ID=last) as stream:
            for event in take(stream, min(7, total - len(told))):
                told.append(event.data["prompt"])
                last = event.id
    busy.join()
    assert told == [str(number) for number in range(total)]


def test_clear_and_reset_are_told(generate: Generate, account: MockAccount) -> None:
    with MockServer() as server:
        mine = server.account("sk-api-somebody-else")
        label = mine.describe()["account"]
        with following(server.url) as stream, following(server.url, f"?account={mine.api_key}") as own:
            root = f"{server.url}/_mock"
            headers = {"Authorization": f"Bearer {mine.api_key}"}
            httpx.delete(f"{root}/journal", headers=headers, trust_env=False)
            httpx.post(f"{root}/reset", headers=headers, trust_env=False)
            server.account("sk-api-another-one").reset()
            httpx.delete(f"{root}/journal", trust_env=False)
            server.reset()
            other = server.account("sk-api-another-one").describe()["account"]
            told = [(event.name, event.data["account"]) for event in take(stream, 5)]
            assert told == [("cleared", name) for name in (label, label, other, None, None)]
            assert [event.data["account"] for event in take(own, 4)] == [label, label, None, None]


def test_an_id_of_an_earlier_run_gets_everything(generate: Generate, http: httpx.Client) -> None:
    with MockServer() as server:
        http.get(f"{server.url}/nothing")
        with following(server.url, Last_Event_ID="900") as stream:
            assert [(event.name, event.id) for event in take(stream, 2)] == [("cleared", ""), ("exchange", "1")]


@pytest.mark.parametrize(
    ("query", "headers", "complaint"),
    [
        ("?since=x", {}, "since must be a whole number, 0 or more, got 'x'"),
        ("", {"Last-Event-ID": "-1"}, "Last-Event-ID must be a whole number, 0 or more, got '-1'"),
        ("?limit=1", {}, "unknown query parameter 'limit'"),
        ("?fce=minimax", {}, "did you mean 'face'?"),
    ],
)
def test_a_wrong_call_is_refused(
    account: MockAccount, http: httpx.Client, query: str, headers: dict[str, str], complaint: str
) -> None:
    answer = http.get(f"{account.base_url()}/_mock/events{query}", headers=headers)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_a_quiet_stream_has_a_heartbeat(account: MockAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.01)
    url = f"{account.base_url()}/_mock/events?account={account.api_key}"
    with httpx.stream("GET", url, trust_env=False) as answer:
        lines = (line for line in answer.iter_lines() if line)
        assert [next(lines) for _ in range(3)] == [": the journal, from here on", ": still here", ": still here"]


def test_who_leaves_is_forgotten_and_who_stays_does_not_hold_up_a_stop() -> None:
    with MockServer() as server:
        watches = server._engine.state._feed.watches  # type: ignore[attr-defined]
        with following(server.url), following(server.url):
            assert len(watches) == 2
        while watches:
            httpx.get(f"{server.url}/_mock/health", trust_env=False)
        address = httpx.URL(server.url)
        raw = socket.create_connection((address.host, address.port or 0), timeout=20)
        raw.sendall(b"GET /_mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in raw.recv(65536)
        server.stop()
        ended = b"".join(iter(lambda: raw.recv(65536), b""))
        raw.close()
    assert ended.endswith(b"0\r\n\r\n")
    assert not watches


def test_a_watcher_that_does_not_read_costs_nobody_and_is_told_what_it_lost(
    http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with MockServer() as server:
        address = httpx.URL(server.url)
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect((address.host, address.port or 0))
        raw.sendall(b"GET /_mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in raw.recv(200)
        for _ in range(120):
            http.post(f"{server.url}/v1/image_generation", content=b"x" * 250_000)
        last = server.journal()[-1]["id"]
        parts = [b""]
        while b"id: %b\n" % last.encode() not in b"".join(parts[-2:]):
            parts.append(raw.recv(1 << 20))
        told = b"".join(parts)
        raw.close()
    assert b"event: lost\ndata: {" in told
    lost = sum(json.loads(line[6:])["events"] for line in told.split(b"\n") if line.startswith(b'data: {"events"'))
    assert lost + told.count(b"event: exchange\n") == 120
    assert not caplog.records


def test_a_stuck_watcher_does_not_hold_up_a_stop(http: httpx.Client) -> None:
    with MockServer() as server:
        address = httpx.URL(server.url)
        raw = socket.create_connection((address.host, address.port or 0))
        raw.sendall(b"GET /_mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(60):
            http.post(f"{server.url}/v1/image_generation", content=b"x" * 250_000)
    raw.close()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_open_streams_in_silence(sent: signal.Signals) -> None:
    with serving("--port", "0") as (process, line), following(line.split()[-1]) as stream:
        process.send_signal(sent)
        assert list(stream) == []
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "ERROR" not in errors
