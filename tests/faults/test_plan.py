"""When rules fire: sequences, time, chance, precedence; against a model that says the same in other words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.core.types import ImageRequest
from mock_server.faults.plan import Call, Plan
from mock_server.faults.rule import read_rule

CODES = st.sampled_from([1000, 1002, 1008, 1026])


def plan_of(*rules: dict[str, Any], now: float = 0.0) -> Plan:
    plan = Plan()
    plan.add([(str(number), read_rule(rule)) for number, rule in enumerate(rules, start=1)], now)
    return plan


def call(prompt: str = "x", n: int = 1, now: float = 0.0, chance: bytes = b"") -> Call:
    return Call("minimax", "generate", ImageRequest("image-01", prompt, n=n), now, chance)


def codes(plan: Plan, calls: Sequence[Call]) -> list[int | None]:
    """The status code that each of the calls gets."""
    hits = [plan.take("outcome", item, item.request) for item in calls]
    return [hit.fault.code if hit else None for hit in hits]


def status(code: int, **fields: Any) -> dict[str, Any]:
    return {"fault": {"kind": "status_code", "code": code}} | fields


def test_fail_twice_then_succeed() -> None:
    assert codes(plan_of(status(1002, times=2)), [call()] * 4) == [1002, 1002, None, None]


def test_every_third() -> None:
    assert codes(plan_of(status(1002, when={"every": 3})), [call()] * 7) == [None, None, 1002] * 2 + [None]


def test_order_is_precedence_and_so_a_sequence() -> None:
    plan = plan_of(status(1002, times=2), status(1033, times=1), status(1008, after=1))
    assert codes(plan, [call()] * 6) == [1002, 1002, 1033, None, 1008, 1008]


def test_outage_from_second_10_to_40() -> None:
    plan = plan_of(status(1033, when={"between": [10, 40]}), now=1000.0)
    times = (1000, 1009.9, 1010, 1039.9, 1040, 2000)
    assert codes(plan, [call(now=now) for now in times]) == [None, None, 1033, 1033, None, None]


def test_times_first_then_probability() -> None:
    plan = plan_of(status(1002, times=100, probability=0.5))
    drawn = codes(plan, [call(chance=bytes([number])) for number in range(200)])
    assert 30 < drawn[:100].count(1002) < 70
    assert drawn[100:] == [None] * 100


def test_a_rule_counts_only_what_it_could_disturb() -> None:
    plan = plan_of({"fault": {"kind": "partial"}, "times": 1})
    assert plan.take("outcome", call(n=1), call(n=1).request) is None
    assert plan.take("outcome", call(n=2), None) is None
    assert plan.entries[0].as_dict() | {"id": "1"} == {
        "id": "1", "fault": {"kind": "partial"}, "times": 1, "matched": 0, "fired": 0, "left": 1,
    }  # fmt: skip
    assert plan.take("outcome", call(n=2), call(n=2).request) is not None
    assert plan.entries[0].left == 0


def test_stages_do_not_get_in_each_others_way() -> None:
    plan = plan_of({"fault": {"kind": "hang"}}, status(1002))
    assert codes(plan, [call()]) == [1002]
    assert plan.entries[0].matched == 0


def test_an_unrelated_rule_does_not_change_what_another_draws() -> None:
    calls = [call(chance=bytes([number])) for number in range(64)]
    alone = codes(plan_of(status(1002, probability=0.3)), calls)
    other = status(1008, when={"prompt": "something else"}, probability=0.7)
    assert codes(plan_of(other, status(1002, probability=0.3)), calls) == alone


def test_two_equal_rules_draw_apart() -> None:
    calls = [call(chance=number.to_bytes(2, "big")) for number in range(400)]
    one = codes(plan_of(status(1002, probability=0.5)), calls).count(1002)
    two = codes(plan_of(status(1002, probability=0.5), status(1002, probability=0.5)), calls).count(1002)
    assert 150 < one < 250 < two < 350


RULES = st.fixed_dictionaries(
    {"code": CODES},
    optional={
        "times": st.integers(1, 4),
        "after": st.integers(0, 4),
        "nth": st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
        "every": st.integers(1, 4),
        "prompt": st.sampled_from(["cat", "c*", "dog"]),
        "n": st.integers(1, 2),
    },
)
CALLS = st.lists(st.tuples(st.sampled_from(["cat", "dog"]), st.integers(1, 2)), max_size=30)


def model(rules: list[dict[str, Any]], calls: list[tuple[str, int]]) -> list[int | None]:
    """What the documentation says, call by call, without a counter: each rule knows the calls that it was asked for."""
    asked: list[list[int]] = [[] for _ in rules]
    outcomes: list[int | None] = []
    for number, (prompt, n) in enumerate(calls):
        outcome = None
        for rule, seen in zip(rules, asked, strict=True):
            wanted = rule.get("prompt", "*")
            if not (wanted in {"*", prompt} or (wanted == "c*" and prompt == "cat")) or rule.get("n", n) != n:
                continue
            seen.append(number)
            eligible = [
                position
                for position in range(1, len(seen) + 1)
                if position > rule.get("after", 0)
                and position in rule.get("nth", [position])
                and position % rule.get("every", 1) == 0
            ][: rule.get("times", len(calls))]
            if len(seen) in eligible:
                outcome = rule["code"]
                break
        outcomes.append(outcome)
    return outcomes


def written(rule: dict[str, Any]) -> dict[str, Any]:
    when = {name: rule[name] for name in ("nth", "every", "prompt", "n") if name in rule}
    fields = {name: rule[name] for name in ("times", "after") if name in rule}
    return status(rule["code"], when=when, **fields)


@given(st.lists(RULES, max_size=4), CALLS)
@example([{"code": 1002, "nth": [2], "times": 1}], [("cat", 1)] * 3)
def test_rules_fire_as_documented(rules: list[dict[str, Any]], calls: list[tuple[str, int]]) -> None:
    possible = []
    for rule in rules:
        try:
            read_rule(written(rule))
        except ValueError:
            reachable = [x for x in rule.get("nth", []) if x > rule.get("after", 0) and x % rule.get("every", 1) == 0]
            assert reachable == []
        else:
            possible.append(rule)
    plan = plan_of(*[written(rule) for rule in possible])
    assert codes(plan, [call(prompt, n) for prompt, n in calls]) == model(possible, calls)


@given(RULES, st.integers(1, 12), st.integers(0, 30))
def test_limited_to_the_first_calls_is_the_rule_cut_off(rule: dict[str, Any], limit: int, length: int) -> None:
    try:
        whole = read_rule(written(rule | {"prompt": "c*", "n": 1}))
    except ValueError:
        return
    limited = whole.limited(limit)
    calls = [call("cat", 1)] * length
    expected = codes(plan_of(written(rule | {"prompt": "c*", "n": 1})), calls)
    expected = expected[:limit] + [None] * max(0, length - limit)
    if limited is None:
        assert set(expected) <= {None}
        return
    plan = Plan()
    plan.add([("1", limited)], 0.0)
    assert codes(plan, calls) == expected


@given(st.binary(max_size=8), st.floats(0.01, 5), st.floats(0.1, 3), st.floats(0, 100))
def test_delays_stay_within_their_form(chance: bytes, high: float, sigma: float, since: float) -> None:
    forms = ({"seconds": high}, {"min": high / 2, "max": high}, {"median": high, "sigma": sigma, "max": high * 2})
    lows, highs = (high, high / 2, 0.0), (high, high, high * 2)
    for form, low, top in zip(forms, lows, highs, strict=True):
        for ramp in (None, 50.0):
            fault = {"kind": "delay"} | form | ({"ramp": ramp} if ramp else {})
            hit = plan_of({"fault": fault}).take("before", call(now=since, chance=chance), None)
            assert hit is not None
            grown = min(since / ramp, 1.0) if ramp else 1.0
            seconds = hit.fault.seconds_at(hit.moment)
            assert low * grown * 0.999999 <= seconds <= top * grown * 1.000001
