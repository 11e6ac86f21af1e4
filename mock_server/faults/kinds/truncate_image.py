"""Half an image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.types import Picture
from mock_server.faults.stages import Moment, Spoiled, Stage


class TruncateImage(Struct, frozen=True, kw_only=True):
    """Send only the first part of an image. Content-Length agrees with it: only decoding shows the loss."""

    kind: ClassVar[str] = "truncate_image"
    stage: ClassVar[Stage] = "image"
    endpoints: ClassVar[tuple[str, ...]] = ("generate", "download")

    keep: Annotated[float, Meta(gt=0, lt=1, description="Which part of its bytes is sent.")] = 0.5

    def spoil(self, picture: Picture, render: Callable[[Picture], bytes], moment: Moment) -> Spoiled:
        """See `Image`."""
        jpeg = render(picture)
        return Spoiled(jpeg[: max(1, int(len(jpeg) * self.keep))], "image/jpeg")
