"""uvicorn's HTTP protocol, with a way for the application to write to the connection itself.

uvicorn writes head and body apart: two system calls and, on the client's side, two reads. An answer that is ready can
go out in one. And some answers must be broken on purpose, which ASGI has no words for. The application finds the way in
``scope["extensions"]``.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

COPIED_BYTES = 16_384
"""A shorter body is copied behind its head; for a longer one the loop gathers both, which costs less than the copy."""
EXTENSION = "minimax_mock.outlet"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
MAX_HEAD_BYTES = 256 * 1024
"""A head that is longer is not waited for; the parser has no limit and keeps it (assumed: no gateway takes as much)."""
HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\n"
    b"content-length: 24\r\nconnection: close\r\n\r\nrequest header too large"
)


class Protocol(HttpToolsProtocol):
    """`HttpToolsProtocol` that offers an `Outlet` to the application, and does not wait for a head without end."""

    _unfinished_head = 0

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        super().data_received(data)
        if self.scope is None or "path" in self.scope or self.transport.is_closing():
            self._unfinished_head = 0
            return
        self._unfinished_head += len(data)
        if self._unfinished_head > MAX_HEAD_BYTES:
            self.transport.write(HEAD_TOO_LARGE)
            self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.scope["extensions"] = {EXTENSION: Outlet(cycle)}  # type: ignore[dict-item]
        super()._start_asgi_task(cycle, app)


class Outlet:
    """The connection of one request, to write its answer to."""

    __slots__ = ("_cycle",)

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    def whole(self, status: int, head: bytes, body: bytes) -> bool:
        """Write a complete answer at once; False when it must take the ordinary way (the client reads too slowly).

        `head` holds header lines, each ended by CR LF, with a right ``content-length``.
        """
        cycle = self._cycle
        if cycle.flow.write_paused or cycle.response_started:
            return False
        if cycle.disconnected:
            return True
        cycle.response_started = cycle.response_complete = True
        if len(body) < COPIED_BYTES:
            cycle.transport.write(self.head(status, head) + body)
        else:
            cycle.transport.writelines((self.head(status, head), body))
        self._end(close=not cycle.keep_alive)
        return True

    def head(self, status: int, head: bytes) -> bytes:
        """Status line and headers as they go over the wire."""
        cycle = self._cycle
        parts = [STATUS_LINE[status], *[b"%b: %b\r\n" % header for header in cycle.default_headers], head]
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts.append(b"\r\n")
        return b"".join(parts)

    async def write(self, data: bytes) -> bool:
        """Write a part of an answer, waiting while the client reads too slowly; False when it has gone."""
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected or cycle.transport.is_closing():
            return False
        cycle.response_started = True
        cycle.transport.write(data)
        return True

    def finish(self, data: bytes, *, close: bool) -> None:
        """Write the last part of an answer, then close the connection, or keep it if the client wants to."""
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        if not cycle.disconnected:
            if data:
                cycle.transport.write(data)
            self._end(close=close or not cycle.keep_alive)

    def reset(self) -> None:
        """Reset the connection: RST in place of FIN, under TLS without a closing alert."""
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        if cycle.disconnected:
            return
        _reset_on_close(cycle.transport)
        cycle.transport.abort()
        self._end(close=False)

    def _end(self, *, close: bool) -> None:
        cycle = self._cycle
        cycle.waiting_for_100_continue = False
        cycle.message_event.set()
        if close:
            cycle.transport.close()
        cycle.on_response()


def _reset_on_close(transport: Any) -> None:
    """Have the kernel send RST when the socket is closed (SO_LINGER with a time of zero, socket(7))."""
    duplicate = socket.socket(fileno=socket.dup(transport.get_extra_info("socket").fileno()))
    with duplicate:
        duplicate.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
