"""An exchange with a service, in the shape of the emulator's journal: no key, images as digest and size."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct
from PIL import Image

from contract_tests.targets.guard import code_of, images_of

MAX_BODY = 256 * 1024
CREDENTIALS = frozenset({"authorization", "proxy-authorization", "x-api-key", "cookie", "set-cookie"})
SHORTEST_KEY = 8
"""A shorter key is not looked for in texts: it would be everywhere."""
DATA_URL = re.compile(r"data:(image\\?/[a-zA-Z]+);base64,([A-Za-z0-9+/=\\]{64,})")

Headers = Sequence[tuple[bytes, bytes]]


class Message(Struct, frozen=True):
    """Headers and body, as they went over the wire; ``content`` is the body without its encoding."""

    headers: Headers
    content: bytes


class Looks(Struct, frozen=True):
    """What an image is: ``JPEG``, width, height."""

    format: str
    width: int
    height: int


def look(image: bytes) -> Looks | None:
    """What an image is; None when it cannot be decoded to its end."""
    try:
        with Image.open(io.BytesIO(image)) as opened:
            opened.load()
            return Looks(opened.format or "", *opened.size)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def label(key: str) -> str:
    """A name for a key that may be shown."""
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{key[:6]}*{digest}" if len(key) > SHORTEST_KEY else f"*{digest}"


def without(text: str, keys: Sequence[str]) -> str:
    """`text` with none of these keys in it."""
    for key in sorted({key for key in keys if len(key) >= SHORTEST_KEY}, key=len, reverse=True):
        text = text.replace(key, f"<key {label(key)}>")
    return text


def fields_of(body: bytes) -> Any:
    """A body as JSON; None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def exchange(path: str, request: Message, status: int, response: Message, keys: Sequence[str]) -> dict[str, Any]:
    """One exchange as the journal would show it. `keys` are those that must not be seen."""
    keys = [*keys, *_keys_in(request.headers)]
    asked, answer = fields_of(request.content), fields_of(response.content)
    asked = asked if isinstance(asked, dict) else {}
    images, text = _images(answer, response.content)
    return {
        "endpoint": "generate",
        "method": "POST",
        "path": without(path, keys),
        "status": status,
        "status_code": code_of(answer),
        "reason": None,
        "prompt": _clean(asked.get("prompt"), keys),
        "model": _clean(asked.get("model"), keys),
        "n": _clean(asked.get("n"), keys),
        "images": images,
        "faults": [],
        "whole": True,
        "client_gone": False,
        "request": {"headers": _headers(request.headers, keys)} | _body(request.content, keys),
        "response": {"headers": _headers(response.headers, keys)} | _body(text, keys),
    }


def _clean(value: Any, keys: Sequence[str]) -> Any:
    if isinstance(value, str):
        return without(value, keys)
    return value if isinstance(value, int | float | None) else None


def _keys_in(headers: Headers) -> list[str]:
    tokens = [value.decode("latin-1").partition(" ")[2] for name, value in headers if name.lower() == b"authorization"]
    return [token.strip() for token in tokens]


def _headers(headers: Headers, keys: Sequence[str]) -> list[list[str]]:
    shown = []
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        hidden = without(value, keys)
        if name.lower() in CREDENTIALS and hidden == value:
            hidden = "<redacted>"
        shown.append([name, hidden])
    return shown


def _body(content: bytes, keys: Sequence[str]) -> dict[str, str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(content[:MAX_BODY]).decode()}
    text = without(text, keys)
    if ";base64," in text:
        text = DATA_URL.sub(_digest, text)
    return {"body": text if len(text) <= MAX_BODY else f"{text[:MAX_BODY]}<cut: {len(text)} characters in all>"}


def _digest(found: re.Match[str]) -> str:
    digest = sha256(found[2].encode()).hexdigest()
    return f"data:{found[1]};base64,<{len(found[2])} characters, sha256 {digest}>"


def _images(answer: object, content: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """The images of an answer, and its body with digests in place of those that are in it."""
    images: list[dict[str, Any]] = [{"index": index} for index in range(len(images_of(answer, "image_urls")))]
    for encoded in images_of(answer, "image_base64"):
        try:
            data = base64.b64decode(encoded)
        except ValueError:
            data = b""
        found, digest = look(data), sha256(data).hexdigest()
        seen = {"format": found.format, "width": found.width, "height": found.height} if found else {"format": None}
        images.append({"index": len(images), "bytes": len(data), "sha256": digest, **seen})
        kind = found.format.lower() if found else "unreadable"
        note = f"<image/{kind}, {len(data)} bytes, sha256 {digest}>".encode()
        for written in (encoded, encoded.replace("/", "\\/")):
            content = content.replace(written.encode("utf-8", "surrogatepass"), note) if written else content
    return images, content
