"""Entropy-coded JPEG data as bits: what is needed to join blocks that were encoded apart (ITU-T T.81, annex F)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from mock_server.render.segments import DHT, EOI, SOS

# Huffman codes of the luminance DC categories 0..11 (T.81, table K.3), which libjpeg writes unless told otherwise.
LUMA_DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110", "11111110", "111111110")
SPARE_COEFFICIENTS = 3  # at the end of the zigzag: they carry padding, never a picture

_DC_WINDOWS = [int(code.ljust(9, "0"), 2) for code in LUMA_DC_CODES]
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_EOB, _ZRL = 0x00, 0xF0
_LAST_KEPT = 63 - SPARE_COEFFICIENTS
# Sizes in bits of the spare coefficients, smallest first: values up to 15.
_SPARE_VALUES = sorted(product(range(5), repeat=SPARE_COEFFICIENTS), key=lambda sizes: (sum(sizes), sizes))

Bits = tuple[int, int]
"""A run of bits: how many, and their value."""


class Block(NamedTuple):
    """A block of 8 x 8 pixels: its DC coefficient, the bits of its AC coefficients up to the last that is not zero, and
    that one's index in zigzag order (0 if all are zero).
    """

    dc: int
    ac: Bits
    last: int


class AcTable(NamedTuple):
    """An AC Huffman table: the smallest 16-bit window of each code, ascending, with the code's length and symbol."""

    windows: list[int]
    entries: list[tuple[int, int]]


class Stream(NamedTuple):
    """What Pillow wrote for a greyscale picture: the segments before the scan, and the scan between its restarts."""

    header: bytes
    intervals: list[bytes]

    def tables(self, marker: int) -> bytes:
        """All segments with this marker."""
        at, found = 2, b""
        while at < len(self.header):
            end = at + 2 + int.from_bytes(self.header[at + 2 : at + 4], "big")
            if self.header[at + 1] == marker:
                found += self.header[at:end]
            at = end
        return found


def dc_bits(difference: int, codes: Sequence[str]) -> Bits:
    """The bits of the difference of two DC coefficients. ``codes`` are the Huffman codes of its categories."""
    category = abs(difference).bit_length()
    code = codes[category]
    extra = difference if difference >= 0 else difference + (1 << category) - 1
    return len(code) + category, int(code, 2) << category | extra


def split(data: bytes) -> Stream:
    """Takes the JPEG of a greyscale picture apart: what stands before SOS, and the scan's restart intervals."""
    at = 2
    while data[at + 1] != SOS:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    scan = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return Stream(data[:at], _RESTART.split(data[scan : -len(EOI)]))


def ac_table(header: bytes) -> AcTable:
    """The first AC Huffman table of ``header``."""
    at = 2
    while not (header[at + 1] == DHT and header[at + 4] == 0x10):
        at += 2 + int.from_bytes(header[at + 2 : at + 4], "big")
    counts, symbols = header[at + 5 : at + 21], iter(header[at + 21 :])
    table = AcTable([], [])
    window = 0
    for length, count in enumerate(counts, 1):
        for _ in range(count):
            table.windows.append(window)
            table.entries.append((length, next(symbols)))
            window += 1 << 16 - length
    return table


def read_block(interval: bytes, table: AcTable) -> Block:
    """The only block of a restart interval, without its spare coefficients and its end.

    The prediction is 0 at the start of an interval, so its DC difference is the DC coefficient.
    """
    data = interval.replace(b"\xff\x00", b"\xff")
    total = 8 * len(data)
    value = int.from_bytes(data, "big")
    category, at = _read_category(value, total)
    extra = value >> total - at - category & (1 << category) - 1
    dc = extra if not category or extra >> category - 1 else extra - (1 << category) + 1
    start = at + category
    end, last = _find_end(value, total, start, table)
    return Block(dc, (end - start, value >> total - end & (1 << end - start) - 1), last)


def pack(count: int, bits: int) -> bytes:
    """So many bits as bytes of a scan: padded with ones to a whole byte, with a zero byte after each 0xFF."""
    padding = -count % 8
    return ((bits << padding) | (1 << padding) - 1).to_bytes((count + padding) >> 3, "big").replace(b"\xff", b"\xff\0")


class Endings:
    """Ways to end a block, by the index of its last coefficient and the bits that are missing to a whole byte.

    A JPEG scan has no padding but before a marker. To make the bits of a block end on a byte, the spare coefficients at
    the end of the zigzag, whose quantisation step is 1, take small values that nobody sees: the codes of different
    values have different lengths. Of all values with the right length the smallest are taken.
    """

    def __init__(self, table: AcTable) -> None:
        self._codes = {
            symbol: (length, window >> 16 - length)
            for window, (length, symbol) in zip(table.windows, table.entries, strict=True)
        }
        self._by_last: dict[int, tuple[Bits, ...]] = {}
        self.plain = self._codes[_EOB]

    def find(self, last: int, missing: int) -> Bits:
        """The shortest-valued ending after coefficient ``last`` whose length is ``missing`` modulo 8."""
        endings = self._by_last.get(last)
        if endings is None:
            endings = self._by_last[last] = self._list(last)
        return endings[missing]

    def _list(self, last: int) -> tuple[Bits, ...]:
        found: dict[int, Bits] = {}
        for sizes in _SPARE_VALUES:
            ending = self._end(last, sizes)
            found.setdefault(ending[0] % 8, ending)
            if len(found) == 8:
                break
        return tuple(found[missing] for missing in range(8))

    def _end(self, last: int, sizes: tuple[int, ...]) -> Bits:
        """The bits of spare coefficients of these sizes: each the smallest positive value of its size."""
        text = ""
        for index, size in enumerate(sizes, _LAST_KEPT + 1):
            if size == 0:
                continue
            run = index - last - 1
            text += self._text(_ZRL) * (run // 16) + self._text(run % 16 << 4 | size) + f"{1 << size - 1:0{size}b}"
            last = index
        if last < 63:
            text += self._text(_EOB)
        return len(text), int(text or "0", 2)

    def _text(self, symbol: int) -> str:
        length, code = self._codes[symbol]
        return f"{code:0{length}b}"


def _read_category(value: int, total: int) -> tuple[int, int]:
    """The DC category at the start of the bits, and where its code ends."""
    window = (value << 9 >> total) & 0x1FF
    category = bisect_right(_DC_WINDOWS, window) - 1
    return category, len(LUMA_DC_CODES[category])


def _find_end(value: int, total: int, at: int, table: AcTable) -> tuple[int, int]:
    """Where the bits of the last coefficient end that is kept, and its index."""
    windows, entries = table
    value <<= 16  # a window may reach beyond the last byte
    shift, index, last = total - at, 0, 0
    end = shift
    while True:
        length, symbol = entries[bisect_right(windows, value >> shift & 0xFFFF) - 1]
        index += (symbol >> 4) + 1
        if symbol == _EOB or index > _LAST_KEPT:
            return total - end, last
        shift -= length + (symbol & 15)
        if symbol != _ZRL:
            end, last = shift, index
