"""What is drawn: ids, seeds, latencies. Every draw depends on its arguments alone."""

from __future__ import annotations

from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.account import Account
from mock_server.clock import Clock
from mock_server.faces.oss_urls import image_number
from mock_server.ids import image_seeds, trace_id, trace_seconds, uuid4_stem
from mock_server.latency import latency_of
from mock_server.settings import Settings


@given(st.binary(min_size=64, max_size=64), st.booleans())
def test_realistic_latencies_lie_in_the_recorded_range(chance: bytes, success: bool) -> None:
    account = Account("", "", Settings(latency="realistic"), Clock())
    low, high = (22.7, 25.8) if success else (0.5, 0.9)
    assert low <= latency_of(account, success, chance) <= high


@given(st.binary(min_size=36, max_size=80), st.integers(1, 9))
def test_drawn_image_seeds_differ_from_each_other(random: bytes, count: int) -> None:
    seeds = image_seeds(random, count)
    assert len(set(seeds)) == count
    assert all(0 <= seed < 2**31 for seed in seeds)


@given(st.integers(1_672_531_200, 2**32 + 1_672_531_199), st.binary(min_size=12, max_size=64))
def test_a_trace_id_gives_its_second_back(second: int, random: bytes) -> None:
    trace = trace_id(second + 0.5, random)
    assert len(trace) == 32
    assert trace_seconds(trace) == second


def test_a_recorded_id_holds_the_second_in_which_it_came() -> None:
    assert trace_seconds("0640ba83a3280cd782f714aefb8c6318") == 1777436547


@given(st.binary(min_size=16, max_size=64), st.integers(0, 15))
def test_an_image_number_is_a_uuid4_that_gives_number_and_index_back(random: bytes, index: int) -> None:
    text = f"{uuid4_stem(random)}{index:x}"
    assert UUID(text).version == 4
    assert UUID(text).variant == RFC_4122
    name = f"image_inference_output/talkie/prod/img/2026-01-01/{text}_aigc.jpeg"
    assert image_number(name) == (uuid4_stem(random), index)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_frozen_clock_moves_only_when_told(first: float, second: float) -> None:
    clock = Clock(lambda: 1000.0)
    clock.advance(first)
    clock.freeze(True)
    clock.freeze(True)
    assert clock.now() == 1000 + first
    clock.advance(second)
    assert clock.now() == 1000 + first + second
    clock.freeze(False)
    assert clock.now() == pytest.approx(1000 + first + second)


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan")])
def test_a_clock_never_goes_back(seconds: float) -> None:
    with pytest.raises(ValueError, match="the clock never goes back"):
        Clock().advance(seconds)
