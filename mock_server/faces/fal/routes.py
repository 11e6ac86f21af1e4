"""Which call of fal's hosts a request is. Each host has a prefix on our port, ``/fal/queue`` for example."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.faces.fal import cdn, queue, storage, stream
from mock_server.faces.fal.answers import problem, reply, shared
from mock_server.faces.fal.run import run
from mock_server.faces.turn import Turn
from mock_server.response import Response

_JOB = re.compile(r"fal-ai/minimax/requests/([^/]+)(?:/(status|status/stream|cancel|response))?/?$")
_BELOW_ENDPOINT = re.compile(r"[^/]+/[^/]+/.+/requests/[^/]+(/.*)?$")
_PREFLIGHT = (
    b"access-control-allow-methods: GET, POST, PUT, DELETE, OPTIONS\r\naccess-control-allow-headers: %b\r\n"
    b"access-control-max-age: 86400\r\ncontent-length: 0\r\n"
)
TARGET = b"x-fal-target-url"


async def answer(turn: Turn, path: str) -> None:
    """Answer a request under ``/fal/``."""
    turn.face = "fal"
    if turn.scope["method"] == "OPTIONS":
        if await turn.read():
            await turn.send(_preflight(turn))
        return
    part, _, rest = path.removeprefix("/fal/").partition("/")
    handler = _HANDLERS.get(part)
    if handler is not None:
        await handler(turn, rest)
    else:
        await _refuse(turn, problem(404, "Not Found"))


def _preflight(turn: Turn) -> Response:
    """Leave for a page of any origin to call (fal's applications answer so)."""
    asked = turn.headers.get(b"access-control-request-headers", b"*")
    return shared(Response(200, _PREFLIGHT % asked, b""))


async def _refuse(turn: Turn, response: Response) -> None:
    if await turn.read():
        await turn.send(response)


async def _run(turn: Turn, path: str) -> None:
    if turn.scope["method"] != "POST":
        await _refuse(turn, problem(405, "Method Not Allowed", (("allow", "POST"),)))
        return
    await run(turn, path.rstrip("/"))


async def _queue(turn: Turn, path: str) -> None:
    method, match = turn.scope["method"], _JOB.match(path)
    if match is None:
        known = method == "POST" and not _BELOW_ENDPOINT.match(path)
        if known:
            await queue.submit(turn, path.rstrip("/"))
        else:
            await _refuse(turn, problem(405, "Method Not Allowed"))
        return
    number, what = match[1], match[2] or "response"
    verb, act = _JOB_CALLS[what]
    if method != verb:
        await _refuse(turn, problem(405, "Method Not Allowed", (("allow", verb),)))
        return
    await act(turn, number)


_JOB_CALLS: dict[str, tuple[str, Callable[[Turn, str], Awaitable[None]]]] = {
    "status": ("GET", queue.status),
    "status/stream": ("GET", stream.stream),
    "response": ("GET", queue.result),
    "cancel": ("PUT", queue.cancel),
}


async def _proxy(turn: Turn, _: str) -> None:
    """What ``proxyUrl`` of the JavaScript client leads to: the call that ``x-fal-target-url`` names."""
    given = turn.headers.get(TARGET, b"").decode("latin-1")
    target = urlsplit(given)
    prefix = LIVE_HOSTS.get((target.hostname or "").lower(), "")
    if not given:
        await _refuse(turn, reply(400, "Missing the x-fal-target-url header"))
    elif not prefix.startswith("/fal/"):
        await _refuse(turn, reply(412, "Invalid x-fal-target-url header"))
    else:
        path = prefix + target.path
        query = target.query.encode("latin-1")
        turn.scope = {**turn.scope, "path": path, "raw_path": path.encode("latin-1"), "query_string": query}
        await answer(turn, path)


async def _site(turn: Turn, path: str) -> None:
    """``https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=...``."""
    from mock_server.faces.fal.contract import document
    from mock_server.faces.fal.schema import APPS

    wanted = parse_qs(turn.scope["query_string"].decode("latin-1")).get("endpoint_id", [""])[-1]
    if path == "api/openapi/queue/openapi.json" and wanted in APPS:
        await _refuse(turn, reply(200, document(APPS[wanted])))
    else:
        await _refuse(turn, problem(404, "Not Found"))


_HANDLERS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "run": _run,
    "queue": _queue,
    "rest": storage.answer,
    "cdn": cdn.answer,
    "proxy": _proxy,
    "site": _site,
}
