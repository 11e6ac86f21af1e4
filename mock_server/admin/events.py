"""``GET /_mock/events``: the journal as server-sent events (https://html.spec.whatwg.org/#server-sent-events)."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from mock_server.admin.queries import Viewer, matching, number, parameters, scope_of, viewer
from mock_server.core.matching import FIELDS, Matcher
from mock_server.dispatch import Engine
from mock_server.faces.turn import Receive, Scope, Send
from mock_server.feed import Cleared, Lost, News, Watch

HEARTBEAT_SECONDS = 15.0
FAREWELL_SECONDS = 0.2
BATCH = 16
"""So many exchanges are encoded and sent at once; a body in the journal has up to a quarter of a megabyte."""

_SEPARATORS = [(char.encode(), b"\\u%04x" % ord(char)) for char in "\x85\u2028\u2029"]
"""What JSON may hold as it is and many readers of lines take for an end of one (``str.splitlines``)."""

_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


def events(engine: Engine) -> APIRouter:
    """The route, as a part of the admin API."""
    router = APIRouter()

    @router.get("/events", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
    async def follow(request: Request) -> Response:
        """Every new exchange as a server-sent event; filters as for the journal, since (an id), view."""
        given = parameters(request, "account", *FIELDS, "since", "view")
        shown = viewer(request, engine.digest_of, ("full", "summary"))
        account = scope_of(request, engine.state)
        last = request.headers.get("last-event-id")
        since = number("since", given["since"]) if "since" in given else None
        since = since if last is None else number("Last-Event-ID", last)
        return EventStream(engine, account.name if account else None, since, matching(given), shown)

    return router


class EventStream(Response):
    """An answer that goes on until the client leaves or the server stops."""

    media_type = "text/event-stream"
    charset = "utf-8"

    def __init__(self, engine: Engine, owner: str | None, since: int | None, wanted: Matcher, shown: Viewer) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers(_HEADERS)
        self._engine = engine
        self._owner = owner
        self._since = since
        self._wanted = wanted
        self._shown = shown

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send what happens to the journal."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(awake)

        def awake() -> None:
            news.set()
            if watch.ended:
                pump.cancel()  # it may be waiting for a client that does not read

        watch = self._engine.state.watch(self._owner, wake, self._since)
        pump = asyncio.ensure_future(self._pump(watch, news, send))
        gone = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({pump, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.close()
            here = not gone.done()
            pump.cancel()
            gone.cancel()
            await asyncio.wait({pump, gone})
        if not pump.cancelled():
            pump.result()
        elif here:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pump(self, watch: Watch, news: asyncio.Event, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        text = b": the journal, from here on\n\n"
        while True:
            if text:
                await send({"type": "http.response.body", "body": text, "more_body": True})
            news.clear()
            batch = watch.take(BATCH)
            text = await asyncio.to_thread(self._encoded, batch) if batch else await _heartbeat(news)

    def _encoded(self, batch: list[News]) -> bytes:
        return b"".join(self._event(item) for item in batch)

    def _event(self, item: News) -> bytes:
        if isinstance(item, Cleared):
            return b"event: cleared\ndata: %b\n\n" % msgspec.json.encode(item)
        if isinstance(item, Lost):
            return b"event: lost\ndata: %b\n\n" % msgspec.json.encode(item)
        if not self._wanted.matches(item):
            return b""
        data = msgspec.json.encode(self._shown(item))
        for separator, escaped in _SEPARATORS:
            data = data.replace(separator, escaped)
        return b"id: %d\nevent: exchange\ndata: %b\n\n" % (item.id, data)


async def _heartbeat(news: asyncio.Event) -> bytes:
    """Wait for news; a comment when there is none for long, so that nobody between takes the stream for dead."""
    with suppress(TimeoutError):
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            await news.wait()
            return b""
    return b": still here\n\n"


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
