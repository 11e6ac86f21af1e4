"""The emulator with Pillow alone for its renderer: every image is drawn and encoded anew.

``plain_pillow.py PORT same`` draws the pictures that the emulator makes, ``plain_pillow.py PORT simple`` a gradient
with a frame and the prompt, as a mock written in an afternoon might.
"""

from __future__ import annotations

import io
import sys

from PIL import Image, ImageDraw, ImageFont

from mock_server.app import App
from mock_server.core.types import Picture
from mock_server.dispatch import Engine
from mock_server.render import Renderer
from mock_server.render.coverage import Coverage
from mock_server.render.plain import draw
from mock_server.render.typeface import Typeface
from mock_server.server import Server, bind
from mock_server.settings import Settings


class SameRenderer(Renderer):
    """The same picture; keeps its fonts loaded and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self._coverage = Coverage()
        self._typeface = Typeface(self._coverage)

    def quick(self, picture: Picture, *, keep: bool = True) -> bytes:  # noqa: ARG002
        """The file, however long it takes."""
        return draw(picture, self._coverage, self._typeface)


class SimpleRenderer(Renderer):
    """Four colours of the seed, blended, with a frame and the prompt."""

    def __init__(self) -> None:
        super().__init__()
        self._font = ImageFont.load_default(28)

    def quick(self, picture: Picture, *, keep: bool = True) -> bytes:  # noqa: ARG002
        """The file, however long it takes."""
        corners = Image.frombytes(
            "RGB", (2, 2), (picture.seed % 2**64 * 0x9E3779B97F4A7C15 % 2**96).to_bytes(12, "big")
        )
        image = corners.resize((picture.width, picture.height), Image.Resampling.BILINEAR)
        canvas = ImageDraw.Draw(image)
        canvas.rectangle((8, 8, picture.width - 9, picture.height - 9), outline="white", width=4)
        canvas.text((40, picture.height // 2), picture.prompt, font=self._font, fill="white")
        file = io.BytesIO()
        image.save(file, "JPEG", quality=80)
        return file.getvalue()


def main(port: str, kind: str) -> None:
    settings = Settings(port=int(port))
    engine = Engine(settings)
    engine.renderer = {"same": SameRenderer, "simple": SimpleRenderer}[kind]()
    listening = bind(settings.host, settings.port)
    Server(App(engine), settings, on_ready=lambda: None).run_on(listening)


if __name__ == "__main__":
    main(*sys.argv[1:])
