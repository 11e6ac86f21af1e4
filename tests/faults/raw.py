"""A client that sees what really goes over the wire."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

END = b"\r\n\r\n"


@dataclass
class Seen:
    """What came until the connection ended, and how it ended: ``fin``, ``rst``, or ``open`` after `LIMIT` seconds."""

    data: bytes
    end: str

    @property
    def head(self) -> bytes:
        return self.data.partition(END)[0]

    @property
    def body(self) -> bytes:
        return self.data.partition(END)[2]

    @property
    def length(self) -> int:
        lines = [line.partition(b": ") for line in self.head.lower().split(b"\r\n")]
        return next(int(value) for name, _, value in lines if name == b"content-length")


def connect(url: str, context: ssl.SSLContext | None = None) -> socket.socket:
    parts = urlsplit(url)
    raw = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
    return context.wrap_socket(raw, server_hostname=parts.hostname) if context else raw


def generation(key: str, *, keep_alive: bool = False, **fields: object) -> bytes:
    body = json.dumps({"model": "image-01", "prompt": "x"} | fields).encode()
    return request("POST", "/v1/image_generation", key, body, keep_alive=keep_alive)


def request(method: str, target: str, key: str = "", body: bytes = b"", *, keep_alive: bool = False) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json"] * bool(body) + [f"Authorization: Bearer {key}"] * bool(key)
    lines += ["Connection: close"] * (not keep_alive)
    return "\r\n".join(lines).encode() + END + body


def read_all(raw: socket.socket) -> Seen:
    data = b""
    try:
        while piece := raw.recv(65536):
            data += piece
    except ConnectionResetError:
        return Seen(data, "rst")
    except ssl.SSLEOFError:
        return Seen(data, "eof without alert")
    except TimeoutError:
        return Seen(data, "open")
    return Seen(data, "fin")


def exchange(url: str, sent: bytes, context: ssl.SSLContext | None = None) -> Seen:
    with contextlib.closing(connect(url, context)) as raw:
        raw.sendall(sent)
        return read_all(raw)
