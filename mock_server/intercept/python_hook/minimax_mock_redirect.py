"""Sends what a Python program means for the live service to an emulator instead; touches nothing else.

It works where HTTP libraries open their connections, so that everything above (URLs, headers, sessions, retries) stays
as it is: a connection to one of the hosts becomes a plain one to the emulator, without TLS, and the Host header
says which host was meant. Whoever looks up a host in another way is refused: nothing may reach the live service.

The programs may run on any Python from 3.8 on, without this package: standard library only, nothing newer.
"""

from __future__ import annotations

import os
import socket
import sys
from functools import partial, wraps
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ADDRESS, HOSTS, VERBOSE = "MINIMAX_MOCK_REDIRECT", "MINIMAX_MOCK_REDIRECT_HOSTS", "MINIMAX_MOCK_REDIRECT_VERBOSE"
PROXY = "MINIMAX_MOCK_REDIRECT_PROXY"


class LiveHostError(socket.gaierror):
    """The program tried to reach the live service in a way that is not redirected."""


class Redirection:
    """Connections to `hosts` go to `address`, from `install` to `uninstall`.

    Without an address nothing is redirected: every attempt to reach one of the hosts is refused. `tell` is called
    with a line for each way and host that is redirected, `refused` with each host that was refused. Tunnels through
    `proxy`, ``host:port``, are left alone: it leads to the emulator.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        address: tuple[str, int] | None = None,
        *,
        tell: Callable[[str], None] | None = None,
        refused: Callable[[str], None] | None = None,
        proxy: str = "",
    ) -> None:
        self._hosts = frozenset(hosts)
        self._address = address
        self._tell = tell
        self._refused = refused
        self._proxy = proxy
        self._told: dict[tuple[str, str], bool] = {}
        self._undo: list[Callable[[], None]] = []
        self._installed = False

    def install(self) -> None:
        """Begin; libraries that are not imported yet are prepared when they are."""
        self._installed = True
        sys.addaudithook(self._audit)
        if self._address is None:
            return
        finder = _Finder(self)
        sys.meta_path.insert(0, finder)
        self._undo.append(partial(sys.meta_path.remove, finder))
        for name in LIBRARIES:
            if name in sys.modules:
                self.prepare(sys.modules[name])

    def uninstall(self) -> None:
        """End; everything is as it was before. (Python cannot remove an audit hook: it does nothing from now on.)"""
        self._installed = False
        while self._undo:
            self._undo.pop()()

    def prepare(self, module: ModuleType) -> None:
        """Replace in a library what opens its connections."""
        if self._installed:
            LIBRARIES[module.__name__](self, module)

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put what `make` returns for the attribute in its place."""
        original = getattr(owner, name)
        own = name in vars(owner)
        setattr(owner, name, make(original))
        self._undo.append(partial(setattr, owner, name, original) if own else partial(delattr, owner, name))

    def target(self, host: Any, library: str) -> tuple[str, int] | None:
        """Where a connection to `host` goes; None when it is none of our business."""
        name = self._live(host)
        if name is None or self._address is None:
            return None
        if self._tell is not None and (name, library) not in self._told:
            self._told[name, library] = True
            self._tell(f"{name} -> {self._address[0]}:{self._address[1]} ({library})")
        return self._address

    def target_of(self, connection: Any, library: str) -> tuple[str, int] | None:
        """Where a connection of http.client or urllib3 goes, which may be a tunnel through a proxy."""
        tunnel = getattr(connection, "_tunnel_host", None)
        if tunnel and f"{connection.host}:{connection.port}" == self._proxy:
            return None
        return self.target(tunnel or connection.host, library)

    def _live(self, host: Any) -> str | None:
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("ascii", "replace")
        if not isinstance(host, str):
            return None
        name = host.lower().rstrip(".")
        return name if name in self._hosts else None

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._installed and event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.connect"}:
            host = arguments[1][0] if event == "socket.connect" and isinstance(arguments[1], tuple) else arguments[0]
            name = self._live(host)
            if name is not None:
                self._refuse(name)

    def _refuse(self, name: str) -> None:
        if self._refused is not None:
            self._refused(name)
        way = (
            "opens connections in a way that is not redirected; minimax-mock run --via proxy or --via sandbox can"
            if self._address
            else "is a live host, which this test may not reach"
        )
        subject = f"what connects to {name}" if self._address else name
        raise LiveHostError(socket.EAI_FAIL, f"minimax-mock: {subject} {way}")


class _Finder:
    """Lets each library be loaded as ever, and prepares it then."""

    def __init__(self, redirection: Redirection) -> None:
        self._redirection = redirection

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if name not in LIBRARIES:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None and finder is not self else None
            if spec is not None:
                self._prepared(spec)
                return spec  # type: ignore[no-any-return]
        return None

    def _prepared(self, spec: ModuleSpec) -> None:
        loader: Any = spec.loader
        load = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module  # one loader may load many modules
            load(module)
            self._redirection.prepare(module)

        loader.exec_module = exec_module


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


def from_environment() -> None:
    """Install what the environment asks for."""
    host, _, port = os.environ.get(ADDRESS, "").rpartition(":")
    if not host:
        return
    tell = partial(_say, sys.stderr) if os.environ.get(VERBOSE) else None
    hosts = os.environ.get(HOSTS, "").split(",")
    Redirection(hosts, (host.strip("[]"), int(port)), tell=tell, proxy=os.environ.get(PROXY, "")).install()


def _say(where: Any, line: str) -> None:
    print(f"minimax-mock: {line}", file=where, flush=True)
