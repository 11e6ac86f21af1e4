"""The door of the admin API: who may call it, and with how much."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any

import msgspec

from mock_server.admin.hosts import Callers
from mock_server.admin.login import Login
from mock_server.faces.turn import Receive, Scope, Send
from mock_server.settings import Settings

MAX_BODY_BYTES = 1024 * 1024
LINGER_BYTES = 16 * 1024 * 1024
LINGER_SECONDS = 2.0
"""How much more of a body that is too long is thrown away, so that a client that writes before it reads gets the answer
and not a reset connection (https://www.rfc-editor.org/rfc/rfc9112#section-9.6)."""

_READING = frozenset({"GET", "HEAD"})
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    b"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PROTECTION = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", _POLICY),
)
Message = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class ClientGoneError(Exception):
    """The client left before its request was whole."""


class Guard:
    """ASGI middleware: refuses calls of strangers' pages, calls without the token, and bodies that are too long."""

    def __init__(self, app: Asgi, settings: Settings) -> None:
        self._app = app
        self._callers = Callers(settings)
        self._login = Login(settings.admin_token) if settings.admin_token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or refuse it."""

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_PROTECTION]
            await send(message)

        if await self._refused(scope, protected):
            return
        try:
            body = await _whole_body(scope, receive)
        except ClientGoneError:
            return
        if body is None:
            await _too_long(receive, protected)
        else:
            await self._app(scope, _again(body, receive), protected)

    async def _refused(self, scope: Scope, send: Send) -> bool:
        """Answer a call that may not come in; False for one that may."""
        reading, path, headers = scope["method"] in _READING, scope["path"], scope["headers"]
        if reading and path == "/_mock/health":
            return False
        complaint = self._callers.complaint(headers, changing=not reading)
        if complaint:
            await _answer(send, 403, complaint)
            return True
        if self._login is None:
            return False
        entered = self._login.enter(scope["query_string"]) if reading and path in {"/_mock", "/_mock/"} else None
        if entered is None:
            complaint = self._login.complaint(headers)
        elif entered[1] is None:
            complaint = "the token in the URL is wrong; open /_mock/?token=TOKEN with the right one"
        else:
            await _answer(send, 303, None, [(b"location", entered[0].encode()), (b"set-cookie", entered[1].encode())])
            return True
        if complaint:
            await _answer(send, 401, complaint, [(b"www-authenticate", b'X-Admin-Token realm="minimax-mock"')])
        return complaint is not None


async def _answer(
    send: Send, status: int, complaint: str | None, headers: Iterable[tuple[bytes, bytes]] = (), *, last: bool = True
) -> None:
    body = b"" if complaint is None else msgspec.json.encode({"error": complaint})
    length = (b"content-length", b"%d" % len(body))
    shown = [(b"content-type", b"application/json"), length, (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": shown})
    await send({"type": "http.response.body", "body": body, "more_body": not last})


async def _whole_body(scope: Scope, receive: Receive) -> bytes | None:
    """The body of a call; None as soon as it is known to be too long. Raises `ClientGoneError`."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > 15 or int(declared) > MAX_BODY_BYTES:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


async def _too_long(receive: Receive, send: Send) -> None:
    complaint = f"the body of an admin call may have {MAX_BODY_BYTES} bytes at most"
    await _answer(send, 413, complaint, [(b"connection", b"close")], last=False)
    thrown = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while thrown < LINGER_BYTES:
                message = await receive()
                thrown += len(message.get("body", b""))
                if not message.get("more_body"):
                    break
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive`, with the body that was read already before everything else."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
