"""Journal entries made by hand, for what a server on its own does not show: faults, cut answers, exact times."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from mock_server.core.types import Injected
from mock_server.journal import Exchange

LABEL = "sk-api*12345678"
BODY = b'{"model":"image-01","prompt":"a cat"}'
START = 1_780_000_000.0
DAY = 86_400
NAME = "01234567-0123-4123-8123-0123456789ab_aigc.jpeg"
FOLDER = "image_inference_output%2Ftalkie%2Fprod%2Fimg%2F2026-05-28%2F"


def image_path(expires: float = START + DAY) -> str:
    return f"/oss/{FOLDER}{NAME}?Expires={int(expires)}&OSSAccessKeyId=LTAI&Signature=x%3D"


def answer(code: int = 0, *urls: str, **more: Any) -> bytes:
    data = {"data": {"image_urls": list(urls)}} if urls else {}
    return json.dumps(data | {"base_resp": {"status_code": code, "status_msg": ""}} | more).encode()


def faults(*kinds: str) -> tuple[Injected, ...]:
    return tuple(Injected("1", kind) for kind in kinds)


class Log:
    """A journal whose clock stands until somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.exchanges: list[Exchange] = []
        self._ids = count(1)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def add(self, *, lasts: float = 0.01, head: str = "", key: str = LABEL, **fields: Any) -> Exchange:
        """One exchange; what is not said about it is that of an ordinary one."""
        request_head = f"host: 127.0.0.1\r\nauthorization: Bearer <key {key}>\r\n{head}".encode()
        usual: dict[str, Any] = {
            "id": next(self._ids), "owner": "alice", "account": key, "face": "minimax", "at": START + self.now,
            "began": self.now, "duration": lasts, "request_head": request_head, "request_body": b"", "status": 200,
            "response_head": b"", "response_body": b"",
        }  # fmt: skip
        exchange = Exchange(**usual | fields)
        self.exchanges.append(exchange)
        self.now += lasts
        return exchange

    def generate(self, code: int = 0, *urls: str, body: bytes = BODY, **fields: Any) -> Exchange:
        usual: dict[str, Any] = {
            "endpoint": "generate", "method": "POST", "target": b"/v1/image_generation", "request_body": body,
            "response_body": answer(code, *urls), "code": code, "head": "content-type: application/json\r\n",
        }  # fmt: skip
        return self.add(**usual | fields)

    def download(self, path: str = image_path(), **fields: Any) -> Exchange:
        plain = {"request_head": b"host: 127.0.0.1\r\n", "response_body": b"<image/jpeg, 9 bytes, sha256 ab>"}
        return self.add(**{"endpoint": "download", "method": "GET", "target": path.encode()} | plain | fields)
