"""The name server in the sandbox: knows the live hosts, and says of every other name at once that there is none."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from mock_server.core.hosts import LIVE_HOSTS

MAX_BYTES = 4096
TYPE_A, TYPE_ANY, CLASS_IN = 1, 255, 1
NO_ERROR, NO_SUCH_NAME = 0, 3
TTL_SECONDS = 60


class NameServer:
    """Answers on a bound UDP socket, on a thread of its own, from `start` to `stop`."""

    def __init__(self, listening: socket.socket, address: str) -> None:
        self._listening = listening
        self._address = address
        self._thread = threading.Thread(target=self._serve, name="minimax-mock-names", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close the socket."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes the thread, though nothing is connected
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            question, client = self._listening.recvfrom(MAX_BYTES)
            if client is None:
                return
            answer = respond(question, self._address)
            if answer is not None:
                self._listening.sendto(answer, client)


def respond(question: bytes, address: str) -> bytes | None:
    """The answer to a question (RFC 1035, 4.1); None when it is no question, or not one alone."""
    if len(question) < 12:
        return None
    number, flags, count = struct.unpack_from("!HHH", question)
    read = _name(question, 12)
    if flags & 0x8000 or count != 1 or read is None or len(question) < read[1] + 4:
        return None
    name, end = read
    kind, family = struct.unpack_from("!HH", question, end)
    known = name in LIVE_HOSTS
    given = known and kind in {TYPE_A, TYPE_ANY} and family == CLASS_IN
    code = NO_ERROR if known else NO_SUCH_NAME
    head = struct.pack("!HHHHHH", number, 0x8480 | (flags & 0x0100) | code, 1, given, 0, 0)
    record = struct.pack("!HHHIH4s", 0xC00C, TYPE_A, CLASS_IN, TTL_SECONDS, 4, socket.inet_aton(address))
    return head + question[12 : end + 4] + (record if given else b"")


def _name(message: bytes, start: int) -> tuple[str, int] | None:
    """The name that begins at `start`, in lower case, and where it ends; None when it is cut off or compressed."""
    labels = []
    while start < len(message) and (length := message[start]):
        if length > 63 or start + 1 + length > len(message):
            return None
        labels.append(message[start + 1 : start + 1 + length].decode("latin-1").lower())
        start += 1 + length
    return (".".join(labels), start + 1) if start < len(message) else None
