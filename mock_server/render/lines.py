"""Line breaking: a text becomes lines that fit a number of cells."""

from __future__ import annotations

from collections.abc import Sequence

from mock_server.render.clusters import NEW_LINE, WIDE_BLANK, Cluster, split
from mock_server.render.coverage import Coverage
from mock_server.render.scripts import arrange

Line = str | tuple[str, ...]
"""The clusters of a line in visual order. A string stands for one cluster per character."""

_RETURN = Cluster("\u23ce", 1, 1)
_NO_START = frozenset("、。，．！？；：）」』】》〉”’…·,.!?;:)]}%\u23ce")
_NO_END = frozenset("（「『【《〈“‘([{")


def is_plain(text: str) -> bool:
    """Whether every character is printable ASCII, so that a character is a cell."""
    return text.isascii() and text.isprintable()


def wrap(text: str, columns: int, coverage: Coverage) -> tuple[Line, ...]:
    """All lines of ``text`` at ``columns`` cells a line. Lines end at spaces or beside wide characters where they can.

    A line's end in the text is drawn as a return sign, and ends the line.
    """
    if is_plain(text):
        return _wrap_plain(text, columns)
    return tuple(_visible(line) for line in _wrap(split(text, coverage), columns))


def wrap_cut(text: str, columns: int, limit: int, coverage: Coverage) -> tuple[Line, ...]:
    """At most ``limit`` lines, the last of which says how many characters are not shown, if any are not."""
    lines = _wrap(split(text, coverage), columns)
    if len(lines) <= limit:
        return tuple(_visible(line) for line in lines)
    shown = lines[: max(0, limit - 1)]
    hidden = sum(cluster.characters for line in lines[len(shown) :] for cluster in line)
    note = f"… {hidden} more characters not shown"
    return (*(_visible(line) for line in shown), note[:columns])


def _wrap_plain(text: str, columns: int) -> tuple[str, ...]:
    if len(text) <= columns:
        return (text,)
    lines = []
    while len(text) > columns:
        at = text.rfind(" ", 0, columns + 1)
        if at > 0:
            lines.append(text[:at])
            text = text[at + 1 :]
        else:
            lines.append(text[:columns])
            text = text[columns:]
    return (*lines, text)


def _wrap(clusters: Sequence[Cluster], columns: int) -> list[list[Cluster]]:
    lines: list[list[Cluster]] = []
    line: list[Cluster] = []
    width = chance = 0
    for found in clusters:
        cluster = _RETURN if found.text == NEW_LINE else found
        if line and _may_break(line[-1], cluster):
            chance = len(line)
        if width + cluster.columns > columns + (cluster.text == " ") and line:
            at = chance or len(line)
            lines.append(line[:at])
            line = line[at:]
            width, chance = sum(item.columns for item in line), 0
        line.append(cluster)
        width += cluster.columns
        if cluster is _RETURN:
            lines.append(line)
            line, width, chance = [], 0, 0
    if line or not lines:
        lines.append(line)
    return lines


def _may_break(before: Cluster, after: Cluster) -> bool:
    if before.text in (" ", WIDE_BLANK):
        return True
    if before.columns < 2 and after.columns < 2:
        return False
    return after.text not in _NO_START and before.text not in _NO_END and after.text != " "


def _visible(line: Sequence[Cluster]) -> Line:
    """The line in visual order, without the space at its end."""
    end = len(line) - 1 if line and line[-1].text == " " else len(line)
    return tuple(arrange([cluster.text for cluster in line[:end]]))
