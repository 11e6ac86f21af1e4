"""An answer to a generation, from bytes to images. Pure; every correct client reads answers by it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.contract.clients.errors import ClientError, of_code, of_status


class Reply(NamedTuple):
    """What came over the wire."""

    status: int
    content: bytes
    retry_after: float = 0.0


def json_of(reply: Reply) -> dict[str, Any]:
    """The object that the body is; an empty one if it is none. The encoding is UTF-8 whatever the header says."""
    try:
        said = json.loads(reply.content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def check(reply: Reply, said: Mapping[str, Any]) -> None:
    """Raise `ClientError` unless this is a success: HTTP status 200 and status code 0."""
    base = said.get("base_resp")
    code = base.get("status_code") if isinstance(base, dict) else None
    if isinstance(code, int) and code != 0:
        error = of_code(code, str(base.get("status_msg") or "no message"))
    elif reply.status != 200:
        error = of_status(reply.status)
    elif code is None:
        error = ClientError("the service did not answer in its own format", category="protocol")
    else:
        return
    error.retry_after = reply.retry_after
    raise error


def items(said: Mapping[str, Any], key: str) -> list[str]:
    """URLs or base64 images in order. Raises `ClientError` when there are none: content safety blocked them all."""
    data = said.get("data")
    found = (data.get(key) if isinstance(data, dict) else None) or []
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        msg = f"data.{key} is no list of texts"
        raise ClientError(msg, category="protocol")
    if not found:
        raise ClientError("content safety blocked every image", category="content", retryable=False)
    return found


def missing(request: Mapping[str, Any], found: list[Any]) -> int:
    """How many of the images that were asked for did not come. Needs no counts, so their types do not matter."""
    return max(int(request.get("n") or 1) - len(found), 0)


def key_of(request: Mapping[str, Any]) -> str:
    """Where the images are."""
    return "image_base64" if request.get("response_format") == "base64" else "image_urls"


def decoded(text: str) -> bytes:
    """The bytes of a base64 image. Raises `ClientError` for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ClientError("an image is no valid base64", category="protocol") from None


def seconds_of(header: str | None) -> float:
    """Retry-After in seconds; 0 if there is none, or it is a date."""
    return float(header) if header and header.isascii() and header.isdecimal() else 0.0
