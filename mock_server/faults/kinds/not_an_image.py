"""Something else where the image should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.types import Picture
from mock_server.faults.stages import Moment, Spoiled, Stage

_PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>\n"


class NotAnImage(Struct, frozen=True, kw_only=True):
    """Send something else with HTTP 200 where the image should be, for example the page of a captive portal."""

    kind: ClassVar[str] = "not_an_image"
    stage: ClassVar[Stage] = "image"
    endpoints: ClassVar[tuple[str, ...]] = ("generate", "download")

    body: Annotated[str, Meta(min_length=1, description="What is sent.")] = _PAGE
    content_type: Annotated[str, Meta(pattern="^[!-~][ -~]*$", description="Content-Type of a download.")] = "text/html"

    def spoil(self, picture: Picture, render: Callable[[Picture], bytes], moment: Moment) -> Spoiled:
        """See `Image`."""
        return Spoiled(self.body.encode(), self.content_type)
