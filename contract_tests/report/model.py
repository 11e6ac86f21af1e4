"""What a run found, as the reports show it. ``report.json`` has the public fields (docs/contract-tests.md)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Level = Literal["MUST", "SHOULD"]
Status = Literal["passed", "failed", "skipped", "error"]


class Reproduction(Struct, frozen=True):
    """How to see one failure again: a command, the scenario and the request that lead to it, and the same by curl."""

    command: str
    scenario: dict[str, Any]
    request: dict[str, Any]
    curl: str


class Result(Struct, frozen=True):
    """What came of one check.

    ``id`` is ``property.name`` (``errors.status-inside-200``), ``sentence`` what the check demands, ``reason`` why it
    failed, was skipped, or could not be carried out; of a pass it is empty. ``exchanges`` are those of the smallest
    failing case, as the journal shows them. ``examples`` is how many cases were tried.
    """

    id: str
    level: Level
    sentence: str
    status: Status
    reason: str = ""
    claims: tuple[str, ...] = ()
    reproduce: Reproduction | None = None
    exchanges: tuple[dict[str, Any], ...] = ()
    seconds: float = 0.0
    examples: int = 0
    profile: str = ""


class Report(Struct, frozen=True):
    """One run: which client, against what, with which seed, and the results in the order of the checks."""

    client_name: str
    client_version: str | None
    adapter: str
    target: str
    profile: str
    seed: int
    results: tuple[Result, ...]
    started: str
    """When, as ISO 8601 in UTC."""
    seconds: float = 0.0
    spent_usd: float = 0.0

    def count(self, status: Status) -> int:
        """How many checks ended like that."""
        return sum(result.status == status for result in self.results)
