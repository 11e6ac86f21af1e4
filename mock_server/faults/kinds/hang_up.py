"""The connection ends without an answer."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.response import Response


class HangUp(Struct, frozen=True, kw_only=True):
    """Close the connection (FIN) without a single byte of an answer. The call was carried out, and charged."""

    kind: ClassVar[str] = "hang_up"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        connection.close()
