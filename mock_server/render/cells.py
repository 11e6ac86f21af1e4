"""Text as JPEG blocks: characters are encoded once, and lines are joined from whole bytes.

What a character's blocks are in a scan depends on the block before (its DC coefficient is the prediction), so they are
kept by pairs of characters. The blocks of a pair end on a byte (``Endings``), and joining a line is joining bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.render.encode import encode_luma
from mock_server.render.entropy import LUMA_DC_CODES, Bits, Endings, ac_table, dc_bits, pack, read_block, split
from mock_server.render.typeface import Ink, Typeface

# A page is emptied when it holds so many, divided by its scale: then it weighs about 3 MB.
_MAX_PAIRS = 6000
_MAX_CELLS = 1500
_MAX_BLANKS = 512  # blocks; a picture of 4096 pixels

START = ""
"""The cluster that stands before the first of a line, where the prediction is zero."""


class _CellRow(NamedTuple):
    """A row of a cell's blocks: the DC coefficient of the first and of the last, the bits between the first one's
    DC code and the last one's end, and the index of the last coefficient.
    """

    first: int
    level: int
    bits: Bits
    last: int


class _Page(NamedTuple):
    """The cells of one scale and ink, and the pairs made of them: one string of bytes per row of blocks."""

    cells: dict[str, tuple[_CellRow, ...]]
    pairs: dict[tuple[str, str], tuple[bytes, ...]]


class Cells:
    """Encoded characters by scale and ink. The space is always a piece of ground: lines begin and end with one."""

    def __init__(self, typeface: Typeface, ground: int) -> None:
        self._typeface = typeface
        self._ground = Ink(ground, ground)
        self._pages: dict[tuple[int, Ink], _Page] = {}
        stream = split(encode_luma(typeface.draw(" ", 1, self._ground), restart_blocks=1))
        self._table = ac_table(stream.header)
        self._endings = Endings(self._table)
        level = read_block(stream.intervals[0], self._table).dc
        end_count, end = self._endings.plain
        zero_count, zero = dc_bits(0, LUMA_DC_CODES)
        blank = f"{zero << end_count | end:0{zero_count + end_count}b}"
        self._blanks = [pack(len(blank) * count, int(blank * count or "0", 2)) for count in range(_MAX_BLANKS + 1)]
        first_count, first = dc_bits(level, LUMA_DC_CODES)
        self._first = f"{first << end_count | end:0{first_count + end_count}b}"
        self._blank = blank

    def missing(self, text: Sequence[str], scale: int, ink: Ink) -> int:
        """How many different clusters of ``text`` would have to be drawn."""
        cells = self._page(scale, ink).cells
        wanted = set(text)
        return 0 if cells.keys() >= wanted else len(wanted - cells.keys())

    def warm(self, clusters: str, scale: int, ink: Ink) -> None:
        """Draws characters ahead of their use."""
        page = self._page(scale, ink)
        for cluster in clusters:
            self._cell(page, cluster, scale, ink)

    def blank_row(self, blocks: int) -> bytes:
        """A row of ground, as a restart interval."""
        text = self._first + self._blank * (blocks - 1)
        return pack(len(text), int(text, 2))

    def encode(self, text: Sequence[str], scale: int, ink: Ink, *, before: str = START) -> list[bytes]:
        """The clusters of ``text`` behind the cluster ``before``, as the bytes of each row of blocks.

        What ``fill`` gives may follow a space only.
        """
        page = self._page(scale, ink)
        try:
            pairs = list(map(page.pairs.__getitem__, zip((before, *text), text, strict=False)))
        except KeyError:
            keys = zip((before, *text), text, strict=False)
            pairs = [page.pairs.get(key) or self._pair(page, key, scale, ink) for key in keys]
        return list(map(b"".join, zip(*pairs, strict=True)))

    def columns(self, cluster: str) -> int:
        """The width of a cluster in cells."""
        return self._typeface.columns(cluster)

    def fill(self, blocks: int) -> bytes:
        """So many blocks of ground behind a space, to the end of a restart interval."""
        return self._blanks[blocks]

    def _page(self, scale: int, ink: Ink) -> _Page:
        page = self._pages.get((scale, ink))
        if page is None:
            page = self._pages[scale, ink] = _Page({}, {})
        return page

    def _pair(self, page: _Page, key: tuple[str, str], scale: int, ink: Ink) -> tuple[bytes, ...]:
        cell = self._cell(page, key[1], scale, ink)
        before = self._cell(page, key[0], scale, ink) if key[0] != START else ()
        levels = [row.level for row in before] or [0] * len(cell)
        if len(page.pairs) >= _MAX_PAIRS // scale:
            page.pairs.clear()
        pair = page.pairs[key] = tuple(map(self._join, levels, cell))
        return pair

    def _join(self, level: int, row: _CellRow) -> bytes:
        """The bytes of a row of blocks after a block of ``level``."""
        code_count, code = dc_bits(row.first - level, LUMA_DC_CODES)
        count, bits = row.bits
        end_count, end = self._endings.find(row.last, -(code_count + count) % 8)
        return pack(code_count + count + end_count, (code << count | bits) << end_count | end)

    def _cell(self, page: _Page, cluster: str, scale: int, ink: Ink) -> tuple[_CellRow, ...]:
        cell = page.cells.get(cluster)
        if cell is None:
            if len(page.cells) >= _MAX_CELLS // scale:
                page.cells.clear()
            cell = page.cells[cluster] = self._encode(cluster, scale, self._ground if cluster == " " else ink)
        return cell

    def _encode(self, cluster: str, scale: int, ink: Ink) -> tuple[_CellRow, ...]:
        image = self._typeface.draw(cluster, scale, ink)
        blocks = [read_block(each, self._table) for each in split(encode_luma(image, restart_blocks=1)).intervals]
        width = image.width // 8
        end_count, end = self._endings.plain
        rows = []
        for start in range(0, len(blocks), width):
            block = blocks[start]
            total, value = block.ac
            for following in blocks[start + 1 : start + width]:
                code_count, code = dc_bits(following.dc - block.dc, LUMA_DC_CODES)
                count, bits = following.ac
                total += end_count + code_count + count
                value = ((value << end_count | end) << code_count | code) << count | bits
                block = following
            rows.append(_CellRow(blocks[start].dc, block.dc, (total, value), block.last))
        return tuple(rows)
