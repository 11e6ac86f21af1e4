"""Which calls are made: everything that the money allows, no call without a reason, free ones first."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.drift.calls import CALLS
from contract_tests.drift.plan import plan
from contract_tests.drift.questions import all_questions
from mock_server.claims import claims

CLAIMS = claims()
QUESTIONS = all_questions()
TODAY = date(2026, 11, 21)
SEEN = st.dictionaries(st.sampled_from(sorted(CLAIMS)), st.integers(0, 2000).map(lambda days: TODAY - timedelta(days)))


def test_every_question_is_about_a_claim_of_the_native_face_and_about_calls_that_exist() -> None:
    for asked in QUESTIONS:
        assert CLAIMS[asked.claim].face == "minimax"
        assert set(asked.calls) <= set(CALLS)


def test_every_call_answers_something() -> None:
    assert {name for asked in QUESTIONS for name in asked.needs} == set(CALLS)


def test_a_claim_says_what_it_takes_to_decide_it() -> None:
    images = {"free": 0, "1 image": 1, "2 images": 2, "9 images": 9}
    said = {name: images[CLAIMS[name].cost] for name in {asked.claim for asked in QUESTIONS}}
    least = {
        name: min(sum(CALLS[call].cost for call in asked.needs) for asked in QUESTIONS if asked.claim == name)
        for name in said
    }
    assert said == least


def test_with_enough_money_every_claim_that_can_be_decided_is() -> None:
    wanted = plan(QUESTIONS, CLAIMS, 1000, TODAY, {})
    assert {asked.claim for asked in wanted.questions} == {asked.claim for asked in QUESTIONS}
    assert set(wanted.skipped) == set(CLAIMS) - {asked.claim for asked in QUESTIONS}


@settings(max_examples=20)
@given(images=st.integers(0, 40), seen=SEEN)
def test_a_plan_keeps_to_the_money_and_has_no_call_too_many(images: int, seen: dict[str, date]) -> None:
    wanted = plan(QUESTIONS, CLAIMS, images, TODAY, seen)
    assert wanted.images <= images
    assert all(call.risk <= images for call in wanted.calls)
    names = frozenset(call.name for call in wanted.calls)
    assert len(names) == len(wanted.calls)
    decided = {asked.claim for asked in QUESTIONS if asked.needs <= names}
    assert decided == {asked.claim for asked in wanted.questions}
    assert decided | set(wanted.skipped) == set(CLAIMS)
    for call in wanted.calls:
        fewer = {name for name in names if name != call.name and CALLS[name].after != call.name}
        assert {asked.claim for asked in QUESTIONS if asked.needs <= fewer} < decided, f"{call.name} decides nothing"


@settings(max_examples=20)
@given(images=st.integers(0, 40), seen=SEEN)
def test_what_is_free_comes_first_and_a_download_after_its_image(images: int, seen: dict[str, date]) -> None:
    order = plan(QUESTIONS, CLAIMS, images, TODAY, seen).calls
    weights = [(call.cost, call.risk) for call in order if not call.after]
    assert weights == sorted(weights)
    names = [call.name for call in order]
    assert all(names.index(call.after) < names.index(call.name) for call in order if call.after)


@settings(max_examples=20)
@given(images=st.integers(0, 39))
def test_more_money_decides_no_less(images: int) -> None:
    less, more = (plan(QUESTIONS, CLAIMS, limit, TODAY, {}) for limit in (images, images + 1))
    assert len({asked.claim for asked in less.questions}) <= len({asked.claim for asked in more.questions})
