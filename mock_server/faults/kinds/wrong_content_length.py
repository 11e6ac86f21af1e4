"""A length that is not true."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Connection, Stage
from mock_server.response import Response, with_header


class WrongContentLength(Struct, frozen=True, kw_only=True):
    """Announce a body of another length than is sent, then close the connection: with `by` 16 the client waits for 16
    bytes that never come, with `by` -16 the last 16 are more than it was told of. Applies to bodies that are longer
    than what is taken away.
    """

    kind: ClassVar[str] = "wrong_content_length"
    stage: ClassVar[Stage] = "wire"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    by: Annotated[int, Meta(ge=-1_000_000, le=1_000_000, description="How many bytes too many are announced.")] = 16

    def __post_init__(self) -> None:
        """Refuse what would be the truth."""
        if self.by == 0:
            msg = "by cannot be 0: the length would be right"
            raise ValueError(msg)

    def applies(self, subject: Response) -> bool:
        """To bodies that are long enough."""
        return len(subject.body) + self.by >= 0 and bool(subject.body)

    async def put(self, connection: Connection, response: Response) -> None:
        """See `Wire`."""
        told = with_header(response, b"content-length", b"%d" % (len(response.body) + self.by))
        if await connection.write(connection.head(told) + response.body):
            connection.close()
