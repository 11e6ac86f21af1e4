"""The journal: every exchange as it went over the wire, bounded by bytes, never with a key in clear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from msgspec import Struct

from mock_server.core.credentials import CREDENTIAL_HEADERS, MIN_REDACTED, label

OVERHEAD_BYTES = 900
"""What an entry costs besides heads and bodies: its object, its place in the store, its short strings (measured)."""
MAX_BODY_BYTES = 256 * 1024
"""A longer body is kept up to here, with its full length and digest in its place."""


class ImageNote(Struct, frozen=True):
    """One image of an exchange: its seed, its index in the request, and, once encoded, size and SHA-256."""

    index: int
    seed: int
    width: int
    height: int
    bytes: int = 0
    sha256: str = ""


class Exchange(Struct, frozen=True, gc=False):
    """One request with its answer. ``at`` is the account's clock in Unix seconds, ``duration`` real seconds."""

    id: int
    owner: str
    account: str
    face: str
    endpoint: str
    at: float
    duration: float
    request_head: bytes
    request_body: bytes
    status: int
    response_head: bytes
    response_body: bytes
    code: int | None = None
    reason: str | None = None
    prompt: str | None = None
    images: tuple[ImageNote, ...] = ()
    faults: tuple[str, ...] = ()
    client_gone: bool = False

    @property
    def cost(self) -> int:
        """Bytes that keeping this entry takes."""
        payload = len(self.request_head) + len(self.request_body) + len(self.response_head) + len(self.response_body)
        return payload + OVERHEAD_BYTES


def request_head(line: str, headers: Iterable[tuple[bytes, bytes]], token: str | None) -> bytes:
    """Request line and headers, credentials replaced by their label."""
    parts = [line.encode("latin-1", "replace")]
    for name, value in headers:
        kept = b"<redacted>" if name in CREDENTIAL_HEADERS else value
        if kept is not value and token is not None and name == b"authorization":
            kept = value[: value.find(b" ") + 1] + f"<key {label(token)}>".encode()
        parts.append(name + b": " + kept)
    return redact(b"\r\n".join(parts), token)


def response_head(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Status line and headers of an answer."""
    return b"\r\n".join([b"HTTP/1.1 %d" % status, *[name + b": " + value for name, value in headers]])


def redact(text: bytes, token: str | None) -> bytes:
    """`text` without the key: a client that puts it into a URL or a prompt must not put it into the journal."""
    if token is None or len(token) < MIN_REDACTED:
        return text
    key = token.encode("latin-1", "replace")
    return text.replace(key, f"<key {label(token)}>".encode()) if key in text else text


_DATA_URL = re.compile(rb"data:(image\\?/[a-zA-Z]+);base64,([A-Za-z0-9+/=\\]{64,})")


def kept_body(body: bytes, token: str | None = None) -> bytes:
    """`body` as the journal keeps it: no key, embedded images as digest and size, no more than `MAX_BODY_BYTES`."""
    if b"base64," in body:
        body = _DATA_URL.sub(_digest_of_data_url, body)
    body = redact(body, token)
    if len(body) > MAX_BODY_BYTES:
        note = f"<cut: {len(body)} bytes in all, sha256 {sha256(body).hexdigest()}>"
        return body[:MAX_BODY_BYTES] + note.encode()
    return body


def _digest_of_data_url(match: re.Match[bytes]) -> bytes:
    payload = match[2]
    return b"data:%s;base64,<%d characters, sha256 %s>" % (match[1], len(payload), sha256(payload).hexdigest().encode())


def _split_head(head: bytes) -> tuple[str, list[list[str]]]:
    first, *rest = head.decode("latin-1").split("\r\n")
    return first, [line.split(": ", 1) for line in rest]


def _body_fields(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        from base64 import b64encode

        return {"body_base64": b64encode(body).decode()}


def as_dict(exchange: Exchange) -> dict[str, Any]:
    """An exchange as the admin API shows it."""
    line, headers = _split_head(exchange.request_head)
    method, path, _ = line.split(" ", 2)
    return {
        "id": str(exchange.id),
        "account": exchange.account,
        "face": exchange.face,
        "endpoint": exchange.endpoint,
        "at": round(exchange.at, 6),
        "duration_ms": round(exchange.duration * 1000, 3),
        "method": method,
        "path": path,
        "status": exchange.status,
        "status_code": exchange.code,
        "reason": exchange.reason,
        "prompt": exchange.prompt,
        "images": [
            {"index": note.index, "seed": note.seed, "width": note.width, "height": note.height}
            | ({"bytes": note.bytes, "sha256": note.sha256} if note.sha256 else {})
            for note in exchange.images
        ],
        "faults": list(exchange.faults),
        "client_gone": exchange.client_gone,
        "request": {"headers": headers, **_body_fields(exchange.request_body)},
        "response": {"headers": _split_head(exchange.response_head)[1], **_body_fields(exchange.response_body)},
    }
