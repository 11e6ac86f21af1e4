"""Headers and nothing else."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Stage
from mock_server.response import Response, with_body


class EmptyBody(Struct, frozen=True, kw_only=True):
    """Send the headers of the answer, with its status, and nothing else (Content-Length 0)."""

    kind: ClassVar[str] = "empty_body"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    def applies(self, subject: Response) -> bool:
        """To answers with a body."""
        return bool(subject.body)

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        return with_body(response, b"")
