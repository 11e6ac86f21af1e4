"""Blocks as bits, and the caches they are kept in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mock_server.render.cache import Lru
from mock_server.render.encode import encode_luma
from mock_server.render.entropy import LUMA_DC_CODES, Endings, ac_table, dc_bits, pack, read_block, split
from mock_server.render.segments import DHT, DQT, EOI, SOS
from tests.render.pictures import decode

STREAM = split(encode_luma(Image.new("L", (8, 8), 34), restart_blocks=1))
TABLE = ac_table(STREAM.header)
ENDINGS = Endings(TABLE)


def test_every_block_can_be_made_to_end_on_a_byte() -> None:
    for last in range(61):
        assert [ENDINGS.find(last, missing)[0] % 8 for missing in range(8)] == list(range(8))


@pytest.mark.parametrize("code", [0xC4, 0xDB], ids=["DHT", "DQT"])
def test_tables_are_found_in_the_header(code: int) -> None:
    tables = STREAM.tables(code)
    assert tables.startswith(b"\xff" + bytes([code]))
    assert {0xC4: DHT, 0xDB: DQT}[code] == code


@given(
    pixels=st.binary(min_size=64, max_size=64)
    | st.lists(st.sampled_from([34, 238]), min_size=64, max_size=64).map(bytes)
)
def test_a_block_survives_being_taken_apart_and_joined_with_any_ending(pixels: bytes) -> None:
    data = encode_luma(Image.frombytes("L", (8, 8), pixels), restart_blocks=1)
    block = read_block(split(data).intervals[0], TABLE)
    begin = data.index(b"\xff" + bytes([SOS])) + 10
    code_count, code = dc_bits(block.dc, LUMA_DC_CODES)
    count, bits = block.ac
    shown = set()
    for missing in range(8):
        end_count, end = ENDINGS.find(block.last, missing)
        scan = pack(code_count + count + end_count, (code << count | bits) << end_count | end)
        rebuilt = data[:begin].replace(b"\xff\xff\xff\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff") + scan + EOI
        # the spare coefficients have a step of 1 in finished files
        table = data.index(b"\xff" + bytes([DQT])) + 5
        rebuilt = rebuilt[: table + 61] + b"\1\1\1" + rebuilt[table + 64 :]
        assert read_block(scan, TABLE)[:2] == block[:2]
        shown.add(decode(rebuilt).convert("L").tobytes())
    one, *others = shown
    assert all(abs(a - b) <= 8 for other in others for a, b in zip(one, other, strict=True))


@given(difference=st.integers(-2047, 2047))
def test_a_dc_difference_is_read_back(difference: int) -> None:
    count, bits = dc_bits(difference, LUMA_DC_CODES)
    end_count, end = ENDINGS.plain
    assert read_block(pack(count + end_count, bits << end_count | end), TABLE).dc == difference


def test_packing_pads_with_ones_and_stuffs_zeros() -> None:
    assert pack(9, 0b111111110) == b"\xff\x00\x7f"
    assert pack(0, 0) == b""


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache: Lru[str, int] = Lru(10)
    for number, key in enumerate("abc"):
        cache.put(key, number, 4)
        cache.get("a")
    assert (cache.get("a"), cache.get("b"), cache.get("c"), cache.weight, len(cache)) == (0, None, 2, 8, 2)
    cache.put("c", 9, 6)
    assert (cache.get("c"), cache.weight) == (9, 10)
    cache.put("huge", 1, 11)
    assert (cache.get("huge"), cache.weight) == (None, 10)
    cache.clear()
    assert (len(cache), cache.weight) == (0, 0)


@given(steps=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30))))
def test_the_cache_never_weighs_more_than_its_limit(steps: list[tuple[int, int]]) -> None:
    cache: Lru[int, int] = Lru(40)
    for key, weight in steps:
        cache.put(key, weight, weight)
        assert cache.weight <= 40
        assert cache.weight == sum(cache.get(key) or 0 for key in range(6))
