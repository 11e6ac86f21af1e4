"""An HTTP proxy that tunnels the live service's hosts to the emulator, and refuses the others or lets them through."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import Self
from urllib.parse import SplitResult, urlsplit

from mock_server.admin.hosts import read_authority
from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept.upstream import OwnProxy, Streams, connect

MAX_HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 30.0
CONNECT_SECONDS = 30.0
CHUNK_BYTES = 64 * 1024
LINGER = "hh" if sys.platform == "win32" else "ii"
_HOP_BY_HOP = (b"proxy-connection:", b"proxy-authorization:", b"connection:", b"keep-alive:")


class RefusedError(Exception):
    """Why a request goes nowhere; with the status that says so."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Proxy:
    """A proxy on a free port of this machine, on a thread of its own, from `start` to `stop`.

    ``CONNECT`` to a live host leads to `secure`, a request with a whole URL (plain http) to `plain`: addresses of the
    emulator. `tell` is called with a line for each host that is redirected or let through the first time, `refused`
    with each host and port that is refused. Without `passthrough` every other host is; with it, which gives the user's
    own proxy for a host, they are let through.
    """

    def __init__(
        self,
        plain: tuple[str, int],
        secure: tuple[str, int],
        *,
        passthrough: OwnProxy | None = None,
        tell: Callable[[str], None] | None = None,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        self._plain = plain
        self._secure = secure
        self._passthrough = passthrough
        self._tell = tell
        self._refused = refused
        self._told: set[str] = set()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="minimax-mock-proxy", daemon=True
        )
        self.url = ""

    def start(self) -> Self:
        """Begin to listen; returns once connections are accepted."""
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self) -> None:
        """Hang up on everybody."""
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._over.wait()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._request(head, (reader, writer))
        except RefusedError as error:
            await _answer(writer, error.status, str(error))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _request(self, head: bytes, client: Streams) -> None:
        method, target = _request_line(head)
        if method == "CONNECT":
            host, port = _authority(target, 443)
            upstream = await self._open(host, port)
            client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            parts = _whole_url(target)
            host, port = _authority(parts.netloc, 80)
            upstream = await self._open(host, port, plain=True)
            upstream[1].write(_in_origin_form(head, parts))
        await _join(client, upstream)

    async def _open(self, host: str, port: int, *, plain: bool = False) -> Streams:
        """A connection to where `host` leads. Raises `RefusedError`."""
        place = f"{host}:{port}"
        if host in LIVE_HOSTS:
            address = self._plain if plain or port == 80 else self._secure
            self._say(f"{place} -> {address[0]}:{address[1]} (proxy)")
        elif self._passthrough is not None:
            address = (host, port)
            self._say(f"{place} let through (proxy)")
        else:
            if self._refused is not None:
                self._refused(place)
            reason = f"{host} is not a host of the service; minimax-mock run --passthrough lets others through"
            raise RefusedError("403 Forbidden", reason)
        own = None if host in LIVE_HOSTS or self._passthrough is None else self._passthrough(host, port)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await connect(*address, own)
        except (OSError, TimeoutError) as error:
            raise RefusedError("502 Bad Gateway", f"cannot connect to {place}: {error or 'timed out'}") from None

    def _say(self, line: str) -> None:
        if self._tell is not None and line not in self._told:
            self._told.add(line)
            self._tell(line)


def _request_line(head: bytes) -> tuple[str, str]:
    line = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(line) != 3 or not line[2].startswith("HTTP/1."):
        raise RefusedError("400 Bad Request", "this is no request of HTTP/1.1")
    return line[0], line[1]


def _authority(text: str, port: int) -> tuple[str, int]:
    found = read_authority(text.rpartition("@")[2])
    if found is None:
        raise RefusedError("400 Bad Request", f"{text[:100]!r} names no host and port")
    return found.host, found.port or port


def _whole_url(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        if parts.scheme == "http" and parts.netloc:
            return parts
    except ValueError:
        pass
    reason = f"this is the proxy of minimax-mock run; it takes whole http URLs, got {text[:100]!r}"
    raise RefusedError("400 Bad Request", reason)


def _in_origin_form(head: bytes, parts: SplitResult) -> bytes:
    """A request for a whole URL as the host itself expects it, on a connection that ends with the answer."""
    first, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [field for field in fields if not field.lower().startswith(_HOP_BY_HOP)]
    line = b" ".join([first.split(b" ", 1)[0], path.encode("latin-1"), first.rsplit(b" ", 1)[1]])
    return b"\r\n".join([line, *kept, b"Connection: close", b"", b""])


async def _join(one: Streams, other: Streams) -> None:
    """Carry bytes both ways until both sides have ended."""
    try:
        await asyncio.gather(_carry(one[0], other[1]), _carry(other[0], one[1]))
    finally:
        other[1].close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes one way; an end is passed on, and a broken connection is broken on."""
    try:
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection off with RST, as the other one was."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            )
    writer.transport.abort()


async def _answer(writer: asyncio.StreamWriter, status: str, reason: str) -> None:
    body = f"minimax-mock: {reason}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"X-Minimax-Mock: refused\r\nConnection: close\r\n\r\n" + body)
    with contextlib.suppress(OSError):
        await writer.drain()
