"""Never more than ten calls a minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.targets.pace import CALLS, waiting
from tests.contract.targets.stand_in import Clock


def test_ten_calls_go_out_at_once_and_the_next_waits() -> None:
    clock = Clock()
    pace = clock.pace()
    assert [pace.book() for _ in range(12)] == [0.0] * 10 + [61.0, 61.0]
    assert pace.waited == 122


@given(st.lists(st.floats(0, 70), max_size=60))
def test_no_minute_has_more_than_ten_calls(idle: list[float]) -> None:
    clock = Clock()
    pace = clock.pace()
    sent = []
    for seconds in idle:
        clock.now += seconds
        sent.append(clock.now + pace.book())
    assert sent == sorted(sent)
    assert all(later - earlier > 60 for earlier, later in zip(sent, sent[CALLS:], strict=False))


def test_room_is_waited_for_before_a_client_is_asked() -> None:
    clock = Clock()
    pace = clock.pace()
    pace.wait_for_room()
    for _ in range(CALLS):
        pace.book()
    clock.now += 21
    pace.wait_for_room()
    assert clock.waits == [40]
    assert pace.book() == 0


@pytest.mark.parametrize(("calls", "seconds"), [(0, 0), (1, 0), (10, 0), (11, 61), (20, 61), (21, 122)])
def test_the_plan_knows_the_wait(calls: int, seconds: float) -> None:
    assert waiting(calls) == seconds
