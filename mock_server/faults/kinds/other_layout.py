"""The same JSON, laid out otherwise."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.faults import json_body
from mock_server.faults.stages import Stage
from mock_server.response import Response, with_body


class OtherLayout(Struct, frozen=True, kw_only=True):
    """Say the same in JSON that looks otherwise: keys in reverse order, indented, or with every character that is not
    ASCII escaped. No client may notice. Applies to JSON answers.
    """

    kind: ClassVar[str] = "other_layout"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS

    layout: Annotated[Literal["reversed", "indented", "ascii"], Meta(description="What is different.")] = "reversed"

    def applies(self, subject: Response) -> bool:
        """To JSON answers."""
        return isinstance(json_body.content(subject), dict)

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        kept = None if response.kept is None else self._laid_out(response.kept)
        return with_body(response, self._laid_out(response.body), kept)

    def _laid_out(self, body: bytes) -> bytes:
        said = json.loads(body)
        if self.layout == "reversed":
            return json.dumps(_reversed(said), ensure_ascii=False, separators=(",", ":")).encode()
        if self.layout == "indented":
            return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
        return json.dumps(said).replace("/", "\\/").encode()


def _reversed(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _reversed(said[name]) for name in reversed(said)}
    return [_reversed(item) for item in said] if isinstance(said, list) else said
