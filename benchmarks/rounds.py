"""Servers measured in turn, so that what disturbs the machine disturbs all of them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from benchmarks.load import Load, Target
from benchmarks.tables import Row


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int
    seconds: float
    starts: int
    memory_requests: int


@dataclass(frozen=True)
class Measured:
    """One server over all rounds."""

    name: str
    loads: Sequence[Load]

    def row(self) -> Row:
        """Its line in a table."""
        rates = [load.rate for load in self.loads]
        cpu, busy = (median(getattr(load, name) for load in self.loads) for name in ("cpu_micros", "busy"))
        return Row(self.name, median(rates), min(rates), max(rates), cpu, busy)

    def against(self, ours: Measured, target: float | None) -> Row:
        """Its line, with how often faster `ours` is: the median over the rounds, each by itself."""
        pairs = list(zip(ours.loads, self.loads, strict=True))
        ratio = median(mine.rate / other.rate for mine, other in pairs)
        cpu_ratio = median(other.cpu_micros / mine.cpu_micros for mine, other in pairs)
        return replace(self.row().judged(ratio, target), cpu_ratio=cpu_ratio)


def interleaved(targets: Sequence[Target], pace: Pace) -> list[Measured]:
    """Warm every server up, then load one after the other, in reverse order every other round."""
    for target in targets:
        target.run(pace.seconds)
    loads: list[list[Load]] = [[] for _ in targets]
    for number in range(pace.rounds):
        order = range(len(targets)) if number % 2 == 0 else reversed(range(len(targets)))
        for index in order:
            loads[index].append(targets[index].run(pace.seconds))
    return [Measured(target.server.name, mine) for target, mine in zip(targets, loads, strict=True)]
