"""Forms of ``multipart/form-data``, as SDKs send images to edit."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from msgspec import Struct

MULTIPART = b"multipart/form-data"


class Part(Struct, frozen=True):
    """One field of a form; ``filename`` is None for text."""

    name: str
    filename: str | None
    content_type: str
    data: bytes


class FormError(ValueError):
    """A body that is not the form it is announced as."""


def is_form(headers: dict[bytes, bytes]) -> bool:
    """Whether a body is announced as a form."""
    return headers.get(b"content-type", b"").lower().startswith(MULTIPART)


def _boundary(headers: dict[bytes, bytes]) -> bytes:
    from python_multipart.multipart import parse_options_header

    _, options = parse_options_header(headers.get(b"content-type", b""))
    return bytes(options.get(b"boundary", b""))


def parts(body: bytes, headers: dict[bytes, bytes]) -> list[Part]:
    """The fields of a form in their order. Raises `FormError`."""
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser

    boundary = _boundary(headers)
    if not boundary:
        raise FormError("no boundary in Content-Type")
    found = _Collector()
    try:
        parser = MultipartParser(boundary, found.callbacks)
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise FormError(str(error)) from None
    if not found.ended:
        raise FormError("it ends before its closing boundary")
    return found.parts


class _Collector:
    """Puts parts together from what the parser reports."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._field, self._value, self._data = bytearray(), bytearray(), bytearray()
        self._head: dict[bytes, bytes] = {}

    @property
    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header,
            "on_part_data": lambda data, start, end: self._data.extend(data[start:end]),
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._head, self._data = {}, bytearray()

    def _header(self) -> None:
        self._head[bytes(self._field).lower()] = bytes(self._value)
        self._field, self._value = bytearray(), bytearray()

    def _end(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._head.get(b"content-disposition", b""))
        filename = options.get(b"filename")
        self.parts.append(
            Part(
                options.get(b"name", b"").decode("utf-8", "replace"),
                None if filename is None else filename.decode("utf-8", "replace"),
                self._head.get(b"content-type", b"").decode("latin-1"),
                bytes(self._data),
            )
        )

    def _finish(self) -> None:
        self.ended = True


def without_files(body: bytes, headers: dict[bytes, bytes]) -> bytes:
    """`body` with the digest and size of each file in its place, as the journal keeps it."""
    try:
        files = [part for part in parts(body, headers) if part.filename is not None and part.data]
    except FormError:
        return body
    for part in files:
        note = f"<{len(part.data)} bytes, sha256 {sha256(part.data).hexdigest()}>"
        body = body.replace(b"\r\n\r\n" + part.data, b"\r\n\r\n" + note.encode(), 1)
    return body
