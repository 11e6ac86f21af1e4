"""One request while it is being answered: read, waited for, sent, and in the end written to the journal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from math import inf
from time import perf_counter
from typing import Any

from mock_server.account import Account
from mock_server.album import Album
from mock_server.core.credentials import NO_SECRET, Secret, label
from mock_server.core.types import ImageRequest, Injected
from mock_server.dispatch import Engine
from mock_server.faces.responses import too_large
from mock_server.injection import Injection
from mock_server.journal import Exchange, ImageNote, kept_body
from mock_server.response import Response, header_pairs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger("minimax_mock")

MAX_BODY_BYTES = 32 * 1024 * 1024


class Turn:
    """The ASGI triple of one request, and what the journal will say of it.

    ``place`` is the account named in the path (``/~NAME/``), ``live`` whether the Host is one of the live service's,
    ``region`` MiniMax's site that it belongs to, ``also_injected`` faults that came earlier and show in this answer,
    and ``patience`` for how many seconds the client is ready to be held back.
    """

    face = endpoint = ""
    place: str | None = None
    live: bool = False
    region: str | None = None
    token: str | None = None
    account: Account | None = None
    body = b""
    response: Response | None = None
    now: float | None = None
    code: int | None = None
    reason: str | None = None
    request: ImageRequest | None = None
    patience = inf
    injection: Injection | None = None
    also_injected: tuple[Injected, ...] = ()
    whole = True
    images: Album | tuple[ImageNote, ...] = ()
    client_gone = False
    recorded = False
    too_large: Callable[[], Response] = staticmethod(too_large)
    """How the face of this call refuses a body over the limit."""
    journalled: Callable[[bytes], bytes] | None = None
    """What the journal keeps of the body, where it is not all of it."""

    def __init__(self, engine: Engine, scope: Scope, receive: Receive, send: Send) -> None:
        self.started = perf_counter()
        self.engine = engine
        self.scope = scope
        self.receive = receive
        self.send_message = send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])

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
                await self.send(self.too_large())
                return False
            if not message.get("more_body"):
                self.body = b"".join(parts)
                return True
            message = await self.receive()
        self.client_gone = True
        return False

    @property
    def outlet(self) -> Any:
        """The way to write to the connection itself (``mock_server.protocol``), under a server that has it."""
        extensions = self.scope.get("extensions")
        return extensions.get("minimax_mock.outlet") if extensions else None

    async def pause(self, seconds: float) -> bool:
        """Let `seconds` pass, or infinity; False as soon as the client goes away."""
        if seconds <= 0:
            return True
        try:
            async with asyncio.timeout(seconds if seconds < inf else None):
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
        body = b"" if self.scope["method"] == "HEAD" else response.body
        outlet = self.outlet
        if outlet is not None and outlet.whole(response.status, response.head, body):
            return
        headers = header_pairs(response.head)
        await self.send_message({"type": "http.response.start", "status": response.status, "headers": headers})
        await self.send_message({"type": "http.response.body", "body": body})

    def record(self) -> None:
        """Write the journal entry, once, whatever happened. A failure here is logged, never the client's trouble."""
        if self.recorded:
            return
        self.recorded = True
        try:
            self.engine.state.append(self._exchange())
        except Exception:
            log.exception("the journal could not keep a request to %s", self.scope["path"])

    def _exchange(self) -> Exchange:
        engine, account, scope, response = self.engine, self.account, self.scope, self.response
        key = self.token
        if account is not None and (key is None or key == account.name):
            key, secret = account.name, account.secret
        else:
            secret = NO_SECRET if key is None else Secret(key, label(key))
        query = scope["query_string"]
        target = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
        request = self.request
        prompt = None if request is None else request.prompt
        if prompt is not None and key is not None and key in prompt:
            prompt = secret.out_of(prompt.encode()).decode("utf-8", "replace")
        return Exchange(
            engine.state.next_exchange(),
            account.name if account else "",
            account.label if account else "",
            self.face,
            self.endpoint,
            engine.clock.now() if self.now is None else self.now,
            self.started,
            perf_counter() - self.started,
            scope["method"],
            secret.out_of(target),
            secret.out_of_head(scope["headers"], self.headers),
            kept_body(self.body if self.journalled is None else self.journalled(self.body), secret),
            response.status if response else 0,
            response.head if response else b"",
            b"" if response is None else kept_body(response.kept or response.body, secret),
            self.code,
            self.reason,
            prompt,
            None if request is None else request.model,
            None if request is None else request.n,
            self.images,
            self.also_injected if self.injection is None else self.also_injected + self.injection.injected,
            self.whole,
            self.client_gone,
        )
