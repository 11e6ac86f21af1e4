"""Which shipped font draws a character, and how wide: the table that ``tools/build_fonts.py`` wrote."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")


class Coverage:
    """The table of coverage, read on first use."""

    def __init__(self) -> None:
        self._firsts: array[int] = array("L")
        self._lasts: array[int] = array("L")
        self._places: array[int] = array("B")
        self.fonts: tuple[str, ...] = ()

    def find(self, character: str) -> tuple[int, int] | None:
        """The number of the font that draws ``character`` and its width in cells (0: drawn over the one before)."""
        if not self.fonts:
            self._read()
        code = ord(character)
        at = bisect_right(self._firsts, code) - 1
        if at < 0 or code > self._lasts[at]:
            return None
        return divmod(self._places[at], 16)

    def _read(self) -> None:
        header, *lines = (FONTS / "coverage.txt").read_text().splitlines()
        for line in lines:
            first, last, font, columns = line.split()
            self._firsts.append(int(first, 16))
            self._lasts.append(int(last, 16))
            self._places.append(int(font) * 16 + int(columns))
        self.fonts = tuple(header.partition("fonts: ")[2].split())
