"""Stands between a client and a service that costs money: passes calls on, at the service's pace, and records them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import uvicorn
from msgspec import Struct

from contract_tests.exchanges.wire import Wire
from contract_tests.targets.exchange import Headers, Message, exchange, fields_of
from contract_tests.targets.guard import Guard, Refused, Why
from contract_tests.targets.pace import Pace

PATH = "/v1/image_generation"
START_SECONDS = 30.0
MOST_KEPT = 200
"""So many exchanges are kept: what is refused here costs a client in a loop nothing, and could fill the memory."""
OWN_HOPS = frozenset(
    {b"host", b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade",
     b"content-length", b"expect"}
)  # fmt: skip
"""Headers that belong to one connection, and are not passed on."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Fate = Why | Literal["", "unreachable", "broken", "timeout", "redirect"]


class Upstream(Struct, frozen=True):
    """Where calls go, and how many seconds an answer may take."""

    url: str
    answer_seconds: float


class Answer(Struct, frozen=True):
    """What the client gets. `fate` says why it is not what the service sent; then `told` is for people.

    ``content`` is the body without its encoding, ``received`` are the service's own headers, with those of its hop.
    """

    status: int
    headers: Headers
    body: bytes
    content: bytes = b""
    fate: Fate = ""
    told: str = ""
    received: Headers = ()


Notice = Callable[[Wire], object]
"""Called with each exchange with the service, once it is over."""
Elsewhere = Callable[[Scope, Message, httpx.AsyncClient], Awaitable[Answer | None]]
"""Answers what is not for the service; None for what is."""


class Meter:
    """A server on a free port and its own thread, for one account; `keys` are kept out of what it records."""

    def __init__(
        self, upstream: Upstream, guard: Guard, pace: Pace, keys: tuple[str, ...], *,
        notice: Notice | None = None, elsewhere: Elsewhere | None = None,
    ) -> None:  # fmt: skip
        self._upstream = upstream
        self._guard = guard
        self._pace = pace
        self._keys = keys
        self._notice = notice
        self._elsewhere = elsewhere
        self._http: httpx.AsyncClient
        self.exchanges: list[dict[str, Any]] = []
        self.requests = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._ready = threading.Event()
        config = uvicorn.Config(
            self._answer, interface="asgi3", lifespan="off", ws="none", loop="none", log_config=None,
            log_level="critical", access_log=False, server_header=False, date_header=False, proxy_headers=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="meter", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            msg = f"the meter did not start within {START_SECONDS:g} s"
            raise RuntimeError(msg)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with httpx.AsyncClient(timeout=None) as self._http:  # noqa: S113  the whole answer has a limit
            self._ready.set()  # the socket listens already
            await self._server.serve([self._listening])

    def close(self) -> None:
        """Answer no more: what a client that was given up still tries is refused by the operating system."""
        self._server.should_exit = True
        self._thread.join()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        body = await _whole(receive)
        if body is None:
            return
        request = Message(scope["headers"], body)
        other = await self._other(scope, request)
        if other is not None:
            await _send(send, other)
            return
        path = PATH + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        held = self._guard.admit(list(request.headers), body)
        if isinstance(held, Refused):
            answer = own(held.why, held.message)
        elif not await self._in_turn(receive):
            self._guard.unsent(held)
            return
        else:
            answer = await self._passed_on(path, request, held)
        if len(self.exchanges) < MOST_KEPT:
            seen = Message(answer.headers, answer.content or answer.body)
            noted = exchange(path, request, answer.status, seen, self._keys)
            if answer.fate:
                noted |= {"status_code": None, "reason": answer.told}
            self.exchanges.append(noted | {"meter": answer.fate})
        if self._notice is not None and not answer.fate:
            host = urlsplit(self._upstream.url).netloc
            asked = ("POST", host, path, request.headers, request.content)
            self._notice(Wire(*asked, answer.status, answer.received, answer.content))
        await _send(send, answer)

    async def _other(self, scope: Scope, request: Message) -> Answer | None:
        """The answer to what is not for the service."""
        if self._elsewhere is not None and (answer := await self._elsewhere(scope, request, self._http)) is not None:
            return answer
        if scope["method"] != "POST" or scope["path"] != PATH:
            return Answer(404, [(b"content-type", b"text/plain")], b"404 page not found")
        return None

    async def _in_turn(self, receive: Receive) -> bool:
        """Wait until the service allows a call; False when the client left meanwhile, and nothing is to be sent."""
        gone = asyncio.ensure_future(_gone(receive))
        waiting = asyncio.ensure_future(self._pause(self._pace.book()))
        try:
            await asyncio.wait({gone, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return not gone.done()
        finally:
            gone.cancel()
            waiting.cancel()

    async def _pause(self, seconds: float) -> None:
        await self._pace.pause(seconds)

    async def _passed_on(self, path: str, request: Message, held: int) -> Answer:
        headers = [(name, value) for name, value in request.headers if name.lower() not in OWN_HOPS]
        url = self._upstream.url + path
        settled = False
        try:
            async with asyncio.timeout(self._upstream.answer_seconds):
                call = httpx.Request("POST", url, headers=headers, content=request.content)
                answer = await self._received(call)
            status = 404 if answer.fate == "redirect" else answer.status
            self._guard.settle(held, status, fields_of(answer.content))
            settled = True
        except TimeoutError:
            answer = own("timeout", f"{url} did not answer within {self._upstream.answer_seconds:g} s")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.ProxyError) as error:
            self._guard.unsent(held)
            settled = True
            answer = own("unreachable", f"{url} cannot be reached: {error or type(error).__name__}")
        except httpx.HTTPError as error:
            answer = own("broken", f"the connection to {url} broke: {error or type(error).__name__}")
        finally:
            if not settled:  # also when the run ends meanwhile: it may have been carried out
                self._guard.settle(held, None, None)
        return answer

    async def _received(self, call: httpx.Request) -> Answer:
        response = await self._http.send(call, stream=True, follow_redirects=False)
        try:
            raw = b"".join([part async for part in response.aiter_raw()])
        finally:
            await response.aclose()
        if response.is_redirect:  # a client that follows would go past the meter
            return own("redirect", f"{call.url} redirects to {response.headers.get('location')}")
        received = response.headers.raw
        headers = [(name, value) for name, value in received if name.lower() not in OWN_HOPS]
        return Answer(response.status_code, headers, raw, decoded(response, raw), received=received)


def decoded(response: httpx.Response, raw: bytes) -> bytes:
    """The body without its encoding; as it is, where that cannot be undone."""
    encoding = response.headers.get("content-encoding")
    if not encoding:
        return raw
    try:
        return httpx.Response(200, headers={"content-encoding": encoding}, content=raw).content
    except httpx.DecodingError:
        return raw


def own(fate: Fate, told: str) -> Answer:
    """An answer of the meter's own: an error under every reading, and one that it does not pay to repeat."""
    body = json.dumps({"base_resp": {"status_code": 1008, "status_msg": f"minimax-mock: {told}"}}).encode()
    return Answer(402, [(b"content-type", b"application/json")], body, fate=fate, told=told)


async def _whole(receive: Receive) -> bytes | None:
    """The body; None when the client left before it was whole."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: Answer) -> None:
    headers = list(answer.headers)
    if not any(name.lower() == b"content-length" for name, _ in headers):  # an answer to HEAD has one of its own
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
