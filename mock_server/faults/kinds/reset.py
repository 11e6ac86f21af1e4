"""The connection is reset."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.response import Response


class Reset(Struct, frozen=True, kw_only=True):
    """Reset the connection (TCP RST): before any answer, or after `after_bytes` of the body. What the client has not
    read by then may be lost to it. Applies to bodies that are longer.
    """

    kind: ClassVar[str] = "reset"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    after_bytes: Annotated[
        Annotated[int, Meta(ge=0, le=2**31)] | None,
        Meta(description="How much of the body is sent before, behind the headers; no answer at all when not given."),
    ] = None

    def applies(self, subject: Response) -> bool:
        """To bodies that are longer."""
        return self.after_bytes is None or len(subject.body) > self.after_bytes

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        if self.after_bytes is None or await connection.write(
            connection.head(response) + response.body[: self.after_bytes]
        ):
            connection.reset()
