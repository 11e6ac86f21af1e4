"""The connection of a turn as faults on the wire see it (``mock_server.faults.stages.Connection``)."""

from __future__ import annotations

from typing import Any

from mock_server.faces.turn import Turn
from mock_server.response import Response


class TurnConnection:
    """What ends an answer writes the journal entry first, so that whoever has noticed the end finds it there."""

    def __init__(self, turn: Turn) -> None:
        """Raises `RuntimeError` under a server that does not let the connection be written to."""
        outlet = turn.outlet
        if outlet is None:
            msg = "faults on the wire need the server of minimax-mock: this one offers no way to its connections"
            raise RuntimeError(msg)
        self._turn = turn
        self._outlet: Any = outlet

    def head(self, response: Response) -> bytes:
        """See `Connection`."""
        head: bytes = self._outlet.head(response.status, response.head)
        return head

    async def write(self, data: bytes) -> bool:
        """See `Connection`."""
        if await self._outlet.write(data):
            return True
        self._turn.client_gone = True
        return False

    async def pause(self, seconds: float) -> bool:
        """See `Connection`."""
        return await self._turn.pause(seconds)

    def finish(self, data: bytes = b"") -> None:
        """See `Connection`."""
        self._turn.record()
        self._outlet.finish(data, close=False)

    def close(self, data: bytes = b"") -> None:
        """See `Connection`."""
        self._turn.whole = False
        self._turn.record()
        self._outlet.finish(data, close=True)

    def reset(self) -> None:
        """See `Connection`."""
        self._turn.whole = False
        self._turn.record()
        self._outlet.reset()
