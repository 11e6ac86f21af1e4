"""Scenarios of chance: the seed decides, not the order in which calls arrive."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from mock_server import MockServer
from tests.scenarios.caller import Caller
from tests.scenarios.network import outcome

CALLS = [f"picture {number}" for number in range(300)]
KEY = "sk-api-mock-flaky-network--seeded"


def outcomes(prompts: list[str], *, threads: int, seed: int = 0, key: str = KEY, **settings: Any) -> list[str]:
    """What comes of each call of a fresh server, in the order of `prompts`."""
    with MockServer(seed=seed, **settings) as server, httpx.Client(trust_env=False) as client:
        caller = Caller(server.account(key), client)
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda prompt: outcome(lambda: caller.call(prompt=prompt)), prompts))


@pytest.fixture(scope="module")
def one_by_one() -> list[str]:
    return outcomes(CALLS, threads=1)


def test_about_a_fifth_of_the_calls_is_hit(one_by_one: list[str]) -> None:
    assert Counter(one_by_one) == {"200 0": 239, "RemoteProtocolError": 32, "502": 16, "ReadError": 13}


def test_parallel_calls_meet_the_same(one_by_one: list[str]) -> None:
    assert outcomes(CALLS, threads=8) == one_by_one


def test_calls_in_another_order_meet_the_same(one_by_one: list[str]) -> None:
    backwards = outcomes(CALLS[::-1], threads=3)
    assert backwards[::-1] == one_by_one


def test_the_option_meets_the_same_as_the_key(one_by_one: list[str]) -> None:
    plain = outcomes(CALLS, threads=4, key="sk-api-plain", scenario="flaky-network")
    again = outcomes(CALLS, threads=1, key="sk-api-plain", scenario="flaky-network")
    assert plain == again
    assert plain != one_by_one, "another account has other luck"


def test_another_seed_meets_others(one_by_one: list[str]) -> None:
    other = outcomes(CALLS, threads=4, seed=1)
    assert other != one_by_one
    assert 45 <= 300 - Counter(other)["200 0"] <= 75


def test_the_same_call_again_and_again_meets_the_same_in_parallel() -> None:
    alone, together = (Counter(outcomes(["one"] * 300, threads=threads)) for threads in (1, 8))
    assert alone == together
    assert 45 <= 300 - alone["200 0"] <= 75


def test_a_repeated_magic_prompt_is_the_next_draw() -> None:
    prompts = ["one [[mock:flaky-network]]"] * 100
    alone, again = (outcomes(prompts, threads=1, key="sk-api-plain") for _ in range(2))
    assert alone == again
    assert len(set(alone)) > 2


def test_a_busy_day_repeats_in_parallel() -> None:
    prompts = CALLS[:200]
    first, second = (outcomes(prompts, threads=16, key="sk-api-mock-black-friday") for _ in range(2))
    assert first == second
    assert Counter(first).keys() == {"200 0", "200 1000", "200 1002", "502"}
