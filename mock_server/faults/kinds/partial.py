"""Some images are blocked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.types import Blocked, ImageRequest
from mock_server.faults.stages import Moment, Stage


class Partial(Struct, frozen=True, kw_only=True):
    """Content safety blocks some of the images: the answer is a success with fewer than were asked for. Applies to
    valid calls for more than `failed` images.
    """

    kind: ClassVar[str] = "partial"
    stage: ClassVar[Stage] = "outcome"
    endpoints: ClassVar[tuple[str, ...]] = ("generate",)

    failed: Annotated[int, Meta(ge=1, le=8, description="How many images are blocked.")] = 1

    def applies(self, subject: ImageRequest | None) -> bool:
        """To valid calls for more images than are blocked."""
        return subject is not None and subject.n > self.failed

    def outcome(self, request: ImageRequest | None, moment: Moment) -> Blocked:
        """Some are blocked."""
        return Blocked(self.failed)
