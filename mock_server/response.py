"""What goes on the wire, before it does."""

from __future__ import annotations

import re

from msgspec import Struct, structs


class Response(Struct):
    """A whole answer.

    ``head`` holds the header lines as they go over the wire, names in lower case, each ended by CR LF, with a right
    ``content-length``. ``kept`` is the body as the journal keeps it, if that differs (images as size and digest).
    """

    status: int
    head: bytes
    body: bytes
    kept: bytes | None = None

    @property
    def content_type(self) -> bytes:
        """The ``content-type``; empty when there is none."""
        match = _CONTENT_TYPE.search(self.head)
        return match[1] if match else b""

    @property
    def media_type(self) -> bytes:
        """The ``content-type`` without its parameters."""
        return self.content_type.partition(b";")[0].strip()


_CONTENT_TYPE = re.compile(rb"^content-type: (.*)\r$", re.MULTILINE)


def header_pairs(head: bytes) -> list[tuple[bytes, bytes]]:
    """The header lines of a `Response` as ASGI has them."""
    return [(name, value) for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[:-1])]


def with_header(response: Response, name: bytes, value: bytes) -> Response:
    """`response` with that header in the place of those of its name, or behind the others."""
    line = b"%b: %b\r\n" % (name, value)
    replaced, count = re.subn(rb"(?m)^%b: .*\r\n" % re.escape(name), lambda _: line, response.head)
    return structs.replace(response, head=replaced if count else response.head + line)


def with_body(response: Response, body: bytes, kept: bytes | None = None) -> Response:
    """`response` with another body, of which ``content-length`` tells the truth."""
    return with_header(structs.replace(response, body=body, kept=kept), b"content-length", b"%d" % len(body))


def plain(status: int, text: bytes, content_type: bytes = b"text/plain") -> Response:
    """A short answer of text."""
    return Response(status, b"content-type: %b\r\ncontent-length: %d\r\n" % (content_type, len(text)), text)
