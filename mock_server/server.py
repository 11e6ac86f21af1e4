"""The application on a socket: bound, served and stopped."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from uvicorn.config import Config
from uvicorn.server import Server as UvicornServer

from mock_server.app import App
from mock_server.protocol import Protocol
from mock_server.settings import Settings

if TYPE_CHECKING:
    from mock_server.tls import Tls

GRACE_SECONDS = 1
"""How long a stop waits for answers under way."""


class BindError(OSError):
    """The address cannot be listened on; the message says why and what to do."""


def bind(host: str, port: int, option: str = "--port") -> socket.socket:
    """A listening socket, on a port that `option` says. Raises `BindError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        hint = f"choose another with {option}; 0 picks a free one" if port else "choose another with --host"
        msg = f"cannot listen on {host}:{port}: {error}; {hint}"
        raise BindError(msg) from None


def url_of(listening: socket.socket, scheme: str = "http") -> str:
    """The URL of a bound socket, as a client on this machine would write it."""
    host, port = listening.getsockname()[:2]
    wildcards = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104, what to use in place of them
    host = wildcards.get(host, f"[{host}]" if ":" in host else host)
    return f"{scheme}://{host}:{port}"


class Server(UvicornServer):
    """uvicorn, set up for this application, that tells when it answers."""

    def __init__(self, app: App, settings: Settings, on_ready: Callable[[], None], *, tls: Tls | None = None) -> None:
        config = Config(
            app,
            http=Protocol,
            loop="none",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level=settings.log_level,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._on_ready = on_ready
        self._tls = tls
        self._state = app.engine.state

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        if self._tls is not None:
            self.servers += await self._tls.listen(self._connection)
        self._on_ready()

    def _connection(self) -> asyncio.Protocol:
        return Protocol(self.config, self.server_state, self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, which would go on for ever, stop, and hang up on clients that do not read."""
        self._state.end_watches()
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def run_on(self, listening: socket.socket) -> None:
        """Serve until stopped, on the fastest event loop there is."""
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(self.serve([listening]))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's loop where uvloop can be installed, else asyncio's own."""
    if sys.platform == "win32" or sys.implementation.name != "cpython":
        return None
    import uvloop

    return uvloop.new_event_loop
