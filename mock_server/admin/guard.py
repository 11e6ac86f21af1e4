"""Keeps web pages that the developer's browser has open from changing the emulator."""

from __future__ import annotations

from urllib.parse import urlsplit

from mock_server.faces.turn import Receive, Scope, Send
from mock_server.response import header_pairs, plain

_READING = frozenset({"GET", "HEAD"})


class SameOrigin:
    """ASGI middleware: a changing request that a browser sends from another origin gets 403."""

    def __init__(self, app: object) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        origin = headers.get(b"origin")
        if scope["method"] in _READING or origin is None or _same(origin, headers.get(b"host", b"")):
            await self._app(scope, receive, send)  # type: ignore[operator]
            return
        text = f'{{"error":"a page of {origin.decode("latin-1")!r} may not change this emulator"}}'.encode()
        response = plain(403, text, b"application/json")
        start = {"type": "http.response.start", "status": response.status, "headers": header_pairs(response.head)}
        await send(start)
        await send({"type": "http.response.body", "body": response.body})


def _same(origin: bytes, host: bytes) -> bool:
    return urlsplit(origin.decode("latin-1")).netloc == host.decode("latin-1")
