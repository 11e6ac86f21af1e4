"""Asks questions, each of them once, and says what can be decided from what came back."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from contract_tests.adapters.interface import AdapterError, Description, Failure, Images, Outcome, TooLate
from contract_tests.bench import Bench, Case, Run
from contract_tests.questions import Question, key_question
from contract_tests.targets.exchange import without
from contract_tests.targets.guard import dollars
from contract_tests.targets.interface import CouldNotLookError, Target

KEY_CODES = frozenset({1004, 2049})
BARRED = {1002: "the rate limit of the key is used up, by others too", 1008: "the account has no money",
          1028: "the account's quota is used up", 1030: "the account's quota is used up",
          2056: "the account's plan is used up", 2061: "the account's plan has no images"}  # fmt: skip
TROUBLE = frozenset({1000, 1001, 1013, 1024, 1033, 1039, 1041, 2038, 2045})
BLOCKED = frozenset({1026, 1027})
CLIENTS_FAULT = frozenset({"altered", "again", "other-key"})


class Observed:
    """What the client did with each question, on the target and on its twin. A question is asked once a run."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._runs: dict[tuple[str, str, str], Run] = {}
        twin = bench.target.twin
        self._twin = (
            None if twin is None else Bench(bench.adapter, twin, seed=bench.seed, max_examples=1, face=bench.face)
        )

    def run(self, question: Question) -> Run:
        """The question, put to the target. Raises `CouldNotLookError`."""
        if question.key is None and not self.bench.target.reached:
            self._run(self.bench, key_question(self.bench.can_send))
            if not self.bench.target.reached:
                msg = (
                    "no call of the client came here: does it use the base URL that it is given? "
                    "It was not asked with the real key, as nobody could watch what it spends"
                )
                raise CouldNotLookError(msg)
        return self._run(self.bench, question)

    def twin(self, question: Question) -> Run:
        """The same question, put to the twin."""
        assert self._twin is not None, "there is nothing to compare with"
        return self._run(self._twin, question)

    def _run(self, bench: Bench, question: Question) -> Run:
        name = (bench.target.name, question.case, str(question.request))
        if name not in self._runs:
            _check_price(bench.target, question)
            self._runs[name] = self._asked(bench, question)
        self.bench.latest = self._runs[name]
        return self._runs[name]

    def _asked(self, bench: Bench, question: Question) -> Run:
        target = bench.target
        account = target.question(question.terms, question.key)
        account.forget()
        sleep = account.advance if target.injects else None
        try:
            client = bench.adapter.open(account.base_url, account.api_key, target.timeout, sleep=sleep)
            try:
                run = bench.ask(client, account, Case(dict(question.request)), timeout=target.timeout + target.grace)
            finally:
                client.close()
        except AdapterError as error:
            raise AdapterError(without(str(error), target.secrets)) from None
        return structs.replace(run, outcome=redacted(run.outcome, target), exchanges=list(run.exchanges))


def _check_price(target: Target, question: Question) -> None:
    """Skip the check when there is not enough money."""
    if not target.affords(question.cost):
        pytest.skip(f"costs {dollars(question.cost)}; --max-spend leaves less")
    if not target.affords(question.risk):
        price = dollars(question.risk)
        pytest.skip(f"free, but could cost {price} if the service did not refuse it; --max-spend leaves less")


def redacted(outcome: Outcome, target: Target) -> Outcome:
    """What the client said, without a key in it."""
    if not isinstance(outcome, Failure) or not target.secrets:
        return outcome

    def clean(text: str) -> str:
        return without(text, target.secrets)

    said = outcome.description
    if said is not None:
        said = Description(said.code, said.category, clean(said.message), said.retryable)
    return Failure(clean(outcome.kind), clean(outcome.message), said, outcome.own, clean(outcome.detail))


def made(run: Run) -> list[dict[str, Any]]:
    """The calls that the service made images for."""
    return [item for item in run.generations if item["status_code"] == 0]


def answered(run: Run, *, own_key: bool = True) -> dict[str, Any]:
    """The last call, when its answer decides something.

    Raises `AssertionError` where the client did what is wrong under any answer, else `CouldNotLookError`. Without
    `own_key` the key is a wrong one, and to be refused for that is no hindrance.
    """
    for item in run.generations:
        assert item.get("meter") not in CLIENTS_FAULT, item["reason"]
    successes = len(made(run))
    assert successes <= 1, f"for one call of the client the service made, and charged for, images {successes} times"
    count = len(run.outcome.images) if isinstance(run.outcome, Images) else 0
    invented = isinstance(run.outcome, Images) and not successes
    assert not invented, f"the client reported success with {count} images, and the service made none"
    if not run.generations:
        late = isinstance(run.outcome, TooLate)
        msg = "no answer was seen before the client was given up" if late else "no call for images was sent"
        raise CouldNotLookError(msg)
    last = made(run)[-1] if successes else run.generations[-1]
    reason = hindrance(last, own_key=own_key)
    if reason:
        raise CouldNotLookError(reason)
    return last


def hindrance(item: dict[str, Any], *, own_key: bool = True) -> str:
    """Why nothing can be decided from the answer in an exchange; empty when it can."""
    if item.get("meter"):
        return str(item["reason"])
    status, code = item["status"], item["status_code"]
    if code is None:
        return _hindrance_of_status(status, own_key=own_key)
    told = f"the service answered {code}"
    if code in KEY_CODES and own_key:
        return f"{told}: it refuses the key in MINIMAX_API_KEY, or its region is another (--region)"
    if code in BARRED:
        return f"{told}: {BARRED[code]}"
    if code in TROUBLE:
        return f"{told}: trouble of its own"
    return f"{told}: content safety blocked a harmless prompt" if code in BLOCKED else ""


def _hindrance_of_status(status: int, *, own_key: bool) -> str:
    told = f"the service answered HTTP {status}"
    if status in {401, 403}:
        return f"{told}: it refuses the key" if own_key else ""
    if status in {404, 405}:
        return f"{told}: it does not have the endpoint"
    if status < 400 or status in {408, 429} or status >= 500:
        return f"{told} and no status code of the API"
    return ""
