"""The connection ends within the body."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.response import Response


class CutBody(Struct, frozen=True, kw_only=True):
    """Announce the whole body, send a part of it, and close the connection (FIN). Applies to longer bodies."""

    kind: ClassVar[str] = "cut_body"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    after_bytes: Annotated[
        Annotated[int, Meta(ge=0, le=2**31)] | None, Meta(description="How much is sent; half of it when not given.")
    ] = None

    def applies(self, subject: Response) -> bool:
        """To bodies that are longer."""
        return len(subject.body) > (self.after_bytes or 0)

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        sent = len(response.body) // 2 if self.after_bytes is None else self.after_bytes
        if await connection.write(connection.head(response) + response.body[:sent]):
            connection.close()
