"""What a run came to: for the terminal, ``drift.json`` and the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from contract_tests.drift.claim import Claims
from contract_tests.drift.findings import Finding, Outcome


class Told(Struct, frozen=True):
    """A finding beside the claim that it is about."""

    finding: Finding
    says: str
    grade: str
    source: str
    dated: str
    face: str


class Drift(Struct, frozen=True):
    """A whole run. ``spent_usd`` is what it can have cost at most."""

    target: str
    region: str
    started: str
    seconds: float
    calls: int
    images: int
    spent_usd: float
    limit_usd: float
    told: tuple[Told, ...]
    plan: tuple[str, ...] = ()
    seen: Mapping[str, date] = {}
    stopped: bool = False
    """Whether somebody stopped it before every call was made."""

    def confirmed(self) -> dict[str, date]:
        """When each claim was confirmed last, by this run or one before it."""
        day = datetime.fromisoformat(self.started).date()
        return dict(self.seen) | {item.finding.claim: day for item in self.of("confirmed")}

    def of(self, outcome: Outcome) -> list[Told]:
        """The claims with that outcome."""
        return [item for item in self.told if item.finding.outcome == outcome]

    @property
    def profile(self) -> dict[str, str]:
        """Switches with which the emulator would have done as the service did."""
        return {switch: answer for item in self.told for switch, answer in item.finding.profile.items()}

    @property
    def exit_code(self) -> int:
        """0: all that was decided is confirmed. 1: something is contradicted. 2: nothing was decided."""
        if self.of("contradicted"):
            return 1
        return 0 if self.of("confirmed") else 2


def told(findings: Mapping[str, Finding], claims: Claims) -> tuple[Told, ...]:
    """Findings in the order of the claims."""
    return tuple(
        Told(findings[name], claim.says, claim.grade, claim.source, claim.date.isoformat(), claim.face)
        for name, claim in claims.items()
    )
