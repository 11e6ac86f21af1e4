"""The file of an exchange: a request, its answer, and where they are known from (docs/recordings.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, structs

WIDTH = 118
"""Lists and objects that fit into so many characters are written in one line."""


_HALF = re.compile("[\ud800-\udfff]")


class FormatError(ValueError):
    """A file that is no exchange; the message names the file and the field."""


class Provenance(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where an exchange is known from.

    ``recorded``: somebody kept what went over the wire. ``documented``: an example of the service's own documents.
    ``transcribed``: somebody wrote down a part of it, a message or a code.
    """

    kind: Literal["recorded", "documented", "transcribed"]
    source: str
    url: str = ""
    date: date | None = None
    note: str = ""


class Given(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a replay needs besides the recording.

    ``scenario``, ``settings`` and ``rules`` are the state of the emulator's account, ``keys`` says which keys it knows.
    ``key`` is sent where the recording does not show the request's own, none at all if it is empty. ``body`` has the
    fields that the recording does not tell. What was recorded of another endpoint is asked by ``method`` and ``path``
    instead, and ``words`` are what that endpoint calls by other names.
    """

    scenario: str = ""
    settings: Mapping[str, Any] = {}
    rules: tuple[Mapping[str, Any], ...] = ()
    keys: Literal["open", "strict"] = "open"
    key: str | None = None
    method: str = ""
    path: str = ""
    words: Mapping[str, str] = {}
    body: Any = UNSET


class Request(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What was asked. ``host`` is the one that was meant. A host or a body that is not there is not known."""

    method: str
    host: str = ""
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = UNSET


class Response(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was answered.

    Unless it is ``complete``, the body may have had more; unless it is ``ordered``, the order of its keys says nothing.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = UNSET
    complete: bool = True
    ordered: bool = True


class Picture(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is kept of an image; the first of a file is ``<image:1>`` in its bodies."""

    format: str
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    sha256: str = ""


class Exchange(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One request with its answer. ``claims`` are those of fixtures/claims.toml that rest on it."""

    title: str
    provenance: Provenance
    request: Request
    response: Response
    claims: tuple[str, ...] = ()
    given: Given = Given()
    redactions: tuple[str, ...] = ()
    images: tuple[Picture, ...] = ()


ORDER = ("title", "provenance", "claims", "given", "redactions", "request", "response", "images")
"""How the fields of a file are ordered."""


def read(file: Path) -> Exchange:
    """The exchange in a file. Raises `FormatError`."""
    try:
        return parsed(file.read_bytes())
    except FormatError as error:
        raise FormatError(f"{file.name}: {error}") from None
    except OSError as error:
        raise FormatError(f"{file.name}: {error.strerror}") from None


def parsed(content: bytes) -> Exchange:
    """The exchange that a file has for its content. Raises `FormatError`."""
    try:
        fields = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}") from None
    try:
        return msgspec.convert(fields, Exchange)
    except msgspec.ValidationError as error:
        raise FormatError(_explained(str(error))) from None


def text(exchange: Exchange) -> str:
    """An exchange as its file has it; equal exchanges give equal files."""
    fields = msgspec.to_builtins(exchange)
    return _written({name: fields[name] for name in ORDER if name in fields}, 0) + "\n"


def write(exchange: Exchange, file: Path) -> None:
    """Write a new file. Raises `FileExistsError` rather than replace one."""
    with file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(text(exchange))


def compact(body: Any) -> bytes:
    """A body as the service writes it: JSON without white space; text as it is."""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"{twice!r} is there twice"
        raise ValueError(msg)
    return fields


_STRUCTS: dict[str, type[Struct]] = {
    "": Exchange, "provenance": Provenance, "given": Given, "request": Request, "response": Response, "images": Picture,
}  # fmt: skip


def _explained(problem: str) -> str:
    """msgspec's message with the field in front, and for an unknown field the nearest that there is."""
    said, _, where = problem.partition(" - at `$")
    place = where.removesuffix("`").removeprefix(".")
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", said)
    if unknown:
        from mock_server.nearest import nearest

        fields = structs.fields(_STRUCTS[re.sub(r"\[.*", "", place)])
        said = f"unknown field {unknown[1]!r}; {nearest(unknown[1], [field.name for field in fields])}"
    missing = re.fullmatch(r"Object missing required field `(.*)`", said)
    if missing:
        said = f"needs {missing[1]!r}"
    return f"{place}: {said}" if place else said


def _written(value: Any, depth: int) -> str:
    """JSON in lines, where what is short stays in one; the outermost object never does."""
    line = _line(value)
    if not isinstance(value, dict | list | tuple) or not value:
        return line
    if depth and 2 * depth + len(line) <= WIDTH and not any(isinstance(item, dict) for item in _inside(value)):
        return line
    pad, end = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        items = [f"{_line(name)}: {_written(item, depth + 1)}" for name, item in value.items()]
        return "{\n" + ",\n".join(pad + item for item in items) + f"\n{end}}}"
    return "[\n" + ",\n".join(pad + _written(item, depth + 1) for item in value) + f"\n{end}]"


def _line(value: Any) -> str:
    """JSON in one line; what is no character (half of a surrogate pair) is escaped."""
    return _HALF.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)
