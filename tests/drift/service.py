"""An independent server of MiniMax's `POST /v1/image_generation`: the yardstick of what looks for drift.

Written from what was recorded and documented of the live service. It imports nothing of the emulator, so that an error
there cannot be repeated here. `python -m tests.drift.service --deviation NAME --port N` runs it alone.
"""

from __future__ import annotations

import argparse
import base64
import re
import secrets
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from tests.drift.answers import Answers
from tests.drift.binding import bind, require, typed
from tests.drift.deviations import DEVIATIONS, Ways
from tests.drift.pictures import draw, encode
from tests.drift.refusal import RefusedError
from tests.drift.rules import Order, Rules
from tests.drift.store import HOSTS, Answer, Store

__all__ = ["DEVIATIONS", "Service"]

ENDPOINT = "/v1/image_generation"
USD_PER_IMAGE = 0.0035
KEY_SHAPE = re.compile(r"sk-(api|cp)-|eyJ")
LOGIN = "login fail: Please carry the API secret key in the 'Authorization' field of the request header"


class Window:
    """Counts calls within 60 seconds of a clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.times: deque[float] = deque()
        self.most = 0

    def add(self) -> int:
        """Note a call now; returns how many there were in the 60 seconds up to it, itself included."""
        now = self.clock()
        self.times.append(now)
        while self.times[0] <= now - 60:
            self.times.popleft()
        self.most = max(self.most, len(self.times))
        return len(self.times)


class Service:
    """The service on a port of its own, with one valid key, plain or with one deviation.

    `images` were made and charged, at `charged_usd`; `calls` are (method, path, seconds of the clock);
    `most_in_a_minute` is the greatest number of generation calls within any 60 s, whoever sent them. With `limit`,
    more calls with the key than that in 60 s are refused with 1002; refused ones count too.
    """

    def __init__(
        self,
        deviation: str | None = None,
        region: str = "io",
        *,
        limit: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        port: int = 0,
    ) -> None:
        if region not in HOSTS:
            raise ValueError(f"no region {region!r}; there are {', '.join(HOSTS)}")
        self.ways, self.limit, self.clock = Ways(deviation), limit, clock
        self.key = f"sk-api-{secrets.token_urlsafe(60)}"
        self.images = 0
        self.calls: list[tuple[str, str, float]] = []
        self.generations, self.admitted = Window(clock), Window(clock)
        self.lock = threading.Lock()
        self.answers = Answers(self.ways, group=str(10**18 + secrets.randbelow(9 * 10**18)))
        self.rules = Rules(region, self.ways)
        self.store = Store(region, self.ways)
        self.server = Server(("127.0.0.1", port), self)

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.close()

    @property
    def url(self) -> str:
        """Where the API listens, and the proxy through which its images are downloaded."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def charged_usd(self) -> float:
        """What all images cost."""
        return self.images * USD_PER_IMAGE

    @property
    def most_in_a_minute(self) -> int:
        """The greatest number of generation calls within any 60 s."""
        return self.generations.most

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer a call; the target may be in absolute form, as proxies get it; header names in lower case."""
        parts = urlsplit(target)
        host = parts.hostname or headers.get("host", "").partition(":")[0]
        with self.lock:
            self.calls.append((method, parts.path, self.clock()))
        if host == self.store.host:
            return self.store.answer(method, parts.path, parts.query, headers)
        if parts.path != ENDPOINT:
            return self.answers.unknown_path(parts.path)
        if method != "POST":
            return self.answers.wrong_method()
        with self.lock:
            self.generations.add()
        try:
            return self.generate(headers.get("authorization"), self.readable(headers.get("content-type", ""), body))
        except RefusedError as refused:
            return self.answers.error(refused)

    def readable(self, media_type: str, body: bytes) -> bytes:
        """The body, as far as it says that it is JSON."""
        return body if "json" in media_type or self.ways("any-content-type") else b""

    def generate(self, authorization: str | None, body: bytes) -> Answer:
        """Key, rate limit, syntax and binding, model, the other rules; then the images."""
        if self.ways("body-before-auth"):
            bind(body, self.ways)
        self.authorize(authorization)
        with self.lock:
            if self.limit is not None and self.admitted.add() > self.limit:
                raise RefusedError("gateway", 1002, "rate limit exceeded(RPM)")
        fields = typed(body, self.ways)
        if "model" in fields and self.ways("model-before-binding"):
            self.rules.check_model(fields)
        order = self.rules.order(require(fields, self.ways))
        images = self.make(order)
        with self.lock:
            self.images += len(next(iter(images.values())))
        return self.answers.success(images, order.n)

    def authorize(self, header: str | None) -> None:
        """Raise RefusedError (tier gateway) unless the header carries the valid key."""
        if header is None and self.ways("no-key-other-words"):
            raise RefusedError("gateway", 1004, "not authorized")
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer":
            invalid_key = header is not None and self.ways("other-scheme-as-invalid-key")
            raise (
                RefusedError("gateway", 2049, "invalid api key")
                if invalid_key
                else RefusedError("gateway", 1004, LOGIN)
            )
        token = token.strip()
        if secrets.compare_digest(token.encode(), self.key.encode()):
            return
        if not KEY_SHAPE.match(token) or self.ways("unknown-key-1004"):
            raise RefusedError("gateway", 1004, LOGIN)
        other_words = self.ways("invalid-key-other-words")
        raise RefusedError("gateway", 2049, "api key is not valid" if other_words else "invalid api key")

    def make(self, order: Order) -> dict[str, list[str]]:
        """The images of an order, as addresses or as base64."""
        files = [self.picture(order, index) for index in range(order.n)]
        if order.as_base64:
            prefix = "data:image/jpeg;base64," if self.ways("base64-data-url") else ""
            return {"image_base64": [prefix + base64.b64encode(file).decode() for file in files]}
        if self.ways("one-address-more"):
            files.append(self.picture(order, order.n))
        return {"image_urls": [self.store.put(file) for file in files]}

    def picture(self, order: Order, index: int) -> bytes:
        """One image file; without a seed each has its own."""
        drawn_seed = order.seed is None or self.ways("seed-ignored")
        seed = secrets.randbits(62) if drawn_seed else int(order.seed or 0)
        if self.ways("images-alike"):
            seed, index = order.seed or 0, 0
        return encode(draw(order.prompt, seed, index, order.size), "PNG" if self.ways("png") else "JPEG")


class Server(ThreadingHTTPServer):
    """Listens for a service; on `close` also hangs up on the clients that are still connected."""

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        self.service = service
        self.connections: set[Any] = set()
        self.daemon_threads = False
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def close(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(2)
            except OSError:
                continue
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """HTTP of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_call(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if "chunked" in headers.get("transfer-encoding", ""):
            self.close_connection = True
            return self.send(Answer(411, (("Content-Type", "text/plain"),), b"411 length required"))
        body = self.rfile.read(int(headers.get("content-length") or 0))
        return self.send(self.server.service.answer(self.command, self.path, headers, body))

    def send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = handle_call  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: `calls` has it."""


def main() -> None:
    """Serve until interrupted; the first line printed is the URL and the second the key."""
    parser = argparse.ArgumentParser(description="MiniMax's image generation, independent of the emulator.")
    parser.add_argument("--deviation", choices=sorted(DEVIATIONS), metavar="NAME", help="; ".join(DEVIATIONS))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--region", choices=sorted(HOSTS), default="io")
    parser.add_argument("--limit", type=int, help="calls in 60 s; more are refused with 1002")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Service(given.deviation, given.region, limit=given.limit, port=given.port) as service:
        sys.stdout.write(f"{service.url}\n{service.key}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
