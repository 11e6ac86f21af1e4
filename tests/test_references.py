"""Subject references: data URLs within bounds, and URLs that are fetched only when that is allowed."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from PIL import Image

from mock_server import MockAccount, MockServer, inspect
from tests.wire import Generate


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(stream, kind)
    return stream.getvalue()


def data_url(data: bytes, media: str = "image/png") -> str:
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


def with_reference(image_file: str) -> dict[str, Any]:
    return {"subject_reference": [{"type": "character", "image_file": image_file}], "response_format": "base64"}


def message(answer: httpx.Response) -> tuple[int, str]:
    status = answer.json()["base_resp"]
    return status["status_code"], status["status_msg"]


@pytest.mark.parametrize(("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("JPEG", "image/jpg")])
def test_a_data_url_is_drawn_and_noted(generate: Generate, kind: str, media: str) -> None:
    data = picture(kind)
    answer = generate(seed=1, **with_reference(data_url(data, media)))
    assert message(answer) == (0, "success")
    jpeg = base64.b64decode(answer.json()["data"]["image_base64"][0])
    (reference,) = inspect(jpeg).references
    assert reference.digest == hashlib.sha256(data).hexdigest()
    assert reference.size == len(data)
    plain = base64.b64decode(generate(seed=1, response_format="base64").json()["data"]["image_base64"][0])
    with Image.open(io.BytesIO(jpeg)) as drawn, Image.open(io.BytesIO(plain)) as without:
        red = sum(1 for pixel in drawn.get_flattened_data() if pixel[0] > 170 and max(pixel[1:]) < 90)
        assert drawn.size == without.size
        assert red > 1000


def test_the_data_urls_content_stays_out_of_the_journal(generate: Generate, account: MockAccount) -> None:
    url = data_url(picture())
    generate(**with_reference(url))
    kept = account.journal()[-1]["request"]["body"]
    payload = url.partition(",")[2]
    assert payload not in kept
    assert hashlib.sha256(payload.encode()).hexdigest() in kept


def test_a_file_of_10_mb_is_refused_and_a_smaller_one_is_not_by_its_size(generate: Generate) -> None:
    refused = generate(**with_reference(data_url(bytes(10 * 1024 * 1024))))
    assert message(refused) == (2013, "invalid params, subject_reference image_file must be less than 10MB")
    unreadable = generate(**with_reference(data_url(bytes(10 * 1024 * 1024 - 1))))
    assert "can not be decoded" in message(unreadable)[1]


def bomb() -> bytes:
    """A PNG header that promises 60,000 by 60,000 pixels."""
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    body = (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + body


@pytest.mark.parametrize(
    "data",
    [bomb(), picture()[:60], picture("GIF"), b"<html></html>", b""],
    ids=["bomb", "cut", "gif", "html", "empty"],
)
def test_what_cannot_be_decoded_is_refused(generate: Generate, data: bytes) -> None:
    code, text = message(generate(**with_reference(data_url(data))))
    assert code == 2013
    assert text.startswith("invalid params, subject_reference image_file can not be decoded: ")


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "10.0.0.8", "[::1]", "192.168.1.1", "169.254.169.254", "db.internal"]
)
def test_a_private_address_gets_the_recorded_code_1000(generate: Generate, host: str) -> None:
    answer = generate(**with_reference(f"http://{host}/face.jpg"))
    assert message(answer) == (1000, "disallowed image url: localhost or private address not allowed")


def test_a_url_is_not_fetched_but_drawn_as_host_and_digest(generate: Generate) -> None:
    url = "https://cdn.example.com/a/face.jpg?size=1"
    answer = generate(**with_reference(url))
    (reference,) = inspect(base64.b64decode(answer.json()["data"]["image_base64"][0])).references
    assert reference.label == "cdn.example.com"
    assert reference.digest == hashlib.sha256(url.encode()).hexdigest()
    assert reference.size == 0


class Shop(BaseHTTPRequestHandler):
    """A web server with one picture and some traps."""

    def do_GET(self) -> None:
        pages: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/face.jpg": (200, {}, picture("JPEG")),
            "/moved": (302, {"Location": "/face.jpg"}, b""),
            "/away": (302, {"Location": f"http://localhost:{self.server.server_port}/face.jpg"}, b""),  # type: ignore[attr-defined]
            "/loop": (302, {"Location": "/loop"}, b""),
            "/big": (200, {}, b"x" * (11 * 1024 * 1024)),
            "/page": (200, {"Content-Type": "text/html"}, b"<html>"),
        }
        status, headers, body = pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def fetching() -> Iterator[MockServer]:
    with MockServer(fetch_references="127.0.0.1, *.example.com") as server:
        yield server


def ask(server: MockServer, http: httpx.Client, url: str) -> httpx.Response:
    body = {"model": "image-01", "prompt": "x"} | with_reference(url)
    return http.post(f"{server.url}/v1/image_generation", json=body, headers={"Authorization": "Bearer abc"})


@pytest.mark.parametrize("path", ["/face.jpg", "/moved"])
def test_an_allowed_url_is_fetched(fetching: MockServer, http: httpx.Client, shop: str, path: str) -> None:
    answer = ask(fetching, http, f"http://{shop}{path}")
    assert message(answer) == (0, "success")
    (reference,) = inspect(base64.b64decode(answer.json()["data"]["image_base64"][0])).references
    assert reference.digest == hashlib.sha256(picture("JPEG")).hexdigest()
    assert reference.label == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/none", "127.0.0.1 answered 404"),
        ("/away", "'localhost' is not one of the hosts that may be fetched from"),
        ("/loop", "more than 3 redirects"),
        ("/big", "larger than 10485760 bytes"),
    ],
)
def test_what_cannot_be_fetched_is_refused(
    fetching: MockServer, http: httpx.Client, shop: str, path: str, problem: str
) -> None:
    text = f"invalid params, subject_reference image_file can not be fetched: {problem}"
    assert message(ask(fetching, http, f"http://{shop}{path}")) == (2013, text)


def test_a_page_is_no_picture(fetching: MockServer, http: httpx.Client, shop: str) -> None:
    assert "can not be decoded" in message(ask(fetching, http, f"http://{shop}/page"))[1]


def test_a_host_that_is_not_allowed_is_not_fetched(fetching: MockServer, http: httpx.Client) -> None:
    answer = ask(fetching, http, "https://elsewhere.example.org/face.jpg")
    (reference,) = inspect(base64.b64decode(answer.json()["data"]["image_base64"][0])).references
    assert (reference.label, reference.size) == ("elsewhere.example.org", 0)


def test_an_allowed_name_that_leads_to_a_private_address_is_refused(http: httpx.Client, shop: str) -> None:
    port = shop.partition(":")[2]
    with MockServer(fetch_references="*") as server:
        assert message(ask(server, http, f"http://{shop}/face.jpg"))[0] == 1000
        assert "is the private address 127.0.0.1" in message(ask(server, http, f"http://0x7f000001:{port}/face.jpg"))[1]
