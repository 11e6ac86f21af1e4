"""Builds the fonts that the pictures are written with, and the table of which font draws which character.

    python tools/build_fonts.py            writes mock_server/render/fonts/

Needs fonttools and the fonts of these Debian 12 packages:

    fonts-dejavu-core, fonts-dejavu-extra   DejaVu Sans Mono and DejaVu Sans 2.37
    fonts-droid-fallback                    Droid Sans Fallback 1.00c (1:6.0.1r16)
    fonts-unifont                           GNU Unifont 15.0.01

DejaVu Sans Mono is shipped as it is. The others are cut down to what no font before them draws. The
licences beside the fonts are kept by hand.
"""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SYSTEM = Path("/usr/share/fonts")
TARGET = Path(__file__).parents[1] / "mock_server/render/fonts"

# In order of preference.
SOURCES = (
    ("DejaVuSansMono.ttf", SYSTEM / "truetype/dejavu/DejaVuSansMono.ttf"),
    ("DejaVuSans-subset.ttf", SYSTEM / "truetype/dejavu/DejaVuSans.ttf"),
    ("DroidSansFallback-subset.ttf", SYSTEM / "truetype/droid/DroidSansFallbackFull.ttf"),
    ("Unifont-subset.otf", SYSTEM / "opentype/unifont/unifont.otf"),
    ("UnifontUpper-subset.otf", SYSTEM / "opentype/unifont/unifont_upper.otf"),
)
UNIFONT_UPPER = range(0x1F000, 0x1FC00)  # emoji and pictographs; the historic scripts of plane 1 are left out
DROPPED_TABLES = ["GSUB", "GPOS", "GDEF", "VORG", "vhea", "vmtx", "kern", "FFTM"]
CELL = 13 / 8  # characters are drawn at 13 pixels in cells of 8 pixels' width


def wanted(name: str, characters: set[int], taken: set[int]) -> set[int]:
    """The characters that the font ``name`` is to draw."""
    rest = {character for character in characters - taken if unicodedata.category(chr(character)) not in ("Cc", "Co")}
    if name.startswith("UnifontUpper"):
        return rest & set(UNIFONT_UPPER)
    if name.startswith("DejaVuSansMono"):  # its combining marks are as wide as a letter: they cannot be overlaid
        return {character for character in rest if unicodedata.category(chr(character)) not in ("Mn", "Me")}
    return rest


def columns(font: TTFont, name: str, character: int) -> int:
    """How many cells of 8 x 16 pixels the character takes; 0 for a mark that is drawn over the one before."""
    advance = font["hmtx"][font.getBestCmap()[character]][0] / font["head"].unitsPerEm
    if unicodedata.category(chr(character)) in ("Mn", "Me") or advance == 0:
        return 0
    if name.startswith("Unifont"):
        return round(advance * 2)
    if name.startswith("Droid"):
        return 2 if advance > 0.6 else 1
    return 1 if name.startswith("DejaVuSansMono") else max(1, round(advance * CELL + 0.3))


def cut(font: TTFont, characters: set[int]) -> None:
    """Keeps the outlines of ``characters`` and drops layout tables, hints and most names."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.drop_tables = [*options.drop_tables, *DROPPED_TABLES]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def ranges(table: dict[int, tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Runs of characters of one font and one width, as (first, last, font, columns)."""
    runs: list[tuple[int, int, int, int]] = []
    for character, place in sorted(table.items()):
        if runs and runs[-1][1] == character - 1 and runs[-1][2:] == place:
            runs[-1] = (runs[-1][0], character, *place)
        else:
            runs.append((character, character, *place))
    return runs


def main() -> None:
    """Writes the fonts and the table of coverage."""
    TARGET.mkdir(exist_ok=True)
    table: dict[int, tuple[int, int]] = {}
    for number, (name, source) in enumerate(SOURCES):
        font = TTFont(source, recalcTimestamp=False)
        characters = wanted(name, set(font.getBestCmap()), set(table))
        table |= {character: (number, columns(font, name, character)) for character in characters}
        if number == 0:
            shutil.copyfile(source, TARGET / name)
        else:
            cut(font, characters)
            font.save(TARGET / name)
        print(f"{name}: {len(characters)} characters, {(TARGET / name).stat().st_size} bytes")
    lines = [f"{first:X} {last:X} {font} {width}" for first, last, font, width in ranges(table)]
    header = "# first last font columns; fonts: " + " ".join(name for name, _ in SOURCES)
    (TARGET / "coverage.txt").write_text("\n".join([header, *lines, ""]))
    print(f"coverage.txt: {len(lines)} ranges")


if __name__ == "__main__":
    main()
