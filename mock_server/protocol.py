"""uvicorn's HTTP protocol, which also takes an answer whole.

uvicorn writes head and body apart: two system calls and, on the client's side, two reads. An answer that is ready can
go out in one. The application finds the way in ``scope["extensions"]``; without it (another server, another uvicorn) it
sends the two ASGI messages that everybody understands.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

COPIED_BYTES = 16_384
"""A shorter body is copied behind its head; for a longer one the loop gathers both, which costs less than the copy."""
EXTENSION = "minimax_mock.whole_answer"
MAX_HEAD_BYTES = 256 * 1024
"""A head that is longer is not waited for; the parser has no limit and keeps it (assumed: no gateway takes as much)."""
HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\n"
    b"content-length: 24\r\nconnection: close\r\n\r\nrequest header too large"
)


class Protocol(HttpToolsProtocol):
    """`HttpToolsProtocol` that offers `EXTENSION` to the application, and does not wait for a head without end."""

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
        cycle.scope["extensions"] = {EXTENSION: partial(write_whole, cycle)}  # type: ignore[dict-item]
        super()._start_asgi_task(cycle, app)


def write_whole(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> bool:
    """Write a complete answer at once; False when it must take the ordinary way (the client reads too slowly).

    `head` holds header lines, each ended by CR LF, with a right ``content-length``.
    """
    if cycle.flow.write_paused or cycle.response_started:
        return False
    if cycle.disconnected:
        return True
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    parts = [STATUS_LINE[status], *[b"%b: %b\r\n" % header for header in cycle.default_headers], head]
    if not cycle.keep_alive:
        parts.append(b"connection: close\r\n")
    parts.append(b"\r\n")
    if len(body) < COPIED_BYTES:
        parts.append(body)
        cycle.transport.write(b"".join(parts))
    else:
        cycle.transport.writelines((b"".join(parts), body))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
    return True
