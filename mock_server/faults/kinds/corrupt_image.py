"""An image that nothing can decode."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import shake_256
from typing import ClassVar

from msgspec import Struct

from mock_server.core.types import Picture
from mock_server.faults.stages import Moment, Spoiled, Stage

_MAGIC = 4


class CorruptImage(Struct, frozen=True, kw_only=True):
    """Overwrite an image with noise behind its first four bytes: it has the length and the magic number of a JPEG,
    and no decoder can read it.
    """

    kind: ClassVar[str] = "corrupt_image"
    stage: ClassVar[Stage] = "image"
    endpoints: ClassVar[tuple[str, ...]] = ("generate", "download")

    def spoil(self, picture: Picture, render: Callable[[Picture], bytes], moment: Moment) -> Spoiled:
        """See `Image`."""
        jpeg = render(picture)
        return Spoiled(jpeg[:_MAGIC] + shake_256(moment.chance).digest(len(jpeg) - _MAGIC), "image/jpeg")
