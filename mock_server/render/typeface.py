"""Drawing of text in cells of 8 x 16 pixels, times a scale, so that every character lies on JPEG's blocks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from mock_server.render.clusters import BLANK, WIDE_BLANK
from mock_server.render.coverage import FONTS, Coverage

COLUMN = 8
ROW = 16


class Ink(NamedTuple):
    """The luma of a text and of the ground it stands on."""

    ground: int
    text: int


class _Cut(NamedTuple):
    """How a font is set in cells of scale 1: its size and the baseline's distance from the top, in pixels."""

    size: int
    baseline: float


_CUTS = {
    "DejaVuSansMono.ttf": _Cut(13, 12.5),
    "DejaVuSans-subset.ttf": _Cut(13, 12.5),
    "DroidSansFallback-subset.ttf": _Cut(15, 13.5),
    "Unifont-subset.otf": _Cut(16, 14),
    "UnifontUpper-subset.otf": _Cut(16, 14),
}


class Typeface:
    """The shipped fonts, opened as they are needed. Pillow's basic layout is asked for by name: whether the text engine
    Raqm is installed must not decide what a picture looks like.
    """

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}
        self._lock = Lock()

    def columns(self, cluster: str) -> int:
        """The width of a cluster in cells."""
        if cluster[0] in (" ", BLANK):
            return 1
        if cluster[0] == WIDE_BLANK:
            return 2
        place = self._coverage.find(cluster[0])
        return max(1, place[1]) if place else 1

    def draw(self, cluster: str, scale: int, ink: Ink) -> Image.Image:
        """A cluster in its cells, as a greyscale picture."""
        size = (self.columns(cluster) * COLUMN * scale, ROW * scale)
        image = Image.new("L", size, ink.ground)
        with self._lock:
            self._write(ImageDraw.Draw(image), cluster, scale, ink)
        return image

    def draw_line(self, clusters: Iterable[str], scale: int, ink: Ink) -> Image.Image:
        """Clusters side by side, as a greyscale picture just wide enough. Spaces are ground of the ink."""
        cells = [self.draw(cluster, scale, ink) for cluster in clusters]
        line = Image.new("L", (max(1, sum(cell.width for cell in cells)), ROW * scale), ink.ground)
        left = 0
        for cell in cells:
            line.paste(cell, (left, 0))
            left += cell.width
        return line

    def _write(self, canvas: ImageDraw.ImageDraw, cluster: str, scale: int, ink: Ink) -> None:
        """The first character centred in its cells, the marks after it at the pen's position, as fonts expect them."""
        pen = 0.0
        for position, character in enumerate(cluster):
            place = self._coverage.find(character)
            if place is None:  # a blank
                pen = self.columns(character) * COLUMN * scale
                continue
            name = self._coverage.fonts[place[0]]
            font = self._font(name, scale)
            left = pen
            if position == 0:
                advance = font.getlength(character)
                left = max(0.0, (place[1] * COLUMN * scale - advance) / 2)
                pen = left + advance
            elif unicodedata.category(character) == "Lo":  # a mark with an advance of its own
                left = 0
            canvas.text((left, _CUTS[name].baseline * scale), character, fill=ink.text, font=font, anchor="ls")

    def _font(self, name: str, scale: int) -> ImageFont.FreeTypeFont:
        font = self._fonts.get((name, scale))
        if font is None:
            layout = ImageFont.Layout.BASIC
            font = ImageFont.truetype(str(FONTS / name), _CUTS[name].size * scale, layout_engine=layout)
            self._fonts[name, scale] = font
        return font
