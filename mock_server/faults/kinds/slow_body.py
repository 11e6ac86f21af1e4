"""The body trickles."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.faults.trickle import BytesPerSecond, trickle
from mock_server.response import Response


class SlowBody(Struct, frozen=True, kw_only=True):
    """Send the headers at once and the body at a trickle. Applies to answers with a body."""

    kind: ClassVar[str] = "slow_body"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    bytes_per_second: Annotated[BytesPerSecond, Meta(description="The pace of the body.")]

    def applies(self, subject: Response) -> bool:
        """To answers with a body."""
        return bool(subject.body)

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        if await connection.write(connection.head(response)):
            await trickle(connection, response.body, self.bytes_per_second, last=True)
