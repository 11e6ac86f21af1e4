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
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ADDRESS, HOSTS, VERBOSE = "MINIMAX_MOCK_REDIRECT", "MINIMAX_MOCK_REDIRECT_HOSTS", "MINIMAX_MOCK_REDIRECT_VERBOSE"
PROXY = "MINIMAX_MOCK_REDIRECT_PROXY"
EVENTS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
"""Audit events whose first argument is a host."""


class LiveHostError(socket.gaierror):
    """The program tried to reach the live service in a way that is not redirected."""


class Audit:
    """The one audit hook of this process, which sees every look-up of a name that goes through Python's socket module.

    Python cannot remove an audit hook: it is shared, and its watchers come and go.
    """

    def __init__(self) -> None:
        self._watchers: tuple[Callable[[Any], None], ...] = ()
        self._installed = False

    def add(self, watcher: Callable[[Any], None]) -> None:
        """Call `watcher` with each host that is looked up from now on."""
        self._watchers = (*self._watchers, watcher)
        if not self._installed:
            self._installed = True
            sys.addaudithook(self._event)

    def remove(self, watcher: Callable[[Any], None]) -> None:
        """Call it no more."""
        self._watchers = tuple(one for one in self._watchers if one != watcher)

    def _event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._watchers or event not in EVENTS:
            return
        refusal = None
        for watcher in self._watchers:
            try:
                watcher(arguments[0])
            except LiveHostError as error:
                refusal = error
        if refusal is not None:
            raise refusal


AUDIT = Audit()


class Redirection:
    """Connections to `hosts` go to `address`, from `install` to `uninstall`.

    `libraries` says of modules how to prepare them. Without an address nothing is redirected: every attempt to reach
    one of the hosts is refused. `tell` is called with a line for each way and host that is redirected, `refused` with
    each host that was refused. Tunnels through `proxy`, ``host:port``, are left alone: it leads to the emulator.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        address: tuple[str, int] | None = None,
        libraries: Mapping[str, Callable[[Redirection, Any], None]] | None = None,
        *,
        tell: Callable[[str], None] | None = None,
        refused: Callable[[str], None] | None = None,
        proxy: str = "",
    ) -> None:
        self._hosts = frozenset(hosts)
        self._address = address
        self._libraries = libraries or {}
        self._tell = tell
        self._refused = refused
        self._proxy = proxy
        self._told: dict[tuple[str, str], bool] = {}
        self._undo: list[Callable[[], None]] = []
        self._installed = False

    def install(self) -> None:
        """Begin; libraries that are not imported yet are prepared when they are."""
        self._installed = True
        AUDIT.add(self._looked_up)
        finder = _Finder(self, self._libraries)
        sys.meta_path.insert(0, finder)
        self._undo.append(partial(sys.meta_path.remove, finder))
        for name in self._libraries:
            if name in sys.modules:
                self.prepare(sys.modules[name])

    def uninstall(self) -> None:
        """End; everything is as it was before."""
        self._installed = False
        AUDIT.remove(self._looked_up)
        while self._undo:
            self._undo.pop()()

    def prepare(self, module: ModuleType) -> None:
        """Replace in a library what opens its connections. Raises `ImportError` for one that has it elsewhere."""
        if not self._installed:
            return
        try:
            self._libraries[module.__name__](self, module)
        except AttributeError as error:
            raise ImportError(f"minimax-mock cannot redirect this version of {module.__name__}: {error}") from error

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

    def _looked_up(self, host: Any) -> None:
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

    def __init__(self, redirection: Redirection, names: Iterable[str]) -> None:
        self._redirection = redirection
        self._names = frozenset(names)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if name not in self._names:
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


def start(folder: str) -> None:
    """Install what the environment asks for, and let a ``sitecustomize`` run that this one stands before.

    `folder` leaves `sys.path` again. Raises `SystemExit`: a program that is not redirected would call the live service.
    """
    libraries = import_module("minimax_mock_libraries").LIBRARIES
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    try:
        _from_environment(libraries)
    except Exception as error:  # noqa: BLE001, whatever it is
        msg = f"minimax-mock: cannot redirect this program: {error!r}"
        raise SystemExit(msg) from None
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        theirs = module_from_spec(spec)
        sys.modules["sitecustomize"] = theirs
        spec.loader.exec_module(theirs)


def _from_environment(libraries: Mapping[str, Callable[[Redirection, Any], None]]) -> None:
    host, _, port = os.environ.get(ADDRESS, "").rpartition(":")
    if not host:
        return
    tell = partial(_say, sys.stderr) if os.environ.get(VERBOSE) else None
    hosts = os.environ.get(HOSTS, "").split(",")
    Redirection(hosts, (host.strip("[]"), int(port)), libraries, tell=tell, proxy=os.environ.get(PROXY, "")).install()


def _say(where: Any, line: str) -> None:
    print(f"minimax-mock: {line}", file=where, flush=True)
