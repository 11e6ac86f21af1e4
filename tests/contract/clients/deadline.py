"""One limit for a whole call. A timeout between two bytes does not end an answer that comes at a trickle."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Self


class Deadline:
    """So many seconds for all of a call: sockets that it watches are shut at the end, and whoever reads is woken."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    @property
    def left(self) -> float:
        """Seconds; never less than a moment, so that it can be given to a socket."""
        return max(self._ends - time.monotonic(), 0.001)

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return time.monotonic() >= self._ends

    def watch(self, connection: socket.socket) -> None:
        """Shut that one too."""
        self._sockets.append(connection)
        if self.over:
            self._shut()

    def _shut(self) -> None:
        for connection in list(self._sockets):
            with suppress(OSError):
                # not SSLSocket.shutdown, which takes the TLS layer away from the thread that reads
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
