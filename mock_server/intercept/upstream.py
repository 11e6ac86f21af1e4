"""Connections to other hosts: direct, or through the proxy that the user has of his own."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
OwnProxy = Callable[[str, int], str | None]
"""The URL of the user's own proxy for a host and port, or None."""


def own_proxy(host: str, port: int) -> str | None:
    """The proxy that the environment, or on macOS and Windows the system, has for a host."""
    if proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get("http" if port == 80 else "https") or proxies.get("all")


async def connect(host: str, port: int, proxy: str | None) -> Streams:
    """A connection to a host, as a tunnel through `proxy` if there is one. Raises `OSError`, which says why not."""
    if proxy is None:
        return await asyncio.open_connection(host, port)
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme != "http" or not parts.hostname:
        raise OSError(f"your own proxy is not an http one: {parts.scheme}://{parts.hostname}")
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{_credentials(parts)}\r\n".encode())
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        head = b""
    said = head.split(b"\r\n", 1)[0].decode("latin-1")
    if said.split(" ")[1:2] != ["200"]:
        writer.close()
        raise OSError(f"your own proxy {parts.hostname} says {said or 'nothing'!r}")
    return reader, writer


def _credentials(parts: SplitResult) -> str:
    if parts.username is None:
        return ""
    both = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Proxy-Authorization: Basic {b64encode(both.encode()).decode()}\r\n"
