"""Faults on the wire, seen from the client's side of a raw socket, over HTTP and over TLS."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from mock_server import MockAccount, MockServer
from tests.faults.raw import Seen, connect, exchange, generation, read_all, request


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(tls=True) as running:
        yield running


@pytest.fixture(params=["http", "https"])
def way(request: pytest.FixtureRequest, server: MockServer) -> tuple[str, ssl.SSLContext | None]:
    """Where to connect, and the TLS to use."""
    if request.param == "http":
        return server.url, None
    return server.tls_url, ssl.create_default_context(cafile=server.ca_file)


@pytest.fixture
def account(server: MockServer) -> MockAccount:
    return server.account()


Way = tuple[str, ssl.SSLContext | None]


def call(way: Way, account: MockAccount, **fields: object) -> Seen:
    return exchange(way[0], generation(account.api_key, **fields), way[1])


def image(way: Way, account: MockAccount) -> bytes:
    """The target of an image, for a request by hand."""
    url = json.loads(call(way, account).body)["data"]["image_urls"][0]
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_hang_up_closes_without_an_answer(way: Way, account: MockAccount) -> None:
    account.add_fault("hang_up", times=1)
    assert call(way, account) == Seen(b"", "fin")
    assert call(way, account).head.startswith(b"HTTP/1.1 200 OK")
    first, second = account.journal()
    assert (first["faults"], first["whole"], first["status_code"]) == (["hang_up"], False, 0)
    assert (second["faults"], second["whole"]) == ([], True)


def test_reset_is_a_tcp_reset(way: Way, account: MockAccount) -> None:
    account.add_fault("reset")
    assert call(way, account) == Seen(b"", "rst")


def test_reset_in_the_middle_of_a_body(way: Way, account: MockAccount) -> None:
    account.add_fault("reset", after_bytes=50)
    seen = call(way, account)
    assert seen.end == "rst"
    assert len(seen.body) == 50
    assert seen.length > 50


@pytest.mark.parametrize("after_bytes", [0, 1, 100])
def test_cut_body_announces_all_and_sends_a_part(way: Way, account: MockAccount, after_bytes: int) -> None:
    account.add_fault("cut_body", after_bytes=after_bytes)
    seen = call(way, account)
    assert (len(seen.body), seen.end) == (after_bytes, "fin")
    assert seen.length > after_bytes


def test_cut_body_of_an_image(way: Way, account: MockAccount) -> None:
    target = image(way, account)
    whole = exchange(way[0], request("GET", target), way[1])
    account.add_fault("cut_body", when={"endpoint": "download"})
    half = exchange(way[0], request("GET", target), way[1])
    assert half.body == whole.body[: len(whole.body) // 2]
    assert half.length == len(whole.body)


def test_a_body_that_is_too_short_to_be_cut_is_left_alone(way: Way, account: MockAccount) -> None:
    account.add_fault("cut_body", after_bytes=100_000_000)
    assert json.loads(call(way, account).body)["base_resp"]["status_code"] == 0
    assert account.faults()[0]["matched"] == 0


def test_slow_body_sends_the_head_first_and_all_in_the_end(way: Way, account: MockAccount) -> None:
    account.add_fault("slow_body", bytes_per_second=2000)
    with connect(*way) as raw:
        raw.sendall(generation(account.api_key))
        first = raw.recv(65536)
        assert first.endswith(b"\r\n\r\n")
        pieces = [first]
        while piece := raw.recv(65536):
            pieces.append(piece)
    assert len(pieces) > 3
    seen = Seen(b"".join(pieces), "fin")
    assert json.loads(seen.body)["base_resp"]["status_code"] == 0
    assert account.journal()[0]["whole"] is True


def test_slow_body_of_an_image(way: Way, account: MockAccount) -> None:
    target = image(way, account)
    whole = exchange(way[0], request("GET", target), way[1])
    account.add_fault("slow_body", when={"endpoint": "download"}, bytes_per_second=1_000_000)
    slow = exchange(way[0], request("GET", target), way[1])
    assert slow.body == whole.body


def test_slow_headers_come_in_pieces(way: Way, account: MockAccount) -> None:
    account.add_fault("slow_headers", bytes_per_second=1000)
    with connect(*way) as raw:
        raw.sendall(generation(account.api_key))
        assert b"\r\n\r\n" not in raw.recv(65536)
        assert json.loads(read_all(raw).body)["base_resp"]["status_code"] == 0


@pytest.mark.parametrize("by", [16, -16])
def test_wrong_content_length_both_ways(way: Way, account: MockAccount, by: int) -> None:
    account.add_fault("wrong_content_length", by=by)
    seen = call(way, account)
    assert json.loads(seen.body)["base_resp"]["status_code"] == 0
    assert (seen.length, seen.end) == (len(seen.body) + by, "fin")


def test_hang_never_answers_and_holds_nobody_up(way: Way, account: MockAccount, server: MockServer) -> None:
    account.add_fault("hang", times=20)
    other = server.account()
    hanging = [connect(*way) for _ in range(20)]
    for raw in hanging:
        raw.sendall(generation(account.api_key))
    assert json.loads(call(way, other).body)["base_resp"]["status_code"] == 0
    while account.faults()[0]["left"]:
        call(way, other)
    assert json.loads(call(way, account).body)["base_resp"]["status_code"] == 0
    for raw in hanging:
        raw.setblocking(False)
        with pytest.raises(BlockingIOError):
            raw.recv(1)
        raw.close()
    while len(account.journal()) < 21:
        call(way, other)
    gone = [entry for entry in account.journal() if entry["faults"] == ["hang"]]
    assert [(entry["client_gone"], entry["status"]) for entry in gone] == [(True, 0)] * 20


@pytest.mark.parametrize("fault", [{"kind": "slow_body", "bytes_per_second": 50}, {"kind": "delay", "seconds": 600}])
def test_a_slow_call_holds_nobody_up(
    way: Way, account: MockAccount, server: MockServer, fault: dict[str, object]
) -> None:
    account.add_fault(fault, times=1)
    with connect(*way) as raw:
        raw.sendall(generation(account.api_key))
        while account.faults()[0]["left"]:
            call(way, server.account("sk-api-other"))
        assert json.loads(call(way, account).body)["base_resp"]["status_code"] == 0


def test_the_connection_lives_on_after_a_slow_answer(way: Way, account: MockAccount) -> None:
    account.add_fault("slow_body", bytes_per_second=100_000, times=1)
    with connect(*way) as raw:
        raw.sendall(generation(account.api_key, keep_alive=True))
        data = b""
        while not data.endswith(b'"success"}}'):
            data += raw.recv(65536)
        raw.sendall(generation(account.api_key))
        assert json.loads(read_all(raw).body)["base_resp"]["status_code"] == 0


def test_a_client_that_leaves_a_slow_answer_is_journalled(way: Way, account: MockAccount, server: MockServer) -> None:
    account.add_fault("slow_body", bytes_per_second=20)
    with connect(*way) as raw:
        raw.sendall(generation(account.api_key))
        assert raw.recv(10)
    other = server.account()
    while not account.journal():
        call(way, other)
    (entry,) = account.journal()
    assert (entry["client_gone"], entry["faults"]) == (True, ["slow_body"])


def test_a_head_request_gets_no_body_from_a_fault(way: Way, account: MockAccount) -> None:
    account.configure(profile="head-served")
    target = image(way, account)
    account.add_fault("slow_body", when={"endpoint": "download"}, bytes_per_second=1000)
    account.add_fault("wrong_content_length", when={"endpoint": "download"})
    seen = exchange(way[0], request("HEAD", target), way[1])
    assert seen.body == b""
    assert seen.head.startswith(b"HTTP/1.1 200 OK")


def test_pipelined_requests_are_answered_after_a_fault_that_keeps_the_connection(
    way: Way, account: MockAccount
) -> None:
    account.add_fault("slow_headers", bytes_per_second=20_000, times=1)
    with connect(*way) as raw:
        raw.sendall(generation(account.api_key, keep_alive=True) + generation(account.api_key))
        assert read_all(raw).data.count(b'"status_code":0') == 2


def test_a_server_without_a_way_to_its_connections_says_so() -> None:
    from mock_server.faces.turn import Turn
    from mock_server.faces.wire import TurnConnection

    scope = {"headers": [], "extensions": {}}
    with pytest.raises(RuntimeError, match="need the server of minimax-mock"):
        TurnConnection(Turn(None, scope, None, None))  # type: ignore[arg-type]


def test_sockets_survive_a_reset_of_their_neighbours(way: Way, account: MockAccount, server: MockServer) -> None:
    account.add_fault("reset", times=5)
    with httpx.Client() as client:
        other = server.account()
        for _ in range(5):
            assert call(way, account).end == "rst"
            body = {"model": "image-01", "prompt": "x"}
            headers = {"Authorization": f"Bearer {other.api_key}"}
            assert client.post(server.url + "/v1/image_generation", json=body, headers=headers).status_code == 200


def test_a_stop_with_somebody_waiting_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    with MockServer() as server:
        account = server.account(scenario={"rules": [{"fault": {"kind": "hang"}}]})
        raw = connect(server.url)
        raw.sendall(generation(account.api_key))
        while not account.faults()[0]["fired"]:
            exchange(server.url, generation("sk-api-somebody-else"))
    assert read_all(raw) == Seen(b"", "fin")
    raw.close()
    assert [record.message for record in caplog.records if record.exc_info] == []
