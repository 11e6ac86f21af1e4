"""Odd but lawful ways to speak HTTP, and another server under the application."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from mock_server import MockAccount
from mock_server.app import App
from mock_server.dispatch import Engine
from mock_server.server import bind, url_of
from mock_server.settings import Settings

BODY = b'{"model":"image-01","prompt":"x"}'
HEAD = (
    b"POST /v1/image_generation HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: Bearer %b\r\n"
)


def connect(account: MockAccount) -> socket.socket:
    url = httpx.URL(account.base_url())
    return socket.create_connection((url.host, url.port or 0), timeout=10)


def everything(raw: socket.socket) -> bytes:
    return b"".join(iter(lambda: raw.recv(65536), b""))


@pytest.fixture(scope="module", params=["h11", "httptools"])
def stock_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The application under uvicorn as it comes, without the way to write an answer whole."""
    listening = bind("127.0.0.1", 0)
    config = uvicorn.Config(App(Engine(Settings())), http=request.param, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield url_of(listening)
    server.should_exit = True
    thread.join()


def test_any_asgi_server_gives_the_same_answers(stock_server: str, http: httpx.Client) -> None:
    headers = {"Authorization": "Bearer sk-api-stock", "Content-Type": "application/json"}
    answer = http.post(f"{stock_server}/v1/image_generation", content=BODY, headers=headers)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["trace-id"])
    image = http.get(answer.json()["data"]["image_urls"][0])
    assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
    assert len(image.content) == int(image.headers["content-length"])
    missing = http.get(f"{stock_server}/nothing")
    assert (missing.status_code, missing.text) == (404, "404 page not found")
    assert [item["status"] for item in http.get(f"{stock_server}/_mock/journal").json()["exchanges"]] == [200, 200, 404]


def test_a_body_in_pieces_is_read_whole(minimax_mock: MockAccount) -> None:
    with connect(minimax_mock) as raw:
        raw.sendall(HEAD % minimax_mock.api_key.encode() + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        for byte in BODY:
            raw.sendall(b"1\r\n%b\r\n" % bytes([byte]))
        raw.sendall(b"0\r\n\r\n")
        assert b'"status_code":0' in everything(raw)
    assert minimax_mock.journal()[0]["request"]["body"].encode() == BODY


def test_http_1_0_without_a_host_gets_urls_of_the_address_it_used(
    minimax_mock: MockAccount, http: httpx.Client
) -> None:
    request = b"POST /v1/image_generation HTTP/1.0\r\nContent-Type: application/json\r\nAuthorization: Bearer %b\r\n"
    with connect(minimax_mock) as raw:
        length = b"Content-Length: %d\r\n\r\n" % len(BODY)
        raw.sendall(request % minimax_mock.api_key.encode() + length + BODY)
        answer = everything(raw)
    found = re.search(rb'"image_urls":\["([^"]+)"', answer)
    assert found, answer
    assert found[1].decode().startswith(minimax_mock.base_url() + "/oss/")
    assert http.get(found[1].decode()).status_code == 200


def test_a_client_that_leaves_in_the_middle_of_its_body_is_journalled(
    minimax_mock: MockAccount, http: httpx.Client
) -> None:
    with connect(minimax_mock) as raw:
        raw.sendall(b"POST /~%b/v1/image_generation HTTP/1.1\r\nHost: h\r\n" % minimax_mock.api_key.encode())
        raw.sendall(b"Content-Length: 1000\r\n\r\nhalf")
    url = f"{minimax_mock.base_url()}/_mock/journal?limit=50"
    for _ in range(2000):
        entries = http.get(url).json()["exchanges"]
        gone = [item for item in entries if item["client_gone"] and minimax_mock.api_key in item["path"]]
        if gone:
            break
    assert gone[0]["status"] == 0
