"""One request and its answer, as they are checked before and after a load and replayed by the bare server."""

from __future__ import annotations

import base64
import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.machine import BenchmarkError

_OF_THE_CONNECTION = frozenset({"date", "connection", "keep-alive", "transfer-encoding"})
_HEADERS = {
    "User-Agent": "python-requests/2.34.2",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
}
_HEADERS_OF_A_CALL = {
    "Authorization": "Bearer sk-api-5eVbXn2mQ8tKc4RzL1wYd7HfJ3uGp9As",
    "Content-Type": "application/json",
}


@dataclass(frozen=True)
class Request:
    """A template: ``{seed}`` and ``{line}`` in path and body are filled anew for each request.

    An answer is right when its status is 200 and `marker` is in its body.
    """

    method: str
    path: str
    body: str
    marker: bytes

    def text(self, port: int) -> str:
        """The request as bytes on the wire would be, but for its Content-Length."""
        headers = {"Host": f"127.0.0.1:{port}"} | _HEADERS | (_HEADERS_OF_A_CALL if self.body else {})
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines) + "\r\n\r\n" + self.body

    def wire(self, port: int, seed: int, line: str = "") -> bytes:
        """The whole request with its placeholders filled, on a connection of its own."""
        head, _, body = self.text(port).replace("{seed}", str(seed)).replace("{line}", line).partition("\r\n\r\n")
        length = f"\r\nContent-Length: {len(body)}" if body else ""
        return f"{head}{length}\r\nConnection: close\r\n\r\n{body}".encode()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire, about."""
        return 19 + sum(len(name) + len(value) + 4 for name, value in self.headers) + len(self.body)

    def as_json(self) -> str:
        """As ``peers/bare.py`` reads it: without what belongs to the connection."""
        headers = [pair for pair in self.headers if pair[0].lower() not in _OF_THE_CONNECTION]
        body = base64.b64encode(self.body).decode()
        return json.dumps({"status": self.status, "headers": headers, "body": body})


def post(path: str, fields: Mapping[str, Any], marker: bytes) -> Request:
    """A request with a JSON body in which the string ``"{seed}"`` becomes a number."""
    return Request("POST", path, json.dumps(fields).replace('"{seed}"', "{seed}"), marker)


def send(port: int, request: Request, seed: int = 1, line: str = "") -> Answer:
    """The answer to one request. Raises `BenchmarkError` when it is not right."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request.wire(port, seed, line))
        response = http.client.HTTPResponse(connection, method=request.method)
        response.begin()
        answer = Answer(response.status, tuple(response.getheaders()), response.read())
    if answer.status != 200 or request.marker not in answer.body:
        raise BenchmarkError(f"{request.method} {request.path}: unexpected {answer.status} {answer.body[:500]!r}")
    return answer
