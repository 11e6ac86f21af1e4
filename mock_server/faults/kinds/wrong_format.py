"""An image that is no JPEG."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from mock_server.core.types import Picture
from mock_server.faults.stages import Moment, Spoiled, Stage

MediaType = Annotated[str, Meta(pattern="^[!-~]+$")]


class WrongFormat(Struct, frozen=True, kw_only=True):
    """Send the image in another format than JPEG, under its right media type unless another is given."""

    kind: ClassVar[str] = "wrong_format"
    stage: ClassVar[Stage] = "image"
    endpoints: ClassVar[tuple[str, ...]] = ("generate", "download")

    format: Annotated[Literal["png", "webp", "gif", "bmp"], Meta(description="The format.")] = "png"
    content_type: Annotated[
        MediaType | None, Meta(description="Content-Type of a download, for example image/jpeg.")
    ] = None

    def spoil(self, picture: Picture, render: Callable[[Picture], bytes], moment: Moment) -> Spoiled:
        """See `Image`."""
        from PIL import Image

        file = BytesIO()
        with Image.open(BytesIO(render(picture))) as image:
            image.save(file, format=self.format)
        return Spoiled(file.getvalue(), self.content_type or f"image/{self.format}")
