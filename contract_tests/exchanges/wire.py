"""From bytes on the wire to an exchange: bodies as JSON where they are, images as facts."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import httpx
import msgspec
from msgspec import UNSET, Struct

from contract_tests.exchanges.comparison import BODY_LENGTH
from contract_tests.exchanges.format import Exchange, Picture, Provenance, Request, Response, compact
from contract_tests.targets.exchange import DATA_URL, look

HOPS = frozenset(
    {"host", "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"}
)
"""Headers of one connection; `Content-Length` of an answer is one of its own."""
IMAGE_FIELDS = frozenset({"image_base64", "b64_json", "image_file"})
"""Fields whose base64 is an image even if it cannot be decoded; elsewhere it has to be one."""
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")

Headers = Sequence[tuple[bytes, bytes]]


class Wire(Struct, frozen=True):
    """A request and its answer in bytes; `host` is the one that was meant, bodies are without their encoding."""

    method: str
    host: str
    path: str
    headers: Headers
    body: bytes
    status: int
    response_headers: Headers
    response_body: bytes


def sent(request: httpx.Request, status: int, headers: Headers, content: bytes, host: str = "") -> Wire:
    """A request of httpx's with what was answered; `host` is the one that was meant, if it was not the URL's."""
    path, asked = request.url.raw_path.decode("ascii"), request.headers.raw
    netloc = request.url.netloc.decode("ascii")
    return Wire(request.method, host or netloc, path, asked, request.content, status, headers, content)


class _Album:
    """The images of one exchange, in the order in which they are met; equal ones are one."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def placeholder(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        known = [picture.sha256 for picture in self.pictures]
        if digest not in known:
            seen = look(content)
            facts = {"format": seen.format, "width": seen.width, "height": seen.height} if seen else {"format": "?"}
            self.pictures.append(msgspec.convert({**facts, "bytes": len(content), "sha256": digest}, Picture))
            known.append(digest)
        return f"<image:{known.index(digest) + 1}>"

    def reduced(self, value: Any, field: str = "") -> Any:
        """A body with a placeholder for each image; `field` is the name that the value has."""
        if isinstance(value, dict):
            return {name: self.reduced(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.reduced(item, field) for item in value]
        if not isinstance(value, str):
            return value
        if ";base64," in value:
            return DATA_URL.sub(lambda match: f"data:{match[1]};base64,{self._decoded(match[2], sure=True)}", value)
        return self._decoded(value, sure=field in IMAGE_FIELDS) if _BASE64.fullmatch(value) else value

    def _decoded(self, text: str, *, sure: bool) -> str:
        """The placeholder of an image in base64; any other text as it is. `sure`: what can be decoded is one."""
        try:
            content = base64.b64decode(text.replace("\\", ""), validate=True)
        except ValueError:
            return text
        return self.placeholder(content) if sure or look(content) else text


def transcribed(wire: Wire, title: str, provenance: Provenance) -> Exchange:
    """An exchange as it was, apart from its images."""
    album = _Album()
    asked = _message(wire.headers, wire.body, album)
    answered = _message(wire.response_headers, wire.response_body, album)
    request = Request(
        method=wire.method, host=wire.host, path=wire.path, headers=_shown(wire.headers, request=True), body=asked
    )
    headers, notes = _answered(wire)
    response = Response(wire.status, headers, answered)
    return Exchange(title, provenance, request, response, redactions=tuple(notes), images=tuple(album.pictures))


def _message(headers: Headers, content: bytes, album: _Album) -> Any:
    """A body: an object where it is one, an image's placeholder, or text."""
    if not content:
        return UNSET
    kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    if kind.startswith(b"image/") or (look(content) and not kind.startswith((b"text/", b"application/json"))):
        return album.placeholder(content)
    try:
        fields = json.loads(content)
        if isinstance(fields, dict):
            return album.reduced(fields)
    except (ValueError, RecursionError):
        pass  # it is text
    try:
        return album.reduced(content.decode("utf-8"))
    except UnicodeDecodeError:
        return album.placeholder(content)


def _shown(headers: Headers, *, request: bool) -> tuple[tuple[str, str], ...]:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    left_out = HOPS | {"content-length"} if request else HOPS
    return tuple((name, value) for name, value in texts if name.lower() not in left_out)


def _answered(wire: Wire) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The headers of the answer; a length that follows from the body says so, also where the body is replaced."""
    headers = _shown(wire.response_headers, request=False)
    if any(name.lower() == "content-encoding" for name, _ in headers):
        kept = tuple(item for item in headers if item[0].lower() not in {"content-encoding", "content-length"})
        return kept, ["the body is without its Content-Encoding, and the headers without it and its length"]
    length = str(len(wire.response_body)) if _is_compact(wire.response_body) else None
    return tuple((name, _length(name, value, length)) for name, value in headers), []


def _length(name: str, value: str, length: str | None) -> str:
    return BODY_LENGTH if name.lower() == "content-length" and value == length else value


def _is_compact(content: bytes) -> bool:
    """Whether a body is JSON without white space, or none at all."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        return True
    return not isinstance(fields, dict) or compact(fields) == content
