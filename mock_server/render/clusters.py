"""Text as clusters: what is drawn in one place, and how many cells wide that place is."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from mock_server.render.coverage import Coverage
from mock_server.render.scripts import shape

BLANK = "\u00a0"
WIDE_BLANK = "\u3000"
NEW_LINE = "\n"

_LINE_ENDS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
# Characters that steer how others are drawn and have no look of their own: joiners, direction marks, variation
# selectors, emoji tags. Everything else invisible is drawn as its number, since a person wants to see that it arrived.
_SILENT = frozenset(
    map(
        chr,
        (
            *(0x200C, 0x200D, 0x200E, 0x200F, 0x061C),
            *(*range(0x2066, 0x206A), *range(0x202A, 0x202F)),
            *(*range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)),
        ),
    )
)
_SIGNS = frozenset(map(chr, (*range(0x0600, 0x0606), 0x06DD)))  # format characters that are seen
_JAMO_TAILS = range(0x1160, 0x1200)  # Hangul vowels and finals, written into the syllable that they follow


class Cluster(NamedTuple):
    """A character with the marks over it: its text, its width in cells, and how many characters of the source it is."""

    text: str
    columns: int
    characters: int


def split(text: str, coverage: Coverage) -> list[Cluster]:
    """The clusters of ``text`` in reading order, a line's end as ``NEW_LINE``.

    Control characters, and what no font draws, become their number in letters: ``[U+0007]``. Joiners, direction marks
    and variation selectors are not drawn.
    """
    clusters: list[Cluster] = []
    for part, characters in shape(_cut(text.replace("\r\n", "\n"), coverage)):
        clusters.extend(_resolve(unicodedata.normalize("NFC", part), characters, coverage))
    return clusters


def _cut(text: str, coverage: Coverage) -> list[str]:
    """Cuts before every character that does not belong to the one before it."""
    parts: list[str] = []
    for character in text:
        if parts and parts[-1] not in _LINE_ENDS and _attaches(character, coverage):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _attaches(character: str, coverage: Coverage) -> bool:
    if character < "\u0300":
        return False
    if character in _SILENT or ord(character) in _JAMO_TAILS or unicodedata.category(character) in ("Mn", "Me"):
        return True
    place = coverage.find(character)
    return place is not None and place[1] == 0 and unicodedata.category(character) != "Cf"


def _resolve(part: str, characters: int, coverage: Coverage) -> list[Cluster]:
    """One cluster for what can be drawn, and escapes for the rest."""
    if part in _LINE_ENDS:
        return [Cluster(NEW_LINE, 0, characters)]
    drawn, columns, escapes = "", 0, ""
    for character in part:
        width = _width(character, coverage)
        if character in _SILENT:
            continue
        if width is None:
            escapes += f"[U+{ord(character):04X}]"
            continue
        if unicodedata.category(character) == "Zs" and character not in (" ", WIDE_BLANK):
            drawn += BLANK
        else:
            drawn += character if drawn or width else BLANK + character
        columns = max(columns, width, 1)
    clusters = [Cluster(drawn, columns, characters)] if drawn else []
    clusters += [Cluster(letter, 1, 0) for letter in escapes]
    if not drawn and escapes:
        clusters[0] = clusters[0]._replace(characters=characters)
    return clusters


def _width(character: str, coverage: Coverage) -> int | None:
    """The columns of a character, 0 for a mark; nothing if it cannot be drawn or would not be seen."""
    kind = unicodedata.category(character)
    if kind == "Zs":
        return 2 if character == WIDE_BLANK else 1
    if kind == "Cf" and character not in _SIGNS:
        return None
    place = coverage.find(character)
    return None if place is None else place[1]
