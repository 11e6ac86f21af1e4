"""The ASGI application: finds who answers a request, by exact path."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from typing import TYPE_CHECKING

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.dispatch import Engine
from mock_server.faces.endpoint import Face, generate
from mock_server.faces.minimax.routes import ROUTES
from mock_server.faces.origin import REGION_OF, host_name
from mock_server.faces.responses import not_found
from mock_server.faces.turn import Receive, Scope, Send, Turn

if TYPE_CHECKING:
    from mock_server.admin.plane import ControlPlane

log = logging.getLogger("minimax_mock")

ADMIN = "/_mock"
MOUNTS = {
    "/oss/": "mock_server.faces.oss",
    "/fal/": "mock_server.faces.fal.routes",
    "/openai/": "mock_server.faces.openai.routes",
}
"""Prefix → module that answers what is under it, loaded on first use."""
GATEWAY_PATHS = ("/v1/images/", "/v1/models")
"""What the OpenAI-compatible face also answers without its prefix; on a host of MiniMax there is nothing there."""


class App:
    """Data plane first: nothing but a table look-up stands before a generation request."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.routes: dict[str, tuple[str, Face]] = dict(ROUTES)
        self._control: ControlPlane | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection event of ASGI."""
        if scope["type"] != "http":
            await _refuse_websocket(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith(ADMIN) and (path == ADMIN or path[len(ADMIN)] == "/") and not self.engine.settings.no_admin:
            await self._control_plane()(scope, receive, send)
            return
        turn = Turn(self.engine, scope, receive, send)
        try:
            await self._answer(turn, path)
        except asyncio.CancelledError:
            if turn.outlet is None:
                raise
            turn.outlet.finish(b"", close=True)  # the server stops, and somebody still waits for an answer
        finally:
            turn.record()

    async def _answer(self, turn: Turn, path: str) -> None:
        prefix = LIVE_HOSTS.get(host_name(turn))
        if prefix is not None:
            turn.live, turn.region = True, REGION_OF.get(host_name(turn))
            path = prefix + path
        elif path.startswith("/~"):
            turn.place, _, rest = path[2:].partition("/")
            path = "/" + rest
        route = self.routes.get(path)
        if route is not None and turn.scope["method"] == route[0]:
            await generate(route[1], turn)
            return
        mount = _mount(path, elsewhere=prefix is None)
        if mount is not None:
            await import_module(mount[0]).answer(turn, mount[1])
        elif await turn.read():
            await turn.send(not_found())

    def _control_plane(self) -> ControlPlane:
        if self._control is None:
            from mock_server.admin.plane import ControlPlane

            self._control = ControlPlane(self.engine)
        return self._control


def _mount(path: str, *, elsewhere: bool) -> tuple[str, str] | None:
    """The module that answers `path`, and the path as it knows it; `elsewhere`: the Host is none of the live ones."""
    if elsewhere and path.startswith(GATEWAY_PATHS):
        path = "/openai" + path
    return next(((module, path) for prefix, module in MOUNTS.items() if path.startswith(prefix)), None)


async def _refuse_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Close a WebSocket before it opens (the server answers 403); nothing here speaks it."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
