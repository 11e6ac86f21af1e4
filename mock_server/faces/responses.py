"""What goes on the wire, before it does."""

from __future__ import annotations

from msgspec import Struct

Headers = list[tuple[bytes, bytes]]


class Response(Struct):
    """A whole answer. ``kept`` is the body as the journal keeps it, if that differs (images as size and digest)."""

    status: int
    headers: Headers
    body: bytes
    kept: bytes | None = None


def plain(status: int, text: bytes, content_type: bytes = b"text/plain") -> Response:
    """A short answer of text."""
    headers = [(b"content-type", content_type), (b"content-length", b"%d" % len(text))]
    return Response(status, headers, text)


def not_found() -> Response:
    """What the live gateway answers on a path that it does not know (recorded: 18 bytes of text/plain)."""
    return plain(404, b"404 page not found")


def too_large() -> Response:
    """A body over the limit (assumed: what an nginx gateway answers)."""
    return plain(413, b"<html><head><title>413 Request Entity Too Large</title></head></html>\r\n", b"text/html")
