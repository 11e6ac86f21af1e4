"""A run: plan, ask both sides, decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

from msgspec import Struct, structs

from contract_tests.drift import injected
from contract_tests.drift.answer import Answer
from contract_tests.drift.calls import Call
from contract_tests.drift.claim import Claims
from contract_tests.drift.findings import Answers, Finding, decide, explained, matching
from contract_tests.drift.model import Drift, told
from contract_tests.drift.plan import Plan, plan
from contract_tests.drift.plan import told as plan_told
from contract_tests.drift.questions import Question, all_questions
from contract_tests.drift.recorded import Recordings, voices
from contract_tests.drift.sides import Emulated, Exchanged, Service, Side, Way
from contract_tests.targets.emulator import knowing
from contract_tests.targets.guard import PRICE_USD, Purse, affordable
from contract_tests.targets.interface import CouldNotLookError
from contract_tests.targets.pace import Pace

TWIN_KEY = "sk-api-drift-emulated"


class Target(Struct, frozen=True):
    """What is compared with the emulator: the live service or another server, as which site, and for how much."""

    name: str
    url: str
    key: str
    region: str
    limit_usd: float
    live: bool = False


class Knowledge(Struct, frozen=True):
    """What is claimed, the answers that each switch has, what was recorded, and what a run before this one decided."""

    claims: Claims
    switches: Mapping[str, Sequence[str]]
    recordings: Recordings = {}
    seen: Mapping[str, date] = {}


class Watcher:
    """Hears how a run gets on; does nothing with it."""

    def planned(self, lines: Sequence[str]) -> None:
        """What will be done: nothing was sent so far."""

    def calling(self, number: int, total: int, call: Call) -> None:
        """A call is about to be made."""

    def waiting(self, seconds: float) -> None:
        """The rate limit wants a pause."""


def run(
    target: Target, known: Knowledge, watcher: Watcher, pace: Pace | None = None, exchanged: Exchanged | None = None
) -> Drift:
    """Compare. Raises `InjectedError` when the target's answers would say nothing."""
    pace, began = pace or Pace(), time.monotonic()
    started = datetime.now(UTC)
    wanted, lines = planned(target, known, pace)
    watcher.planned(lines)
    if not target.live:
        injected.check(target.url, target.key)
    purse = Purse(target.limit_usd)
    service = Service(Way(target.url, target.key), purse, pace, exchanged=exchanged, waits=watcher.waiting)
    answers: dict[str, Answer | CouldNotLookError] = {}
    stopped = False
    try:
        ask(wanted.calls, service, answers, watcher)
    except KeyboardInterrupt:  # what was paid for is told all the same
        stopped = True
    finally:
        service.close()
    if not target.live:
        injected.check(target.url, target.key)
    findings = decided(wanted, answers, target, known)
    return Drift(
        target=target.name, region=target.region, started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 2), calls=purse.calls, images=purse.images,
        spent_usd=float(purse.images * PRICE_USD), limit_usd=target.limit_usd, told=told(findings, known.claims),
        plan=tuple(lines), seen=known.seen, stopped=stopped,
    )  # fmt: skip


def planned(target: Target, known: Knowledge, pace: Pace) -> tuple[Plan, list[str]]:
    """What a run would do, and the same in lines."""
    today = datetime.now(UTC).date()
    wanted = plan(all_questions(), known.claims, affordable(target.limit_usd), today, known.seen)
    return wanted, plan_told(wanted, target.url, target.limit_usd, pace)


def ask(
    calls: Sequence[Call], side: Side, found: dict[str, Answer | CouldNotLookError], watcher: Watcher | None = None
) -> None:
    """Put the answers of one side into `found`, as they come, or why there is none."""
    for number, call in enumerate(calls, 1):
        if watcher is not None:
            watcher.calling(number, len(calls), call)
        try:
            image = _image(found.get(call.after)) if call.after else ""
            found[call.name] = side.ask(call, image)
        except CouldNotLookError as error:
            found[call.name] = error


def asked(calls: Sequence[Call], side: Side) -> Answers:
    """The answers of one side, or why there is none."""
    found: dict[str, Answer | CouldNotLookError] = {}
    ask(calls, side, found)
    return found


def _image(answer: Answer | CouldNotLookError | None) -> str:
    if not isinstance(answer, Answer):
        raise CouldNotLookError(f"there is no image to download: {answer}")
    return answer.url()


def decided(wanted: Plan, service: Answers, target: Target, known: Knowledge) -> dict[str, Finding]:
    """What came of every claim."""
    findings = {name: Finding(name, "could not look", why) for name, why in wanted.skipped.items()}
    with _twin(target.region, {}) as twin:
        emulator = asked(wanted.calls, twin)
    for name in sorted({item.claim for item in wanted.questions}):
        claim = known.claims[name]
        ways = [item for item in wanted.questions if item.claim == name]
        found, by = decide(claim, ways, service, emulator)
        if found.outcome == "contradicted" and by is not None:
            found = explained(found, claim, voices(by, known.recordings.get(name, ())), live=target.live)
            others = known.switches.get(claim.switch, ())
            answers = matching(by, found.observed, claim.switch, others, _asker(by, wanted, target.region))
            found = structs.replace(found, profile=answers)
        findings[name] = found
    return findings


def _asker(by: Question, wanted: Plan, region: str) -> Callable[[dict[str, str]], Answers]:
    """Asks an emulator with other answers what decided a claim."""
    needed = {*by.calls, *(call.after for call in wanted.calls if call.name in by.calls)}
    calls = [call for call in wanted.calls if call.name in needed]

    def with_answers(answers: dict[str, str]) -> Answers:
        with _twin(region, answers) as twin:
            return asked(calls, twin)

    return with_answers


@contextmanager
def _twin(region: str, answers: Mapping[str, str]) -> Iterator[Emulated]:
    with knowing(TWIN_KEY, region, answers) as url:
        twin = Emulated(url, TWIN_KEY, region)
        try:
            yield twin
        finally:
            twin.close()
