"""Where each HTTP library opens its connections, and how these are sent elsewhere.

Public classes and methods are replaced where a library has them; aiohttp is the one that has none.
"""

from __future__ import annotations

import socket
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_server.intercept.python_hook.minimax_mock_redirect import Redirection


def _http_client(redirection: Redirection, module: Any) -> None:
    """http.client, and so urllib.request."""

    def make(connect: Any) -> Any:
        @wraps(connect)
        def connected(self: Any) -> None:
            target = redirection.target_of(self, "http.client")
            if target is None:
                connect(self)
                return
            self.sock = socket.create_connection(target, self.timeout, self.source_address)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        return connected

    redirection.replace(module.HTTPConnection, "connect", make)
    redirection.replace(module.HTTPSConnection, "connect", make)


def _urllib3(redirection: Redirection, module: Any) -> None:
    """urllib3, and so requests."""

    def make(connect: Any) -> Any:
        @wraps(connect)
        def connected(self: Any) -> None:
            target = redirection.target_of(self, "urllib3")
            if target is None:
                connect(self)
                return
            self.sock = module.connection.create_connection(
                target, self.timeout, source_address=self.source_address, socket_options=self.socket_options
            )
            self._tunnel_host = None
            self.is_verified = True

        return connected

    redirection.replace(module.HTTPConnection, "connect", make)
    redirection.replace(module.HTTPSConnection, "connect", make)


def _httpcore(redirection: Redirection, module: Any) -> None:
    """httpcore, and so httpx; httpcore2 and httpx2 are the same in this."""

    def make(connect_tcp: Any) -> Any:
        @wraps(connect_tcp)
        def connected(self: Any, host: Any, port: int, *rest: Any, **options: Any) -> Any:
            target = redirection.target(host, module.__name__)
            if target is None:
                return connect_tcp(self, host, port, *rest, **options)
            stream = connect_tcp(self, *target, *rest, **options)
            stream.start_tls = lambda *_, **__: stream
            return stream

        return connected

    def make_async(connect_tcp: Any) -> Any:
        @wraps(connect_tcp)
        async def connected(self: Any, host: Any, port: int, *rest: Any, **options: Any) -> Any:
            target = redirection.target(host, module.__name__)
            if target is None:
                return await connect_tcp(self, host, port, *rest, **options)
            stream = await connect_tcp(self, *target, *rest, **options)

            async def start_tls(*_: Any, **__: Any) -> Any:
                return stream

            stream.start_tls = start_tls
            return stream

        return connected

    redirection.replace(module.SyncBackend, "connect_tcp", make)
    for name in ("AnyIOBackend", "TrioBackend"):
        backend = getattr(module, name, None)
        if hasattr(backend, "connect_tcp"):
            redirection.replace(backend, "connect_tcp", make_async)


def _aiohttp(redirection: Redirection, module: Any) -> None:
    """aiohttp."""

    def make_context(get_ssl_context: Any) -> Any:
        @wraps(get_ssl_context)
        def context(self: Any, req: Any) -> Any:
            plain = req.proxy is None and redirection.target(req.url.raw_host, "aiohttp") is not None
            return None if plain else get_ssl_context(self, req)

        return context

    def make_resolve(resolve_host: Any) -> Any:
        @wraps(resolve_host)
        async def resolved(self: Any, host: str, port: int, *rest: Any, **options: Any) -> Any:
            target = redirection.target(host, "aiohttp")
            return await resolve_host(self, *(target or (host, port)), *rest, **options)

        return resolved

    redirection.replace(module.TCPConnector, "_get_ssl_context", make_context)
    redirection.replace(module.TCPConnector, "_resolve_host", make_resolve)


LIBRARIES: dict[str, Callable[[Redirection, Any], None]] = {
    "http.client": _http_client,
    "urllib3.connection": _urllib3,
    "httpcore": _httpcore,
    "httpcore2": _httpcore,
    "aiohttp.connector": _aiohttp,
}
"""The module of each library in which connections are opened."""
