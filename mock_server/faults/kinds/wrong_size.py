"""An image of another size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

from msgspec import Meta, Struct, structs

from mock_server.core.models import MAX_SIDE, MIN_SIDE, SIDE_STEP
from mock_server.core.types import Picture
from mock_server.faults.stages import Moment, Spoiled, Stage

_SHIFT = 64
Side = Annotated[int, Meta(ge=MIN_SIDE, le=MAX_SIDE, multiple_of=SIDE_STEP)]


class WrongSize(Struct, frozen=True, kw_only=True):
    """Send an image of another size than was asked for: `width` and `height`, or, of a side that is not given, 64
    pixels less than asked for (more where that would be too few).
    """

    kind: ClassVar[str] = "wrong_size"
    stage: ClassVar[Stage] = "image"
    endpoints: ClassVar[tuple[str, ...]] = ("generate", "download")

    width: Annotated[Side | None, Meta(description="Width in pixels.")] = None
    height: Annotated[Side | None, Meta(description="Height in pixels.")] = None

    def _size(self, picture: Picture) -> tuple[int, int]:
        return self.width or _other(picture.width), self.height or _other(picture.height)

    def applies(self, subject: Picture) -> bool:
        """To images of other sizes than this."""
        return self._size(subject) != (subject.width, subject.height)

    def spoil(self, picture: Picture, render: Callable[[Picture], bytes], moment: Moment) -> Spoiled:
        """See `Image`."""
        width, height = self._size(picture)
        return Spoiled(render(structs.replace(picture, width=width, height=height)), "image/jpeg")


def _other(side: int) -> int:
    return side - _SHIFT if side - _SHIFT >= MIN_SIDE else side + _SHIFT
