"""``data`` is null."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.faults import json_body
from mock_server.faults.stages import Stage
from mock_server.response import Response


class NullData(Struct, frozen=True, kw_only=True):
    """Set `data` to null in an answer that has something there, and leave its status code as it is."""

    kind: ClassVar[str] = "null_data"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS

    def applies(self, subject: Response) -> bool:
        """To answers with data."""
        said = json_body.content(subject)
        return isinstance(said, dict) and said.get("data") is not None

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        return json_body.rewritten(response, _without_data)


def _without_data(said: Any) -> Any:
    return said | {"data": None}
