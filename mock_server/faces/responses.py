"""Answers that no face words: what stands before the service gives them."""

from __future__ import annotations

from mock_server.response import Response, plain


def not_found() -> Response:
    """What the live gateway answers on a path that it does not know (recorded: 18 bytes of text/plain)."""
    return plain(404, b"404 page not found")


def too_large() -> Response:
    """A body over the limit (assumed: what an nginx gateway answers)."""
    return plain(413, b"<html><head><title>413 Request Entity Too Large</title></head></html>\r\n", b"text/html")
