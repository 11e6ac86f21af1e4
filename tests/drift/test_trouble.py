"""What is no answer to the question never counts as one, and may have cost what it could."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contract_tests.drift.calls import CALLS
from contract_tests.drift.sides import Service, Way
from contract_tests.targets.guard import Purse
from contract_tests.targets.interface import CouldNotLookError
from contract_tests.targets.pace import Pace

Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def answering(reply: Reply) -> Iterator[tuple[Service, Purse, list[str]]]:
    """A service in front of a server whose every answer is `reply`; and the keys that came there."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers.get("Authorization", ""))
            reply(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    purse = Purse(1.0)
    way = Way(f"http://127.0.0.1:{server.server_address[1]}", "sk-api-mine", answer_seconds=1.0)
    service = Service(way, purse, Pace(calls=1000))
    try:
        yield service, purse, keys
    finally:
        service.close()
        server.shutdown()
        server.server_close()


def said(status: int, body: str, kind: str = "application/json", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return reply


def refused(code: int, message: str = "no") -> Reply:
    return said(200, json.dumps({"base_resp": {"status_code": code, "status_msg": message}}))


def hung(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)  # until the client gives up


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    handler.close_connection = True


@pytest.mark.parametrize(
    ("reply", "told", "images"),
    [
        (said(502, "<html>bad gateway</html>", "text/html"), "HTTP 502", 2),
        (said(429, "slow down", "text/plain"), "HTTP 429", 0),
        (said(302, "", Location="https://elsewhere.example/"), "redirects to https://elsewhere.example/", 2),
        (refused(1033, "system error"), r"answered 1033 \(system error\)", 2),
        (refused(1026, "input new_sensitive"), r"answered 1026 \(input new_sensitive\)", 2),
        (hung, "did not answer within 1 s", 2),
        (cut, "peer closed connection", 2),
    ],
    ids=["502", "429", "redirect", "1033", "1026", "hung", "cut"],
)
def test_trouble_is_no_answer_and_may_have_cost_it_all(reply: Reply, told: str, images: int) -> None:
    with answering(reply) as (service, purse, _):
        with pytest.raises(CouldNotLookError, match=told):
            service.ask(CALLS["two-images"]).success()
        assert purse.images == images


@pytest.mark.parametrize("code", [1004, 2049, 2038])
def test_who_has_no_access_asks_no_more_with_that_key(code: int) -> None:
    with answering(refused(code)) as (service, purse, keys):
        for name in ("no-prompt", "two-images", "n-10"):
            with pytest.raises(CouldNotLookError, match=f"the key has no access: answered {code}"):
                service.ask(CALLS[name])
        assert keys == ["Bearer sk-api-mine"]
        service.ask(CALLS["no-key"])
        service.ask(CALLS["unknown-key"])
        assert keys[1] == ""
        assert "sk-api-mine" not in keys[2]
        assert purse.images == 0


@pytest.mark.parametrize("code", [1008, 2056, 2061])
def test_who_cannot_pay_buys_nothing_more(code: int) -> None:
    with answering(refused(code)) as (service, purse, keys):
        for name in ("image-url", "two-images"):
            with pytest.raises(CouldNotLookError, match=f"the account cannot pay: answered {code}"):
                service.ask(CALLS[name])
        assert len(keys) == 1
        assert purse.images == 0


def test_a_call_that_could_cost_more_than_there_is_is_not_sent() -> None:
    with answering(refused(2013)) as (service, purse, keys):
        purse.hold(280)
        with pytest.raises(CouldNotLookError, match=r"it could cost \$0\.0350, and \$0\.0175 is left of --max-spend"):
            service.ask(CALLS["n-10"])
        assert not keys
        service.ask(CALLS["empty-prompt"])
        assert purse.images == 280


def test_the_image_host_gets_no_key() -> None:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.path} {self.headers.get('Authorization')} {self.headers.get('Range')}")
            said(200, "x", "image/jpeg")(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    service = Service(Way(base, "sk-api-mine"), Purse(0), Pace())
    try:
        for name in ("download", "download-range", "download-unsigned", "download-tampered", "download-authorization"):
            service.ask(CALLS[name], f"{base}/a%2Fb.jpeg?Expires=1&OSSAccessKeyId=LTAI&Signature=abc%3D")
    finally:
        service.close()
        server.shutdown()
        server.server_close()
    whole = "/a%2Fb.jpeg?Expires=1&OSSAccessKeyId=LTAI&Signature="
    assert seen == [
        f"{whole}abc%3D None None",
        f"{whole}abc%3D None bytes=0-31",
        "/a%2Fb.jpeg None None",
        f"{whole}%3Dcba None None",
        f"{whole}abc%3D Bearer not-a-key None",
    ]
