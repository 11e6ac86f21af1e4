"""A field is missing."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.faults import json_body
from mock_server.faults.stages import Stage
from mock_server.response import Response


class DropField(Struct, frozen=True, kw_only=True):
    """Leave a field out of a JSON answer, or an item out of a list. Applies to answers that have it."""

    kind: ClassVar[str] = "drop_field"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS

    path: Annotated[str, Meta(pattern=json_body.PATH, description="Where it stands: data.image_urls.0, metadata.")]

    def applies(self, subject: Response) -> bool:
        """To answers that have it."""
        return json_body.has(json_body.content(subject), self.path)

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        return json_body.rewritten(response, self._dropped)

    def _dropped(self, said: Any) -> Any:
        holder, key = json_body.parent(said, self.path)
        del holder[key]
        return said
