"""JSON that is none."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.faults import json_body
from mock_server.faults.stages import Stage
from mock_server.response import Response, with_body


class MalformedJson(Struct, frozen=True, kw_only=True):
    """Send a body that is announced as JSON and is none. Its Content-Length is right. Applies to JSON answers."""

    kind: ClassVar[str] = "malformed_json"
    stage: ClassVar[Stage] = "body"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS

    form: Annotated[
        Literal["truncated", "trailing_comma", "single_quotes", "two_values"],
        Meta(description="Half is missing, a comma too many, single quotes, or all of it twice."),
    ] = "truncated"

    def applies(self, subject: Response) -> bool:
        """To JSON answers."""
        return isinstance(json_body.content(subject), dict)

    def rewrite(self, response: Response) -> Response:
        """See `Body`."""
        kept = None if response.kept is None else self._broken(response.kept)
        return with_body(response, self._broken(response.body), kept)

    def _broken(self, body: bytes) -> bytes:
        if self.form == "truncated":
            return body[: len(body) // 2]
        if self.form == "trailing_comma":
            return body[:-1] + b",}"
        if self.form == "single_quotes":
            return body.replace(b'"', b"'")
        return body + body
