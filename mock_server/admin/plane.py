"""The control plane's door: FastAPI is imported behind it, by the first request that needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from mock_server.dispatch import Engine
from mock_server.faces.turn import Receive, Scope, Send

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class ControlPlane:
    """An ASGI application that builds the admin API in a thread when it is first called."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._building: asyncio.Task[Asgi] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under ``/_mock``."""
        if self._building is None:
            self._building = asyncio.create_task(asyncio.to_thread(self._build))
        application = await asyncio.shield(self._building)
        await application(scope, receive, send)

    def _build(self) -> Asgi:
        from mock_server.admin.routes import AdminApi

        return AdminApi(self._engine)
