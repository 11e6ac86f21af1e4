"""What becomes of ``size``."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.models import RATIOS
from mock_server.faces.openai.sizes import TABLE, Shape, exact_ratio, nearest_ratio, shape_of

SIDES = st.integers(1, 9999)
RULES = st.sampled_from(["nearest", "strict", "pixels"])


def mirrored(ratio: str) -> str:
    width, height = ratio.split(":")
    return f"{height}:{width}"


@pytest.mark.parametrize(("size", "ratio"), TABLE.items())
@pytest.mark.parametrize("rule", ["nearest", "strict"])
def test_the_table_wins(size: str, ratio: str, rule: str) -> None:
    assert shape_of(size, rule) == Shape(ratio)


@given(st.sampled_from(sorted(RATIOS)), st.integers(1, 400), st.sampled_from(["nearest", "strict"]))
def test_an_exact_multiple_of_a_ratio_is_that_ratio(ratio: str, times: int, rule: str) -> None:
    width, height = (int(part) * times for part in ratio.split(":"))
    size = f"{width}x{height}"
    assert shape_of(size, rule) == Shape(TABLE.get(size, ratio))


@given(SIDES, SIDES)
def test_the_nearest_is_no_farther_than_any_other(width: int, height: int) -> None:
    def distance(ratio: str) -> float:
        wide, high = map(int, ratio.split(":"))
        return abs(log(wide * height / (high * width)))

    assert distance(nearest_ratio(width, height)) <= min(map(distance, RATIOS)) + 1e-9


@given(SIDES, SIDES)
def test_turning_the_size_turns_the_ratio(width: int, height: int) -> None:
    ratio, turned = nearest_ratio(width, height), nearest_ratio(height, width)
    if "21:9" not in {ratio, turned} and mirrored(ratio) in RATIOS:
        assert nearest_ratio(height, width) in {mirrored(ratio), turned}
        assert (int(ratio.split(":")[0]) >= int(ratio.split(":")[1])) == (
            int(turned.split(":")[0]) <= int(turned.split(":")[1])
        )


@given(SIDES, SIDES, st.integers(2, 9))
def test_only_the_proportion_counts(width: int, height: int, times: int) -> None:
    assert nearest_ratio(width, height) == nearest_ratio(width * times, height * times)
    assert exact_ratio(width, height) == exact_ratio(width * times, height * times)


@given(SIDES, SIDES)
def test_strict_refuses_just_what_has_no_ratio_of_its_own(width: int, height: int) -> None:
    size = f"{width}x{height}"
    known = TABLE.get(size) or exact_ratio(width, height)
    assert shape_of(size, "strict") == (Shape(known) if known else None)
    assert shape_of(size, "nearest") == Shape(known or nearest_ratio(width, height))


@given(SIDES, SIDES)
def test_pixels_are_passed_on(width: int, height: int) -> None:
    assert shape_of(f"{width}x{height}", "pixels") == Shape(width=width, height=height)


@given(st.sampled_from([None, "", "auto"]), RULES)
def test_nothing_leaves_it_to_the_model(size: str | None, rule: str) -> None:
    assert shape_of(size, rule) == Shape()


@given(st.one_of(st.sampled_from(["0x5", "5x0", "1024X1024", "1024", "x", "16:9", "1e3x1", " 1x1", "100000x1"]),
                 st.text().filter(lambda text: "x" not in text and text not in {"", "auto"})), RULES)  # fmt: skip
def test_what_is_no_size_is_refused(size: str, rule: str) -> None:
    assert shape_of(size, rule) is None
