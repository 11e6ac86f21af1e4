"""The headers trickle."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.faults.trickle import BytesPerSecond, trickle
from mock_server.response import Response


class SlowHeaders(Struct, frozen=True, kw_only=True):
    """Send status line and headers at a trickle, then the body at once. No pause between two bytes is long."""

    kind: ClassVar[str] = "slow_headers"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    bytes_per_second: Annotated[BytesPerSecond, Meta(description="The pace of the headers.")]

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        if await trickle(connection, connection.head(response), self.bytes_per_second, last=False):
            connection.finish(response.body)
