"""Pictures the fast way: three scans joined from parts that were encoded before.

A baseline JPEG may keep each component in a scan of its own. The luma scan is a landscape, encoded once for a size with
a restart marker after every row of blocks, of which the upper rows are taken; the caption's rows follow, joined from
encoded characters. The chroma scans have one level in every row, so that nearly every block is two bits.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from mock_server.core.types import Picture
from mock_server.render.cache import Lru
from mock_server.render.caption import (
    BADGE,
    BADGE_COLUMNS,
    EDGE,
    FACTS,
    GROUND,
    PROMPT,
    Text,
    scale_for,
    set_facts,
    set_prompt,
)
from mock_server.render.cells import Cells
from mock_server.render.coverage import Coverage
from mock_server.render.encode import CHROMA_QUANTISATION, encode_luma
from mock_server.render.entropy import SPARE_COEFFICIENTS, dc_bits, pack, split
from mock_server.render.facts import comments
from mock_server.render.label import label
from mock_server.render.landscape import compose
from mock_server.render.lines import Line
from mock_server.render.look import Look, chroma_levels, look_for
from mock_server.render.segments import APP0, DHT, DQT, DRI, EOI, JFIF_HEADER, SOF0, SOI, SOS, restart, segment
from mock_server.render.typeface import Typeface

_BASE_BYTES = 6 << 20
_CHROMA_BYTES = 1 << 20
_PROMPT_BYTES = 1 << 20
_PATIENCE = 6  # characters that may be drawn while somebody waits: about a millisecond

_DIGITS = "-0123456789"
_COMMON = f"{_DIGITS} ,.abcdefghijklmnopqrstuvwxyz"  # what nearly every prompt has

_START = SOI + segment(APP0, JFIF_HEADER)
# One bit for "no difference", five for every other category; and an AC table that only knows the end of a block.
_CHROMA_DC_CODES = ("0", *(f"{code:05b}" for code in range(16, 27)))
_CHROMA_TABLES = (
    segment(DQT, b"\1" + bytes(CHROMA_QUANTISATION))
    + segment(DHT, b"\x01" + bytes((1, 0, 0, 0, 11, *(0,) * 11)) + bytes(range(12)))
    + segment(DHT, b"\x11" + bytes((1, *(0,) * 15)) + b"\0")
)
_RESTARTS = tuple(restart(number) for number in range(8))


class _Base(NamedTuple):
    """A landscape: tables, frame and scan header; the rows of its scan with their markers; where each row begins; and a
    row of the caption's ground.
    """

    header: bytes
    rows: bytes
    starts: array[int]
    blank: bytes


class _Prompt(NamedTuple):
    """A prompt's size of letters, and its rows with the blank ones under it."""

    scale: int
    rows: list[bytes]


class Hybrid:
    """Renders pictures without references, whose sides are multiples of 8 pixels."""

    def __init__(self, coverage: Coverage, typeface: Typeface) -> None:
        self._coverage = coverage
        self._cells = Cells(typeface, GROUND)
        self._bases: Lru[tuple[int, int, int], _Base] = Lru(_BASE_BYTES)
        self._chroma: Lru[tuple[int, int, int], bytes] = Lru(_CHROMA_BYTES)
        self._prompts: Lru[tuple[str, int, int], _Prompt] = Lru(_PROMPT_BYTES)

    def suits(self, picture: Picture) -> bool:
        """Whether the picture can be had this way."""
        width, height = picture.width, picture.height
        return not picture.references and not (width | height) & 7 and 256 <= width <= 4096 and 256 <= height <= 4096

    def quick(self, picture: Picture) -> bytes | None:
        """The file, if its landscape and nearly all its characters are at hand."""
        look = look_for(picture.seed, picture.index)
        base = self._bases.get((picture.width, picture.height, look.scene))
        if base is None:
            return None
        prompt = self._prompts.get((picture.prompt, picture.width, picture.height))
        if prompt is None:
            text = set_prompt(picture.prompt, picture.width, picture.height, self._coverage)
            if self._missing(text) > _PATIENCE:
                return None
            prompt = self._encode_prompt(picture, text)
        facts = set_facts(picture, self._coverage, max_scale=prompt.scale)
        if self._missing(facts) > _PATIENCE:
            return None
        return self._assemble(picture, base, look, [*prompt.rows, *self._encode_text(facts, picture.width >> 3)])

    def render(self, picture: Picture) -> bytes:
        """The file, with everything prepared that ``quick`` wants for the next one of this size."""
        look = look_for(picture.seed, picture.index)
        key = (picture.width, picture.height, look.scene)
        base = self._bases.get(key)
        if base is None:
            base = self._encode_base(*key)
            self._bases.put(key, base, len(base.rows) + len(base.starts) * 4 + 1000)
        scale = scale_for(picture.width, picture.height)
        self._cells.warm(_COMMON, scale, PROMPT)
        text = set_prompt(picture.prompt, picture.width, picture.height, self._coverage)
        prompt = self._encode_prompt(picture, text)
        facts = set_facts(picture, self._coverage, max_scale=prompt.scale)
        self._cells.warm(_DIGITS, facts.scale, FACTS)
        rows = [*prompt.rows, *self._encode_text(facts, picture.width >> 3)]
        return self._assemble(picture, base, look, rows)

    def _missing(self, text: Text) -> int:
        return sum(self._cells.missing(line, text.scale, text.ink) for line in text.lines)

    def _assemble(self, picture: Picture, base: _Base, look: Look, texts: list[bytes]) -> bytes:
        """Joins the parts of the file. ``texts`` are the rows of prompt and facts."""
        caption = [base.blank, *texts, base.blank]
        total = picture.height >> 3
        first = max(0, total - len(caption))
        parts = [_START, b"", b"", base.header, base.rows[: base.starts[first]]]
        for number, row in enumerate(caption[-total:], first):
            parts += (row, _RESTARTS[number & 7])
        parts[-1] = self._chroma_scans(picture.width, picture.height, look)
        parts[2] = comments(picture)
        if picture.aigc_watermark:
            parts[1] = label(parts[2])
        return b"".join(parts)

    def _encode_prompt(self, picture: Picture, text: Text) -> _Prompt:
        """The rows of the prompt, remembered."""
        blocks = picture.width >> 3
        rows = self._encode_text(text, blocks) + [self._cells.blank_row(blocks)] * EDGE
        prompt = _Prompt(text.scale, rows)
        weight = 400 + sum(map(len, rows)) + 40 * len(rows) + 4 * len(picture.prompt)
        self._prompts.put((picture.prompt, picture.width, picture.height), prompt, weight)
        return prompt

    def _encode_text(self, text: Text, blocks: int) -> list[bytes]:
        rows: list[bytes] = []
        for line in text.lines[:-1] if text.badge else text.lines:
            rows += self._encode_line(line, text, blocks)
        if text.badge:
            rows += self._encode_badge(text, blocks)
        return rows

    def _encode_line(self, line: Line, text: Text, blocks: int) -> list[bytes]:
        """A line as restart intervals, one for each of its rows of blocks."""
        before = " " * text.margin
        padded = f"{before}{line} " if isinstance(line, str) else (*before, *line, " ")
        rows = self._cells.encode(padded, text.scale, text.ink)
        fill = self._cells.fill(blocks - text.scale * (text.margin + 1 + self._columns(line)))
        return [row + fill for row in rows]

    def _encode_badge(self, text: Text, blocks: int) -> list[bytes]:
        """The last line, with the badge at its right end."""
        line, scale = text.lines[-1], text.scale
        gap = text.columns - self._columns(line) - BADGE_COLUMNS
        rows = self._cells.encode((*" " * text.margin, *line, *" " * gap), scale, text.ink)
        badge = self._cells.encode((*text.badge, " "), scale, BADGE, before=" ")
        fill = self._cells.fill(blocks - scale * (text.margin + 1 + text.columns))
        return [row + end + fill for row, end in zip(rows, badge, strict=True)]

    def _columns(self, line: Line) -> int:
        return len(line) if isinstance(line, str) else sum(map(self._cells.columns, line))

    def _encode_base(self, width: int, height: int, scene: int) -> _Base:
        stream = split(encode_luma(compose(width, height, scene), restart_rows=1))
        starts = array("L", [0])
        for number, row in enumerate(stream.intervals):
            starts.append(starts[number] + len(row) + 2)
        rows = b"".join(row + _RESTARTS[number & 7] for number, row in enumerate(stream.intervals))
        tables = stream.tables(DQT)[:-SPARE_COEFFICIENTS] + b"\1" * SPARE_COEFFICIENTS
        components = b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
        frame = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + components
        header = (
            tables
            + _CHROMA_TABLES
            + segment(SOF0, frame)
            + stream.tables(DHT)
            + segment(DRI, (width >> 3).to_bytes(2))
            + segment(SOS, b"\x01\x01\x00\x00\x3f\x00")
        )
        return _Base(header, rows, starts, self._cells.blank_row(width >> 3))

    def _chroma_scans(self, width: int, height: int, look: Look) -> bytes:
        """Both chroma scans, to the end of the file."""
        key = (width, height, look.palette)
        scans = self._chroma.get(key)
        if scans is None:
            cb, cr = chroma_levels(look, (height + 15) >> 4)
            blocks = (width + 15) >> 4
            scans = (
                segment(DRI, b"\0\0")
                + segment(SOS, b"\x01\x02\x11\x00\x3f\x00")
                + _flat_rows(cb, blocks)
                + segment(SOS, b"\x01\x03\x11\x00\x3f\x00")
                + _flat_rows(cr, blocks)
                + EOI
            )
            self._chroma.put(key, scans, len(scans) + 200)
        return scans


def _flat_rows(levels: tuple[int, ...], blocks: int) -> bytes:
    """A scan of so many blocks a row, each row of one level: one difference a row, then two zero bits a block."""
    total = value = before = 0
    for level in levels:
        count, bits = dc_bits(level - before, _CHROMA_DC_CODES)
        before = level
        count, bits = count + 1 + 2 * (blocks - 1), bits << 1 + 2 * (blocks - 1)
        total += count
        value = value << count | bits
    return pack(total, value)
