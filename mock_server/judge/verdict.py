"""What the judge says of a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

Level = Literal["MUST", "SHOULD"]


class Finding(Struct, frozen=True):
    """One thing that a client did wrong, the exchanges that show it, and what to do instead."""

    rule: str
    level: Level
    message: str
    exchanges: tuple[int, ...]
    explanation: str
    source: str


class Verdict(Struct, frozen=True):
    """All that was found in so many requests, in the order of the rules."""

    requests: int
    findings: tuple[Finding, ...] = ()

    def of(self, rule: str) -> tuple[Finding, ...]:
        """The findings of one rule."""
        return tuple(finding for finding in self.findings if finding.rule == rule)


def as_dict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the admin API shows it; exchanges by their ids in the journal, which are strings there."""
    findings = [
        msgspec.to_builtins(finding) | {"exchanges": [str(number) for number in finding.exchanges]}
        for finding in verdict.findings
    ]
    return {"findings": findings, "requests": verdict.requests}


def from_dict(said: Mapping[str, Any]) -> Verdict:
    """The verdict that the admin API shows as `said`."""
    findings = [
        msgspec.convert({**item, "exchanges": [int(number) for number in item["exchanges"]]}, Finding)
        for item in said["findings"]
    ]
    return Verdict(said["requests"], tuple(findings))


def exit_code(verdict: Verdict) -> int:
    """1 if a MUST is broken, else 0."""
    return int(any(finding.level == "MUST" for finding in verdict.findings))
