"""A field with another value."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.faults import json_body
from mock_server.faults.stages import Stage
from mock_server.response import Response


class SetField(Struct, frozen=True, kw_only=True):
    """Give a field of a JSON answer another value. Applies to answers that have it."""

    kind: ClassVar[str] = "set_field"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS

    path: Annotated[str, Meta(pattern=json_body.PATH, description="Which: base_resp.status_code, data.image_urls.0.")]
    value: Annotated[Any, Meta(description="What it holds then; any JSON.")]

    def applies(self, subject: Response) -> bool:
        """To answers that have it."""
        return json_body.has(json_body.content(subject), self.path)

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        return json_body.rewritten(response, self._changed)

    def _changed(self, said: Any) -> Any:
        holder, key = json_body.parent(said, self.path)
        holder[key] = self.value
        return said
