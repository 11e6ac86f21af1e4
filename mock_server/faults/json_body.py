"""JSON answers taken apart and put together again, for the faults that change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from mock_server.response import Response, with_body

PATH = r"^[^.]+(\.[^.]+)*$"
"""A path such as ``data.image_urls.0``: names and indexes with dots between."""


class Missing(Exception):  # noqa: N818, it says what is the case
    """Nothing stands at that path."""


def content(response: Response) -> Any:
    """What a JSON answer says; None for an answer that is not JSON."""
    if response.media_type != b"application/json" or not response.body:
        return None
    return msgspec.json.decode(response.body)


def rewritten(response: Response, change: Callable[[Any], Any]) -> Response:
    """`response` with `change` made to what it says; the copy that the journal keeps is changed alike."""
    kept = None if response.kept is None else _encoded(change(msgspec.json.decode(response.kept)))
    return with_body(response, _encoded(change(msgspec.json.decode(response.body))), kept)


def _encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)


def parent(value: Any, path: str) -> tuple[Any, Any]:
    """The object or list that holds the end of `path`, and the key or index there. Raises `Missing`."""
    *way, last = path.split(".")
    for part in way:
        value = value[_key(value, part)]
    return value, _key(value, last, new=isinstance(value, dict))


def has(value: Any, path: str) -> bool:
    """Whether something, be it null, stands at `path`."""
    try:
        holder, key = parent(value, path)
    except Missing:
        return False
    return isinstance(holder, list) or key in holder


def can_hold(value: Any, path: str) -> bool:
    """Whether something could be put at `path`."""
    try:
        parent(value, path)
    except Missing:
        return False
    return True


def _key(value: Any, part: str, *, new: bool = False) -> Any:
    if isinstance(value, dict) and (new or part in value):
        return part
    if isinstance(value, list) and part.isdecimal() and len(part) < 6 and int(part) < len(value):
        return int(part)
    raise Missing(part)
