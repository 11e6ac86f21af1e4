"""What a run says of each claim: confirmed, contradicted, or that it could not look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct, structs

from contract_tests.drift.answer import Answer
from contract_tests.drift.claim import Claim
from contract_tests.drift.questions import Question
from contract_tests.targets.interface import CouldNotLookError

Outcome = Literal["confirmed", "contradicted", "could not look"]
Moved = Literal["", "service", "emulator", "unknown"]
Answers = Mapping[str, Answer | CouldNotLookError]
"""By the name of the call: its answer, or why there is none."""


class Finding(Struct, frozen=True):
    """What came of one claim.

    ``expected`` is what the emulator shows, ``observed`` what the service does. ``moved``: which side no longer is as
    it was recorded; ``profile`` has the switch and the answer to it with which the emulator does as the service.
    """

    claim: str
    outcome: Outcome
    why: str = ""
    expected: Any = None
    observed: Any = None
    moved: Moved = ""
    calls: tuple[str, ...] = ()
    profile: Mapping[str, str] = {}


def observe(asked: Question, answers: Answers) -> Any:
    """What these answers say. Raises `CouldNotLookError`."""
    found = []
    for name in asked.calls:
        answer = answers.get(name, CouldNotLookError(f"stopped before {name} was called"))
        if isinstance(answer, CouldNotLookError):
            raise answer
        found.append(answer)
    return asked.observe(*found)


def decide(
    claim: Claim, ways: Sequence[Question], service: Answers, emulator: Answers
) -> tuple[Finding, Question | None]:
    """What came of a claim, and the question that decided it. One way that contradicts it is enough."""
    best, by = Finding(claim.id, "could not look", "no call decides it"), None
    for asked in ways:
        try:
            observed, expected = observe(asked, service), observe(asked, emulator)
        except CouldNotLookError as error:
            if by is None:
                best = Finding(claim.id, "could not look", str(error), calls=asked.calls)
            continue
        outcome: Outcome = "confirmed" if observed == expected else "contradicted"
        found = Finding(claim.id, outcome, "", expected, observed, calls=asked.calls)
        if outcome == "contradicted":
            return found, asked
        best, by = found, asked
    return best, by


def explained(found: Finding, claim: Claim, recorded: Sequence[Any], *, live: bool) -> Finding:
    """A contradiction with who moved. `recorded` is what each recording says that shows it."""
    it = "the service" if live else "the target"
    as_emulator, as_service = found.expected in recorded, found.observed in recorded
    moved: Moved
    if as_emulator and as_service:
        moved, why = "unknown", "recordings differ"
    elif as_emulator:
        moved, why = "service", f"{it} moved: it was recorded as the emulator is"
    elif as_service:
        moved, why = "emulator", f"the emulator is wrong: {it} is as recorded"
    elif claim.grade == "recorded":
        moved, why = "service", f"{it} moved: it was seen otherwise"
    elif claim.grade == "assumed":
        moved, why = "emulator", "the emulator assumed wrongly; nothing was recorded"
    elif claim.grade == "documented":
        moved, why = "unknown", "the documents say otherwise, and nothing was recorded"
    else:
        moved, why = "unknown", "the sources differ"
    return structs.replace(found, moved=moved, why=f"{why} ({claim.source}, {claim.date})")


def matching(
    asked: Question, observed: Any, switch: str, others: Sequence[str], ask: Callable[[dict[str, str]], Answers]
) -> dict[str, str]:
    """The answer to a switch with which the emulator does as the service; nothing when there is none."""
    for answer in others:
        try:
            same = observe(asked, ask({switch: answer})) == observed
        except CouldNotLookError:
            continue
        if same:
            return {switch: answer}
    return {}
