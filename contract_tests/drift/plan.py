"""Which calls to make: the fewest images, then the fewest calls, for the most claims, the stalest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from contract_tests.drift.calls import CALLS, Call
from contract_tests.drift.claim import Claims
from contract_tests.drift.questions import Question
from contract_tests.targets.guard import counted, dollars
from contract_tests.targets.meter import PATH
from contract_tests.targets.pace import Pace, waiting
from contract_tests.targets.plan import IMAGE_SECONDS

FACE = "minimax"
_AN_IMAGE = 1000
"""An image weighs more than any number of free calls."""


class Plan(Struct, frozen=True):
    """The calls in the order in which they are made, the questions that they answer, and why some claims have none."""

    calls: tuple[Call, ...]
    questions: tuple[Question, ...]
    skipped: Mapping[str, str]

    @property
    def images(self) -> int:
        """So many images are bought, if the service refuses what it is expected to."""
        return sum(call.cost for call in self.calls)

    @property
    def risk(self) -> int:
        """So many more it would be if it refused nothing."""
        return sum(call.risk for call in self.calls)


def plan(questions: Sequence[Question], claims: Claims, images: int, today: date, seen: Mapping[str, date]) -> Plan:
    """What to do for at most so many images. `seen`: claims that a run before this one decided, and when."""
    ages = {name: max((today - seen.get(name, claim.date)).days, 1) for name, claim in claims.items()}
    able = [asked for asked in questions if asked.claim in claims and _affordable(asked.needs, images)]
    names = _without_needless(_cover(able, ages, images), able)
    answered = tuple(asked for asked in able if asked.needs <= names)
    decided = {asked.claim for asked in answered}
    skipped = {name: _why_not(name, claims, questions, images) for name in claims if name not in decided}
    return Plan(_in_order(names, answered, ages), answered, skipped)


def _cost(names: Iterable[str]) -> int:
    return sum(CALLS[name].cost for name in names)


def _affordable(names: frozenset[str], images: int) -> bool:
    return _cost(names) <= images and all(CALLS[name].risk <= images for name in names)


def _decided(questions: Sequence[Question], names: frozenset[str]) -> set[str]:
    return {asked.claim for asked in questions if asked.needs <= names}


def _cover(questions: Sequence[Question], ages: Mapping[str, int], images: int) -> frozenset[str]:
    """Calls that decide every claim that so many images can, chosen greedily: most days of age for an image first."""
    chosen: frozenset[str] = frozenset()
    while True:
        done = _decided(questions, chosen)
        best, most = chosen, 0.0
        for asked in questions:
            grown = chosen | asked.needs
            if asked.claim in done or _cost(grown) > images:
                continue
            gain = sum(ages[name] for name in _decided(questions, grown) - done)
            worth = gain / (_cost(grown - chosen) * _AN_IMAGE + len(grown - chosen))
            if worth > most:
                best, most = grown, worth
        if best == chosen:
            return chosen
        chosen = best


def _without_needless(names: frozenset[str], questions: Sequence[Question]) -> frozenset[str]:
    """Leave out, dearest first, every call without which as much is decided."""
    for name in sorted(names, key=lambda name: (-CALLS[name].cost, -CALLS[name].risk, name)):
        fewer = frozenset(other for other in names if other != name and CALLS[other].after != name)
        if _decided(questions, fewer) == _decided(questions, names):
            names = fewer
    return names


def _in_order(names: frozenset[str], questions: Sequence[Question], ages: Mapping[str, int]) -> tuple[Call, ...]:
    """Free calls first, then those that could cost, then those that do; of each the stalest; downloads after theirs."""
    stalest = {
        name: max((ages[asked.claim] for asked in questions if name in asked.calls), default=0) for name in names
    }
    first = sorted(
        (CALLS[name] for name in names if not CALLS[name].after),
        key=lambda call: (call.cost, call.risk, call.key == "own", -stalest[call.name], call.name),
    )
    rest = sorted((CALLS[name] for name in names if CALLS[name].after), key=lambda call: call.name)
    return tuple(made for call in first for made in (call, *(item for item in rest if item.after == call.name)))


def _why_not(name: str, claims: Claims, questions: Sequence[Question], images: int) -> str:
    if claims[name].face != FACE:
        return f"drift speaks the native dialect, not {claims[name].face}"
    ways = [asked.needs for asked in questions if asked.claim == name]
    if not ways:
        return f"no call decides it ({claims[name].cost})"
    least = min(max(_cost(way), *(CALLS[call].risk for call in way)) for way in ways)
    return f"it could cost {dollars(least)}; {dollars(images)} may be spent" if least > images else "no money was left"


def told(plan: Plan, where: str, limit_usd: float, pace: Pace) -> list[str]:
    """The plan in lines, with its price: said before anything is sent."""
    free = [call for call in plan.calls if not call.cost and not call.risk and not call.after]
    risky = [call for call in plan.calls if call.risk]
    paid = [call for call in plan.calls if call.cost]
    downloads = [call for call in plan.calls if call.after]
    claims = {asked.claim for asked in plan.questions}
    lines = [f"plan: {counted(len(plan.calls), 'call')} to {where} decide {counted(len(claims), 'claim')}"]
    lines += [f"  free: {_names(free)}"] if free else []
    lines += [f"  refused, so free; {dollars(plan.risk)} if not: {_names(risky)}"] if risky else []
    lines += [f"  {call.name}: {counted(call.cost, 'image')}, {dollars(call.cost)}" for call in paid]
    lines += [f"  downloads, free: {_names(downloads)}"] if downloads else []
    paced = sum(call.path == PATH and call.method == "POST" for call in plan.calls)
    wait = waiting(paced, pace.calls)
    seconds = wait + plan.images * IMAGE_SECONDS + len(plan.calls)
    lines.append(
        f"{dollars(plan.images)} for {counted(plan.images, 'image')}, never more than ${limit_usd:g}; "
        f"{pace.calls} calls a minute at most; about {seconds:.0f} s"
    )
    return lines


def _names(calls: Sequence[Call]) -> str:
    return ", ".join(call.name for call in calls)
