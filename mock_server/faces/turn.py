"""One request while it is being answered: read, waited for, sent, and in the end written to the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from mock_server.account import Account
from mock_server.album import Album
from mock_server.core.credentials import label
from mock_server.dispatch import Engine
from mock_server.faces.responses import Response, too_large
from mock_server.journal import Exchange, ImageNote, Secret, kept_body, request_head, response_head

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY_BYTES = 32 * 1024 * 1024


class Turn:
    """The ASGI triple of one request, and what the journal will say of it."""

    __slots__ = (
        "account",
        "body",
        "client_gone",
        "code",
        "endpoint",
        "engine",
        "face",
        "headers",
        "images",
        "now",
        "place",
        "prompt",
        "reason",
        "receive",
        "recorded",
        "region",
        "response",
        "scope",
        "send_message",
        "started",
        "token",
    )

    def __init__(self, engine: Engine, scope: Scope, receive: Receive, send: Send) -> None:
        self.started = perf_counter()
        self.engine = engine
        self.scope = scope
        self.receive = receive
        self.send_message = send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.face = self.endpoint = ""
        self.place: str | None = None
        self.region: str | None = None
        self.token: str | None = None
        self.account: Account | None = None
        self.body = b""
        self.response: Response | None = None
        self.now: float | None = None
        self.code: int | None = None
        self.reason: str | None = None
        self.prompt: str | None = None
        self.images: Album | tuple[ImageNote, ...] = ()
        self.client_gone = False
        self.recorded = False

    async def read(self) -> bool:
        """Read the body; False when there is nobody to answer any more, or it was refused as too large."""
        message = await self.receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            self.body = message.get("body", b"")
            return True
        parts, size = [], 0
        while message["type"] == "http.request":
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > MAX_BODY_BYTES:
                await self.send(too_large())
                return False
            if not message.get("more_body"):
                self.body = b"".join(parts)
                return True
            message = await self.receive()
        self.client_gone = True
        return False

    async def pause(self, seconds: float) -> bool:
        """Let `seconds` pass; False as soon as the client goes away."""
        if seconds <= 0:
            return True
        try:
            async with asyncio.timeout(seconds):
                while (await self.receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return True
        self.client_gone = True
        return False

    async def send(self, response: Response) -> None:
        """Put a whole answer on the wire. The journal has it before the client does."""
        self.response = response
        self.record()
        await self.send_message({"type": "http.response.start", "status": response.status, "headers": response.headers})
        body = b"" if self.scope["method"] == "HEAD" else response.body
        await self.send_message({"type": "http.response.body", "body": body})

    def record(self) -> None:
        """Write the journal entry, once, whatever happened."""
        if self.recorded:
            return
        self.recorded = True
        engine, account, scope, response = self.engine, self.account, self.scope, self.response
        shown = account.label if account and account.name == self.token else label(self.token or "")
        secret = Secret(self.token, shown)
        query = scope["query_string"]
        target = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
        line = b"%b %b HTTP/%b" % (scope["method"].encode(), target, scope["http_version"].encode())
        prompt = self.prompt
        if prompt is not None and self.token is not None and self.token in prompt:
            prompt = secret.out_of(prompt.encode()).decode("utf-8", "replace")
        engine.state.append(
            Exchange(
                engine.state.next_exchange(),
                account.name if account else "",
                account.label if account else "",
                self.face,
                self.endpoint,
                engine.clock.now() if self.now is None else self.now,
                perf_counter() - self.started,
                request_head(line, scope["headers"], secret),
                kept_body(self.body, secret),
                response.status if response else 0,
                response_head(response.status, response.headers) if response else b"",
                b"" if response is None else kept_body(response.kept or response.body, secret),
                self.code,
                self.reason,
                prompt,
                self.images,
                (),
                self.client_gone,
            )
        )
