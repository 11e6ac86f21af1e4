"""The proxy on the wire: what it tunnels, forwards, refuses and lets through."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from mock_server import MockServer
from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept import ca
from mock_server.intercept.proxy import Proxy
from mock_server.intercept.upstream import own_proxy
from mock_server.tls import LOCAL_NAMES, Tls


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), parts.port or 0


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    server = MockServer(tls=True)
    made = ca.make()
    authority = trustme.CA.from_pem(made.certificate, made.key)
    server.start(tls=Tls(server.settings, authority=authority, identities=[*LOCAL_NAMES, *LIVE_HOSTS]))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def refused() -> list[str]:
    return []


@pytest.fixture(scope="module")
def proxy(server: MockServer, refused: list[str]) -> Iterator[Proxy]:
    running = Proxy(address(server.url), address(server.tls_url), refused=refused.append).start()
    yield running
    running.stop()


def exchange(proxy: Proxy, sent: bytes, *, half_close: bool = True) -> bytes:
    """All that comes back."""
    with socket.create_connection(address(proxy.url), timeout=20) as raw:
        raw.sendall(sent)
        if half_close:
            raw.shutdown(socket.SHUT_WR)
        answer = b""
        while data := raw.recv(65536):
            answer += data
        return answer


@pytest.mark.parametrize("host", ["api.minimax.io", "fal.run", "queue.fal.run", "v3.fal.media", "api.aigateway.sh"])
def test_a_tunnel_to_a_live_host_has_its_certificate(proxy: Proxy, server: MockServer, host: str) -> None:
    with socket.create_connection(address(proxy.url), timeout=20) as raw:
        raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        assert raw.recv(1000) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        context = ssl.create_default_context(cafile=server.ca_file)
        with context.wrap_socket(raw, server_hostname=host) as secured:
            secured.sendall(f"GET /nothing-here HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert secured.recv(9) == b"HTTP/1.1 "


def test_a_whole_url_is_forwarded_in_origin_form(proxy: Proxy, server: MockServer) -> None:
    head = b"GET http://api.minimax.io/nothing?a=b HTTP/1.1\r\nHost: api.minimax.io\r\n"
    answer = exchange(
        proxy, head + b"Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\nX-Own: 1\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert answer.endswith(b"404 page not found")
    kept = server.journal()[-1]
    assert kept["path"] == "/nothing?a=b"
    names = {name.lower() for name, _ in kept["request"]["headers"]}
    assert "x-own" in names
    assert not {"proxy-connection", "proxy-authorization"} & names


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        (b"CONNECT example.com:443 HTTP/1.1\r\n\r\n", 403, b"example.com is not a host of the service"),
        (b"CONNECT fal.run.example.com:443 HTTP/1.1\r\n\r\n", 403, b"fal.run.example.com is not"),
        (b"GET http://127.0.0.1:1/ HTTP/1.1\r\n\r\n", 403, b"127.0.0.1 is not a host of the service"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, b"it takes whole http URLs, got '/'"),
        (b"GET http://[::1/ HTTP/1.1\r\n\r\n", 400, b"it takes whole http URLs, got 'http://[::1/'"),
        (b"GET ftp://fal.run/ HTTP/1.1\r\n\r\n", 400, b"it takes whole http URLs"),
        (b"CONNECT a b HTTP/1.1\r\n\r\n", 400, b"this is no request of HTTP/1.1"),
        (b"CONNECT [::1 HTTP/1.1\r\n\r\n", 400, b"'[::1' names no host and port"),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400, b"this is no request of HTTP/1.1"),
    ],
)
def test_what_is_refused_is_told_why(proxy: Proxy, sent: bytes, status: int, reason: bytes) -> None:
    answer = exchange(proxy, sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert reason in answer
    assert b"X-Minimax-Mock: refused" in answer


def test_refused_hosts_are_noted(proxy: Proxy, refused: list[str]) -> None:
    before = len(refused)
    exchange(proxy, b"CONNECT api.openai.com HTTP/1.1\r\n\r\n")
    assert refused[before:] == ["api.openai.com:443"]


@pytest.mark.parametrize("sent", [b"", b"GET http://fal.run/", b"A" * 70_000])
def test_a_head_that_never_ends_is_hung_up_on(proxy: Proxy, sent: bytes) -> None:
    assert exchange(proxy, sent) == b""


@contextmanager
def shouting() -> Iterator[int]:
    """The port of a server that repeats what one client says, in capitals."""

    def echo(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            while data := connection.recv(1000):
                connection.sendall(data.upper())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=echo, args=(listening,))
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_others_are_let_through_when_asked_for(server: MockServer) -> None:
    told: list[str] = []
    places = (address(server.url), address(server.tls_url))
    running = Proxy(*places, passthrough=lambda host, port: None, tell=told.append).start()
    with shouting() as port:
        answer = exchange(running, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode() + b"quiet")
    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\nQUIET"
    assert told == [f"127.0.0.1:{port} let through (proxy)"]
    gone = exchange(running, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
    assert gone.startswith(b"HTTP/1.1 502 ")
    assert f"cannot connect to 127.0.0.1:{port}".encode() in gone
    running.stop()


def test_they_go_through_the_proxy_that_the_user_has(server: MockServer) -> None:
    places = (address(server.url), address(server.tls_url))
    theirs = Proxy(*places, passthrough=lambda host, port: None).start()
    running = Proxy(*places, passthrough=lambda host, port: theirs.url.replace("://", "://user:p%40ss@")).start()
    with shouting() as port:
        answer = exchange(running, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode() + b"quiet")
    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\nQUIET"
    theirs.stop()
    running.stop()
    for own, complaint in (
        ("socks5://127.0.0.1:9", b"your own proxy is not an http one: socks5://127.0.0.1"),
        (server.url, b"your own proxy 127.0.0.1 says 'HTTP/1.1 400 Bad Request'"),
    ):
        refusing = Proxy(*places, passthrough=lambda host, port, own=own: own).start()
        assert complaint in exchange(refusing, b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
        refusing.stop()


def test_the_users_own_proxy_is_found_where_everybody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://corporate:3128")
    monkeypatch.setenv("NO_PROXY", "intranet")
    assert own_proxy("example.com", 443) == "http://corporate:3128"
    assert own_proxy("example.com", 80) is None
    assert own_proxy("intranet", 443) is None


def test_a_connection_that_is_reset_behind_it_is_reset_before_it(proxy: Proxy, server: MockServer) -> None:
    account = server.account()
    account.add_fault("reset", after_bytes=0)
    body = b'{"model":"image-01","prompt":"x"}'
    head = (
        f"POST http://api.minimax.io/v1/image_generation HTTP/1.1\r\nHost: api.minimax.io\r\n"
        f"Authorization: Bearer {account.api_key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with pytest.raises(ConnectionResetError):
        exchange(proxy, head.encode() + body, half_close=False)


def test_a_stop_hangs_up_and_frees_the_port(server: MockServer, tmp_path: Path) -> None:
    running = Proxy(address(server.url), address(server.tls_url)).start()
    with socket.create_connection(address(running.url), timeout=20) as raw:
        raw.sendall(b"CONNECT fal.run:443 HTTP/1.1\r\n\r\n")
        assert raw.recv(1000)
        running.stop()
        assert raw.recv(1000) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(running.url))
