"""Every image is blocked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from mock_server.core.types import Blocked, ImageRequest
from mock_server.faults.stages import Moment, Stage

_ANSWERS = {"list": "empty_list", "object": "empty_object", "null": "null_data", "absent": "absent_data"}


class AllBlocked(Struct, frozen=True, kw_only=True):
    """Content safety blocks every image: status code 0, a count of zero, and nothing in `data`. Applies to valid
    calls.
    """

    kind: ClassVar[str] = "all_blocked"
    stage: ClassVar[Stage] = "outcome"
    endpoints: ClassVar[tuple[str, ...]] = ("generate",)

    empty: Annotated[
        Literal["list", "object", "null", "absent"] | None,
        Meta(description="How `data` says so: [], {}, null or not at all. Default: as the profile does."),
    ] = None

    def applies(self, subject: ImageRequest | None) -> bool:
        """To valid calls."""
        return subject is not None

    def outcome(self, request: ImageRequest | None, moment: Moment) -> Blocked:
        """All are blocked."""
        return Blocked(None, _ANSWERS[self.empty] if self.empty else None)
