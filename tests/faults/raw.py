"""A client that sees what really goes over the wire."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Self
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


class TlsConnection:
    """TLS in memory over a plain socket, so that the end of the TCP connection shows as it is.

    `ssl.SSLSocket` tells FIN and RST alike as an end when the server's session tickets were not read before.
    """

    def __init__(self, raw: socket.socket, context: ssl.SSLContext, name: str | None) -> None:
        self.raw = raw
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._in.write(self.raw.recv(65536))
        self._flush()

    def _flush(self) -> None:
        self.raw.sendall(self._out.read())

    def sendall(self, data: bytes) -> None:
        self._tls.write(data)
        self._flush()

    def recv(self, size: int) -> bytes:
        """Decrypted bytes; empty at the closing alert or at FIN."""
        while True:
            try:
                return self._tls.read(size)
            except ssl.SSLWantReadError:
                piece = self.raw.recv(65536)
                if not piece:
                    return b""
                self._in.write(piece)
            except ssl.SSLZeroReturnError:
                return b""

    def setblocking(self, flag: bool) -> None:
        self.raw.setblocking(flag)

    def close(self) -> None:
        self.raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(url: str, context: ssl.SSLContext | None = None) -> socket.socket | TlsConnection:
    parts = urlsplit(url)
    raw = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
    return TlsConnection(raw, context, parts.hostname) if context else raw


def generation(key: str, *, keep_alive: bool = False, **fields: object) -> bytes:
    body = json.dumps({"model": "image-01", "prompt": "x"} | fields).encode()
    return request("POST", "/v1/image_generation", key, body, keep_alive=keep_alive)


def request(method: str, target: str, key: str = "", body: bytes = b"", *, keep_alive: bool = False) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json"] * bool(body) + [f"Authorization: Bearer {key}"] * bool(key)
    lines += ["Connection: close"] * (not keep_alive)
    return "\r\n".join(lines).encode() + END + body


def read_all(raw: socket.socket | TlsConnection) -> Seen:
    data = b""
    try:
        while piece := raw.recv(65536):
            data += piece
    except ConnectionResetError:
        return Seen(data, "rst")
    except TimeoutError:
        return Seen(data, "open")
    return Seen(data, "fin")


def exchange(url: str, sent: bytes, context: ssl.SSLContext | None = None) -> Seen:
    with contextlib.closing(connect(url, context)) as raw:
        raw.sendall(sent)
        return read_all(raw)
