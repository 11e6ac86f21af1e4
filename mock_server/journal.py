"""The journal: every exchange as it went over the wire, bounded by bytes, never with a key in clear."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from msgspec import Struct, structs

from mock_server.album import Album
from mock_server.core.credentials import Secret
from mock_server.core.types import Injected, Picture

ENTRY_BYTES = 900
"""What an entry costs besides heads and bodies: its object, its place in the store, its short strings (measured)."""
MAX_BODY_BYTES = 256 * 1024
"""A longer body is kept up to here, with its full length and digest in its place."""

SUMMARY_PROMPT = 1500
"""Characters of a prompt in a summary: as many as the service takes."""


class ImageNote(Struct, frozen=True):
    """One image whose bytes were sent: what it shows, how many bytes, and their SHA-256.

    An empty ``sha256`` is found when somebody reads the entry: equal pictures have equal files, and hashing one costs a
    fifth of answering with it. Until then ``placeholder`` stands in the body.
    """

    picture: Picture
    bytes: int
    sha256: str = ""
    media_type: str = "image/jpeg"

    @property
    def placeholder(self) -> str:
        """What the journal keeps of the image's base64."""
        return f"<{self.media_type}, {self.bytes} bytes, sha256 {self.sha256 or f'@{self.picture.index}'}>"


class Exchange(Struct, frozen=True, gc=False):
    """One request with its answer. ``at`` is the account's clock in Unix seconds, ``duration`` real seconds.

    ``began`` counts real seconds from an arbitrary zero: exchanges that overlap can be told, whatever their account's
    clock does. ``images`` are those whose bytes were sent, or the album whose URLs were. ``whole`` is False when the
    answer was cut off, or never sent, on purpose; ``client_gone`` when the client left before it had it.
    """

    id: int
    owner: str
    account: str
    face: str
    endpoint: str
    at: float
    began: float
    duration: float
    method: str
    target: bytes
    request_head: bytes
    request_body: bytes
    status: int
    response_head: bytes
    response_body: bytes
    code: int | None = None
    reason: str | None = None
    prompt: str | None = None
    model: str | None = None
    n: int | None = None
    images: Album | tuple[ImageNote, ...] = ()
    faults: tuple[Injected, ...] = ()
    whole: bool = True
    client_gone: bool = False

    @property
    def cost(self) -> int:
        """Bytes that keeping this takes, about."""
        heads = len(self.request_head) + len(self.response_head)
        return len(self.request_body) + len(self.response_body) + heads + ENTRY_BYTES


_DATA_URL = re.compile(rb"data:(image\\?/[a-zA-Z]+);base64,([A-Za-z0-9+/=\\]{64,})")


def kept_body(body: bytes, secret: Secret) -> bytes:
    """`body` as the journal keeps it: no key, embedded images as digest and size, no more than `MAX_BODY_BYTES`."""
    body = secret.out_of(body)
    if b";base64," in body:
        body = _DATA_URL.sub(_digest_of_data_url, body)
    if len(body) > MAX_BODY_BYTES:
        note = f"<cut: {len(body)} bytes in all, sha256 {sha256(body).hexdigest()}>"
        return body[:MAX_BODY_BYTES] + note.encode()
    return body


def without(exchange: Exchange, secret: Secret) -> Exchange:
    """`exchange`, with that secret nowhere in it."""
    changed: dict[str, Any] = {}
    for name in exchange.__struct_fields__:
        value = getattr(exchange, name)
        if isinstance(value, bytes):
            changed[name] = secret.out_of(value)
        elif isinstance(value, str) and name != "owner":
            changed[name] = secret.out_of(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    return structs.replace(exchange, **changed)


def _digest_of_data_url(match: re.Match[bytes]) -> bytes:
    payload = match[2]
    return b"data:%s;base64,<%d characters, sha256 %s>" % (match[1], len(payload), sha256(payload).hexdigest().encode())


def _shown(head: bytes) -> list[list[str]]:
    return [line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[:-1]]


def _body_fields(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        from base64 import b64encode

        return {"body_base64": b64encode(body).decode()}


def _images(images: Album | tuple[ImageNote, ...]) -> list[dict[str, Any]]:
    sizes = _sizes(images)
    if isinstance(images, Album):
        return sizes
    return [size | {"bytes": note.bytes, "sha256": note.sha256} for size, note in zip(sizes, images, strict=True)]


def _sizes(images: Album | tuple[ImageNote, ...]) -> list[dict[str, Any]]:
    if isinstance(images, Album):
        width, height = images.size
        return [
            {"index": index, "seed": seed, "width": width, "height": height} for index, seed in enumerate(images.seeds)
        ]
    return [
        {"index": shown.index, "seed": shown.seed, "width": shown.width, "height": shown.height}
        for shown in (note.picture for note in images)
    ]


def _hashed(exchange: Exchange, digest_of: Callable[[Picture], str]) -> Exchange:
    """`exchange` with every digest found."""
    images = exchange.images
    if isinstance(images, Album) or all(note.sha256 for note in images):
        return exchange
    found = tuple(structs.replace(note, sha256=note.sha256 or digest_of(note.picture)) for note in images)
    body = exchange.response_body
    for before, after in zip(images, found, strict=True):
        body = body.replace(before.placeholder.encode(), after.placeholder.encode())
    return structs.replace(exchange, images=found, response_body=body)


def as_dict(exchange: Exchange, digest_of: Callable[[Picture], str]) -> dict[str, Any]:
    """An exchange as the admin API shows it; `digest_of` gives the SHA-256 of a picture's file."""
    exchange = _hashed(exchange, digest_of)
    return summary(exchange) | {
        "prompt": exchange.prompt,
        "images": _images(exchange.images),
        "request": {"headers": _shown(exchange.request_head), **_body_fields(exchange.request_body)},
        "response": {"headers": _shown(exchange.response_head), **_body_fields(exchange.response_body)},
    }


def pictures(exchange: Exchange) -> list[Picture]:
    """What the images of an exchange show, in the order in which they were sent."""
    images = exchange.images
    if isinstance(images, Album):
        return [picture for picture in map(images.picture, range(images.count)) if picture is not None]
    return [note.picture for note in images]


def summary(exchange: Exchange) -> dict[str, Any]:
    """An exchange without heads, bodies and digests, for which nothing needs to be rendered; long prompts are cut."""
    prompt = exchange.prompt
    return {
        "id": str(exchange.id),
        "account": exchange.account,
        "face": exchange.face,
        "endpoint": exchange.endpoint,
        "at": round(exchange.at, 6),
        "duration_ms": round(exchange.duration * 1000, 3),
        "method": exchange.method,
        "path": exchange.target.decode("latin-1"),
        "status": exchange.status,
        "status_code": exchange.code,
        "reason": exchange.reason,
        "prompt": prompt if prompt is None or len(prompt) <= SUMMARY_PROMPT else prompt[:SUMMARY_PROMPT] + "…",
        "model": exchange.model,
        "n": exchange.n,
        "images": _sizes(exchange.images),
        "faults": [fault.label for fault in exchange.faults],
        "whole": exchange.whole,
        "client_gone": exchange.client_gone,
    }
