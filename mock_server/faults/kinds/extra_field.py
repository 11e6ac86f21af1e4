"""A field that nobody announced."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.faults import json_body
from mock_server.faults.stages import Stage
from mock_server.response import Response


class ExtraField(Struct, frozen=True, kw_only=True):
    """Add a field that the documentation does not have to a JSON answer. Applies where the path's parent is there."""

    kind: ClassVar[str] = "extra_field"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS

    path: Annotated[str, Meta(pattern=json_body.PATH, description="Where it is put: data.extra, base_resp.trace.")]
    value: Annotated[Any, Meta(description="What it holds; any JSON.")] = "unexpected"

    def applies(self, subject: Response) -> bool:
        """To answers that have its parent, but not it."""
        said = json_body.content(subject)
        return json_body.can_hold(said, self.path) and not json_body.has(said, self.path)

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        return json_body.rewritten(response, self._extended)

    def _extended(self, said: Any) -> Any:
        holder, key = json_body.parent(said, self.path)
        holder[key] = self.value
        return said
