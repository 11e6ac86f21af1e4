"""What a run against a service will ask, what that costs, and how long it takes: said before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from contract_tests.checks import Check
from contract_tests.questions import CASES, Question, questions
from contract_tests.targets.choice import PLACEHOLDER, UNKNOWN_LIMIT_USD, Choice
from contract_tests.targets.guard import counted, dollars
from contract_tests.targets.pace import CALLS, waiting

IMAGE_SECONDS = 25
"""How long the live service takes for one image (recorded)."""


def plan(checks: Sequence[Check], choice: Choice) -> list[str]:
    """The plan in lines, for a client that can send everything; empty where nothing costs."""
    if choice.kind == "emulator":
        return []
    asked = {check.id.partition(".")[2] for check in checks if "injection" not in check.needs}
    cases = {case: questions(case, lambda _: True) for case in CASES if case in asked}
    if cases and "wrong-key" not in cases:
        cases = {"wrong-key": questions("wrong-key", lambda _: True), **cases}
    everything = [question for case in cases.values() for question in case]
    skipped = sum("injection" in check.needs for check in checks)
    key = "the placeholder key" if choice.key == PLACEHOLDER else "the key in MINIMAX_API_KEY"
    lines = [f"plan: {choice.url} with {key}" + (", and an emulator beside it" if choice.both else "")]
    lines += [f"  {_line(case, asked)}" for case, asked in cases.items()]
    lines.append(_sum(everything, choice))
    if skipped:
        lines.append(f"{skipped} checks need faults, which {choice.name} does not have: skipped")
    return lines


def _line(case: str, asked: list[Question]) -> str:
    images = sum(question.cost for question in asked)
    price = f"{counted(images, 'image')}, {dollars(images)}" if images else "free"
    risk = max(question.risk for question in asked)
    doubt = f"; {dollars(risk)} if the service did not refuse it" if risk else ""
    return f"{case}: {counted(len(asked), 'call')}, {price}{doubt}"


def _sum(asked: list[Question], choice: Choice) -> str:
    images = sum(question.cost for question in asked)
    unset = choice.kind == "url" and choice.limit_usd == UNKNOWN_LIMIT_USD
    limit = f"${choice.limit_usd:g} ({'as there is no --max-spend' if unset else '--max-spend'})"
    wait = waiting(len(asked))
    pace = f"waits {wait:.0f} s for" if wait else "fits"
    seconds = wait + images * IMAGE_SECONDS + len(asked)
    what = f"{counted(len(asked), 'call')} and {counted(images, 'image')} for {dollars(images)}"
    return (
        f"{what}; never more than {limit}. It {pace} the rate limit of {CALLS} calls a minute, more if the client "
        f"repeats calls; about {seconds:.0f} s"
    )
