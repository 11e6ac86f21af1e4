"""Text in pictures: fonts, clusters, lines and captions."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from mock_server.core.types import Style
from mock_server.render.caption import FACTS, GROUND, PROMPT, facts_line, set_facts, set_prompt
from mock_server.render.clusters import split
from mock_server.render.coverage import FONTS, Coverage
from mock_server.render.lines import is_plain, wrap, wrap_cut
from mock_server.render.typeface import Typeface
from tests.render.pictures import PROMPTS, SIZES, make_picture

COVERAGE = Coverage()
TYPEFACE = Typeface(COVERAGE)


def draw(cluster: str) -> bytes:
    return TYPEFACE.draw(cluster, 2, PROMPT).tobytes()


def glyph(font: ImageFont.FreeTypeFont, character: str) -> bytes:
    return bytes(font.getmask(character))


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_no_character_of_a_prompt_is_drawn_as_a_box(prompt: str) -> None:
    for cluster in split(prompt, COVERAGE):
        for character in cluster.text.strip(" \u00a0\u3000"):
            place = COVERAGE.find(character)
            assert place is not None, f"U+{ord(character):04X}"
            font = ImageFont.truetype(FONTS / COVERAGE.fonts[place[0]], 32, layout_engine=ImageFont.Layout.BASIC)
            assert glyph(font, character) != glyph(font, "\uffff"), f"U+{ord(character):04X}"
    assert "[" not in "".join(cluster.text for cluster in split(prompt, COVERAGE))


def test_the_table_of_coverage_is_ascending_and_names_shipped_fonts() -> None:
    lines = (FONTS / "coverage.txt").read_text().splitlines()[1:]
    ranges = [(int(first, 16), int(last, 16)) for first, last, *_ in map(str.split, lines)]
    assert all(first <= last for first, last in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))
    assert COVERAGE.find("a") == (0, 1)
    assert all((FONTS / name).is_file() for name in COVERAGE.fonts)
    assert len(list(FONTS.glob("LICENSE-*"))) >= 3


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("e\u0301a", ["é", "a"]),
        ("\u1112\u1161\u11ab", ["한"]),
        ("a\x07b", ["a", *"[U+0007]", "b"]),
        ("\U00012345", [*"[U+12345]"]),
        ("\ud800", [*"[U+D800]"]),
        ("\u200b", [*"[U+200B]"]),
        ("❤\ufe0f", ["❤"]),
        ("a\u200db", ["a", "b"]),
        ("\u0301", ["\u00a0\u0301"]),
        ("a\r\nb\n\nc", ["a", "\n", "b", "\n", "\n", "c"]),
        ("a\u2003b", ["a", "\u00a0", "b"]),
        ("नि", ["नि"]),
        ("", []),
    ],
    ids=ascii,
)
def test_clusters_are_what_is_drawn_in_one_place(text: str, clusters: list[str]) -> None:
    assert [cluster.text for cluster in split(text, COVERAGE)] == clusters


@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_clusters_account_for_every_character_that_has_a_look(text: str) -> None:
    clusters = split(text, COVERAGE)
    assert sum(cluster.characters for cluster in clusters) <= len(text)
    for cluster in clusters:
        assert cluster.text == "\n" or (cluster.columns >= 1 and cluster.columns == TYPEFACE.columns(cluster.text))
        assert cluster.text == "\n" or not unicodedata.category(cluster.text[0]).startswith("Cc")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two three", ["one two", "three"]),
        ("abcdefghijkl", ["abcdefgh", "ijkl"]),
        ("红色的狐狸，在雪地", ["红色的狐", "狸，在雪", "地"]),
        ("红色的小，狐", ["红色的", "小，狐"]),
        ("一二三四五六", ["一二三四", "五六"]),
        ("a\nb", ["a⏎", "b"]),
        ("one twoé three", ["one twoé", "three"]),
    ],
    ids=ascii,
)
def test_lines_end_where_they_may(text: str, lines: list[str]) -> None:
    assert ["".join(line) for line in wrap(text, 8, COVERAGE)] == lines


@given(text=st.text(max_size=120), columns=st.integers(4, 40))
@example(text="0\U00010000\U00010000\r", columns=19)
def test_no_line_is_wider_than_its_room(text: str, columns: int) -> None:
    for line in wrap(text, columns, COVERAGE):
        assert sum(map(TYPEFACE.columns, line)) <= columns


@given(text=st.text(alphabet="ab  c", max_size=60), columns=st.integers(4, 12))
def test_wrapping_loses_nothing_but_the_space_at_a_line_end(text: str, columns: int) -> None:
    assert is_plain(text)
    assert "".join("".join(line) for line in wrap(text, columns, COVERAGE)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("שלום (a)", "םולש (a)"),
        ("שלום 123 עולם", "םלוע 123 םולש"),
        ("(שלום)", "(םולש)"),
        ("א(ב)ג", "ג(ב)א"),
        ("سلام", "\ufee1\ufefc\ufeb3"),
        ("fox שועל fox", "fox לעוש fox"),
    ],
    ids=ascii,
)
def test_right_to_left_text_is_in_visual_order_and_joined(text: str, drawn: str) -> None:
    assert ["".join(line) for line in wrap(text, 40, COVERAGE)] == [drawn]


def test_what_does_not_fit_is_counted() -> None:
    lines = wrap_cut("abc " * 100, 40, 3, COVERAGE)
    assert ["".join(line) for line in lines] == [
        ("abc " * 10).strip(),
        ("abc " * 10).strip(),
        "… 320 more characters not shown",
    ]
    assert wrap_cut("abc", 40, 3, COVERAGE) == (("a", "b", "c"),)


@pytest.mark.parametrize("size", [*SIZES, (512, 512), (2048, 2048)], ids=str)
def test_a_short_prompt_is_set_in_big_letters_and_a_long_one_still_whole(size: tuple[int, int]) -> None:
    short = set_prompt("a fox in the snow", *size, COVERAGE)
    long = set_prompt("word " * 300, *size, COVERAGE)
    assert short.scale >= 2
    assert sum(line.count("w") for line in long.lines) == 300
    assert long.rows * 8 <= size[1]


def test_a_prompt_that_is_too_long_ends_with_what_is_missing() -> None:
    text = set_prompt("狐" * 5000, 512, 512, COVERAGE)
    assert "".join(text.lines[-1]).endswith("more characters not shown")
    assert (text.scale, text.rows <= 64) == (1, True)


def test_the_facts_line_names_what_was_asked_for() -> None:
    picture = make_picture(seed=-9, index=3, model="image-01-live", style=Style("水彩", 0.8), prompt_optimizer=True)
    line = "1024×1024  seed -9  #3  image-01-live  style 水彩 0.8  prompt_optimizer"
    assert facts_line(picture) == line
    assert "".join(set_facts(picture, COVERAGE, max_scale=1).lines[0]) == line


def test_letters_stand_out_from_their_ground() -> None:
    for ink in (PROMPT, FACTS):
        light, dark = ((value / 255) ** 2.2 + 0.05 for value in (ink.text, GROUND))
        assert light / dark > 4.5


def test_letters_are_smoothed_and_lie_within_their_cells() -> None:
    for cluster in "Agjy狐":
        image = TYPEFACE.draw(cluster, 2, PROMPT)
        assert image.size == (16 * TYPEFACE.columns(cluster), 32)
        assert image.getextrema()[1] > 200
        assert len(set(image.tobytes())) > 5
    assert draw("a") != draw("b")


def test_a_mark_is_drawn_over_its_letter() -> None:
    base, marked = (Image.frombytes("L", (32, 32), draw(text)) for text in ("न", "नि"))
    assert base.tobytes() != marked.tobytes()
