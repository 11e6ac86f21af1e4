"""Bytes sent slowly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from mock_server.faults.stages import Connection

BytesPerSecond = Annotated[int, Meta(ge=1, le=100_000_000)]
TICK_SECONDS = 0.05


def pieces(data: bytes, bytes_per_second: float) -> Iterator[tuple[bytes, float]]:
    """`data` in pieces, each with the seconds to wait before it."""
    size = max(1, int(bytes_per_second * TICK_SECONDS))
    for start in range(0, len(data), size):
        piece = data[start : start + size]
        yield piece, len(piece) / bytes_per_second


async def trickle(connection: Connection, data: bytes, bytes_per_second: float, *, last: bool) -> bool:
    """Send `data` at that pace; with `last` it ends the answer. False when the client has gone."""
    sent = 0
    for piece, seconds in pieces(data, bytes_per_second):
        if not await connection.pause(seconds):
            return False
        sent += len(piece)
        if last and sent == len(data):
            connection.finish(piece)
        elif not await connection.write(piece):
            return False
    return True
