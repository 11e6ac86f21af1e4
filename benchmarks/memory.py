"""How much memory the emulator takes, and whether it stays so."""

from __future__ import annotations

from pathlib import Path

from benchmarks import url_answers
from benchmarks.load import Target
from benchmarks.rounds import Pace
from benchmarks.servers import ours, running
from benchmarks.tables import Row, Table

STEPS = 5
READY_MB = 45
LOADED_MB = 80
GROWTH_MB = 3
"""More between the first step and the last is not flat."""


def measure(pace: Pace, folder: Path) -> list[Table]:
    """Resident memory when ready, and while one key sends different requests."""
    with running(ours(), folder) as server:
        rows = [_row("ready", server.rss_mb(), READY_MB)]
        target = Target(server, url_answers.REQUEST, url_answers.CONNECTIONS, folder)
        sizes = []
        for step in range(1, STEPS + 1):
            _send(target, step * pace.memory_requests // STEPS)
            sizes.append(server.rss_mb())
            rows.append(_row(f"after {target.sent:,} requests", sizes[-1], LOADED_MB if step == STEPS else None))
    rows.append(_row(f"growth over the last {STEPS - 1} steps", sizes[-1] - sizes[0], GROWTH_MB))
    return [
        Table("Memory", "MB", tuple(rows), "resident set of the emulator; URL answers, every seed different, one key")
    ]


def _send(target: Target, total: int) -> None:
    """Load until `total` requests were sent in all; wrk stops by the second only."""
    rate = 0.0
    while target.sent < total:
        load = target.run(max(1, round((total - target.sent) / rate)) if rate else 1)
        rate = load.rate


def _row(name: str, megabytes: float, limit: float | None) -> Row:
    row = Row(name, megabytes, megabytes, megabytes)
    return row if limit is None else row.at_most(limit)
