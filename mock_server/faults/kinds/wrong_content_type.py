"""A wrong label on the body."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Stage
from mock_server.response import Response, with_header


class WrongContentType(Struct, frozen=True, kw_only=True):
    """Announce the body as something that it is not."""

    kind: ClassVar[str] = "wrong_content_type"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    content_type: Annotated[str, Meta(pattern="^[!-~][ -~]*$", description="What is announced.")] = "text/plain"

    def applies(self, subject: Response) -> bool:
        """To answers of another type, or with other parameters."""
        return subject.content_type != self.content_type.encode()

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        return with_header(response, b"content-type", self.content_type.encode())
