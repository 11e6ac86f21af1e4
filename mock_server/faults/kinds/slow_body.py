"""The body trickles."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.faults.trickle import BytesPerSecond, trickle
from mock_server.response import Response


class SlowBody(Struct, frozen=True, kw_only=True):
    """Send the headers at once and the body at a trickle: at a pace of `bytes_per_second`, or so that it takes
    `seconds` whatever its length. Applies to answers with a body.
    """

    kind: ClassVar[str] = "slow_body"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    bytes_per_second: Annotated[BytesPerSecond | None, Meta(description="The pace of the body.")] = None
    seconds: Annotated[
        Annotated[float, Meta(gt=0, le=3600)] | None, Meta(description="How long all of the body takes.")
    ] = None

    def __post_init__(self) -> None:
        """Refuse two paces, or none."""
        if (self.bytes_per_second is None) == (self.seconds is None):
            msg = f"slow_body takes bytes_per_second or seconds, got {'both' if self.seconds else 'none of them'}"
            raise ValueError(msg)

    def applies(self, subject: Response) -> bool:
        """To answers with a body."""
        return bool(subject.body)

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        pace = self.bytes_per_second or len(response.body) / (self.seconds or 1.0)
        if await connection.write(connection.head(response)):
            await trickle(connection, response.body, pace, last=True)
