"""By which names, and from which pages, the admin API may be called.

A page of a stranger reaches a server on this machine in two ways: from its own origin, which the browser tells, and by
letting its own name resolve to 127.0.0.1 (DNS rebinding), which only the Host header tells. Of a rebound name browsers
send neither ``Origin`` with a GET (https://fetch.spec.whatwg.org/#append-a-request-origin-header) nor
``Sec-Fetch-Site`` (https://www.w3.org/TR/fetch-metadata/: only to trustworthy origins), so every call needs a host
that no stranger can own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from mock_server.settings import Settings

LOCAL_DOMAINS = frozenset({"localhost", "internal", "local"})
"""Top-level domains in which nobody can register a name: ``localhost`` (RFC 6761), ``internal`` (reserved by ICANN's
board on 2024-07-29; ``host.docker.internal``), ``local`` (RFC 6762; this network, services of a Kubernetes cluster)."""
SHOWN = 100
"""So much of a wrong header is repeated in the complaint."""
PORTS = {"http": 80, "https": 443}

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::([0-9]{0,5}))?")
_PATTERN = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*")

Headers = Iterable[tuple[bytes, bytes]]


class Authority(NamedTuple):
    """A host in lower case, without brackets and last dot, and its port, if there is one."""

    host: str
    port: int | None


def read_authority(text: str) -> Authority | None:
    """The host and port of a Host header; None when it has not that shape."""
    match = _AUTHORITY.fullmatch(text.lower())
    if match is None:
        return None
    host = match[1]
    if host.startswith("["):
        try:
            host = str(ip_address(host[1:-1]))
        except ValueError:
            return None
    host = host.removesuffix(".")
    port = int(match[2]) if match[2] else None
    return Authority(host, port) if all(host.split(".")) and (port or 0) <= 65535 else None


def check_admin_hosts(text: str) -> str | None:
    """What is wrong with an ``--admin-hosts``, or None."""
    for name in _listed(text):
        if not _PATTERN.fullmatch(name):
            return (
                f"admin_hosts takes names such as mock.example or *.mock.example, without scheme and port; got {name!r}"
            )
    return None


def _listed(text: str) -> list[str]:
    return [name.strip().lower().removesuffix(".") for name in text.split(",")] if text else []


def names_of(settings: Settings) -> list[str]:
    """The names, addresses and patterns that the settings say the emulator is reached by."""
    public = urlsplit(settings.public_url).hostname
    return [name for name in (settings.host.lower(), public, *_listed(settings.admin_hosts)) if name]


class Callers:
    """Decides from the headers of a call whether a stranger's page may have sent it."""

    def __init__(self, settings: Settings) -> None:
        self._names = names_of(settings)
        public = urlsplit(settings.public_url)
        self._public = _origin(f"{public.scheme}://{public.netloc}")

    def complaint(self, headers: Headers, *, changing: bool) -> str | None:
        """Why a call is refused, or None: its host must be trusted and, if it changes anything, its origin the same."""
        host = _only(b"host", headers)
        called = read_authority(host)
        if called is None:
            return f"the Host header must name this emulator, got {host[:SHOWN]!r}"
        if not self.trusts(called.host):
            return (
                f"the Host {host!r} is not known to be this emulator, so a page of a stranger may have sent this; "
                f"call it by an address or localhost, or start it with --admin-hosts {called.host}"
            )
        return self._foreign(headers, called) if changing else None

    def trusts(self, host: str) -> bool:
        """Whether no stranger's page can have come by that host."""
        if "." not in host or host.rpartition(".")[2] in LOCAL_DOMAINS:
            return True
        try:
            ip_address(host)
        except ValueError:
            return any(fnmatchcase(host, name) for name in self._names)
        return True

    def _foreign(self, headers: Headers, called: Authority) -> str | None:
        """Why the page that sent a changing call may not; the scheme may differ, as a proxy may have ended TLS."""
        origin = _only(b"origin", headers)
        told = _only(b"sec-fetch-site", headers)
        found = _origin(origin)
        own = found is not None and found[1:] == (called.host, called.port or PORTS[found[0]])
        if origin and not own and (found is None or found != self._public):
            host = called.host if called.port is None else f"{called.host}:{called.port}"
            return (
                f"a page of {origin[:SHOWN]!r} may not change this emulator, which was called as {host!r}; "
                "use its own pages, no browser, or --public-url if a proxy changes the Host"
            )
        if told and told not in {"same-origin", "none"}:
            return f"a page of another origin may not change this emulator (Sec-Fetch-Site: {told[:SHOWN]!r})"
        return None


def _only(name: bytes, headers: Headers) -> str:
    """The value of a header; of one that came more than once, all of them, which no check lets pass."""
    return ", ".join(value.decode("latin-1") for key, value in headers if key == name)


def _origin(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an origin."""
    scheme, _, rest = text.partition("://")
    authority = read_authority(rest)
    if scheme not in PORTS or authority is None:
        return None
    return scheme, authority.host, authority.port or PORTS[scheme]
