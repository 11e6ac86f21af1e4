"""What goes on the wire, before it does."""

from __future__ import annotations

from msgspec import Struct


class Response(Struct):
    """A whole answer.

    ``head`` holds the header lines as they go over the wire, names in lower case, each ended by CR LF, with a right
    ``content-length``. ``kept`` is the body as the journal keeps it, if that differs (images as size and digest).
    """

    status: int
    head: bytes
    body: bytes
    kept: bytes | None = None


def header_pairs(head: bytes) -> list[tuple[bytes, bytes]]:
    """The header lines of a `Response` as ASGI has them."""
    return [(name, value) for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[:-1])]


def plain(status: int, text: bytes, content_type: bytes = b"text/plain") -> Response:
    """A short answer of text."""
    return Response(status, b"content-type: %b\r\ncontent-length: %d\r\n" % (content_type, len(text)), text)


def not_found() -> Response:
    """What the live gateway answers on a path that it does not know (recorded: 18 bytes of text/plain)."""
    return plain(404, b"404 page not found")


def too_large() -> Response:
    """A body over the limit (assumed: what an nginx gateway answers)."""
    return plain(413, b"<html><head><title>413 Request Entity Too Large</title></head></html>\r\n", b"text/html")
