"""The journal: every exchange as it went over the wire, bounded by bytes, never with a key in clear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct, to_builtins

from mock_server.album import Album
from mock_server.core.credentials import CREDENTIAL_HEADERS, MIN_REDACTED

OVERHEAD_BYTES = 900
"""What an entry costs besides heads and bodies: its object, its place in the store, its short strings (measured)."""
MAX_BODY_BYTES = 256 * 1024
"""A longer body is kept up to here, with its full length and digest in its place."""


class ImageNote(Struct, frozen=True):
    """One image whose bytes were sent: its index in the request, seed, size in pixels and bytes, and SHA-256."""

    index: int
    seed: int
    width: int
    height: int
    bytes: int
    sha256: str


class Exchange(Struct, frozen=True, gc=False):
    """One request with its answer. ``at`` is the account's clock in Unix seconds, ``duration`` real seconds.

    ``images`` are those whose bytes were sent, or the album whose URLs were.
    """

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
    images: Album | tuple[ImageNote, ...] = ()
    faults: tuple[str, ...] = ()
    client_gone: bool = False

    @property
    def cost(self) -> int:
        """Bytes that keeping this entry takes."""
        payload = len(self.request_head) + len(self.request_body) + len(self.response_head) + len(self.response_body)
        return payload + OVERHEAD_BYTES


def request_head(line: bytes, headers: Sequence[tuple[bytes, bytes]], secret: Secret) -> bytes:
    """Request line and headers, credentials replaced."""
    kept = [item if item[0] not in CREDENTIAL_HEADERS else (item[0], secret.in_header(*item)) for item in headers]
    return secret.out_of(b"\r\n".join([line, *map(b": ".join, kept)]))


def response_head(status: int, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Status line and headers of an answer."""
    return b"\r\n".join([b"HTTP/1.1 %d" % status, *map(b": ".join, headers)])


class Secret:
    """The key that a call was made with, to be kept out of the journal wherever the client put it."""

    __slots__ = ("_key", "_shown")

    def __init__(self, token: str | None, shown: str) -> None:
        """`shown` is the label to write in its place."""
        self._key = token.encode("latin-1", "replace") if token is not None and len(token) >= MIN_REDACTED else None
        self._shown = b"<key %b>" % shown.encode() if token is not None else b"<redacted>"

    def in_header(self, name: bytes, value: bytes) -> bytes:
        """The value of a credential header: its scheme and the key's label, or nothing of it."""
        if name != b"authorization" or self._shown == b"<redacted>":
            return b"<redacted>"
        return value[: value.find(b" ") + 1] + self._shown

    def out_of(self, text: bytes) -> bytes:
        """`text` without the key."""
        return text if self._key is None or self._key not in text else text.replace(self._key, self._shown)


_DATA_URL = re.compile(rb"data:(image\\?/[a-zA-Z]+);base64,([A-Za-z0-9+/=\\]{64,})")


def kept_body(body: bytes, secret: Secret) -> bytes:
    """`body` as the journal keeps it: no key, embedded images as digest and size, no more than `MAX_BODY_BYTES`."""
    if b"base64," in body:
        body = _DATA_URL.sub(_digest_of_data_url, body)
    body = secret.out_of(body)
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


def _images(images: Album | tuple[ImageNote, ...]) -> list[dict[str, Any]]:
    if isinstance(images, Album):
        size = {"width": images.first.width, "height": images.first.height}
        numbered = zip(images.indices, images.seeds, strict=True)
        return [{"index": index, "seed": seed, **size} for index, seed in numbered]
    return [to_builtins(note) for note in images]


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
        "images": _images(exchange.images),
        "faults": list(exchange.faults),
        "client_gone": exchange.client_gone,
        "request": {"headers": headers, **_body_fields(exchange.request_body)},
        "response": {"headers": _split_head(exchange.response_head)[1], **_body_fields(exchange.response_body)},
    }
