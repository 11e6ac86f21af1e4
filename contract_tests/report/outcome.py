"""What a report comes to: counts, words for them, and the exit status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from contract_tests.report.model import Level, Report, Result, Status

STATUSES: tuple[Status, ...] = ("passed", "failed", "skipped", "error")
WORDS: dict[Status, str] = {"passed": "passed", "failed": "failed", "skipped": "skipped", "error": "errors"}


def exit_code(report: Report) -> Literal[0, 1, 2]:
    """1 if a MUST failed; 2 if that was left open, by an error or because nothing passed or failed; else 0."""
    if failures(report, "MUST"):
        return 1
    return 2 if report.count("error") or not report.count("passed") + report.count("failed") else 0


def failures(report: Report, level: Level) -> list[Result]:
    """The checks of that level that failed."""
    return [result for result in report.results if result.status == "failed" and result.level == level]


def urgency(result: Result) -> int:
    """What a reader wants first: failed MUST checks, failed SHOULD checks, errors, then the others."""
    if result.status == "failed":
        return 0 if result.level == "MUST" else 1
    return 2 if result.status == "error" else 3


def of_property(check: str) -> str:
    """The property of a check: the part of its id before the dot."""
    return check.partition(".")[0]


def by_property(results: Iterable[Result]) -> dict[str, list[Result]]:
    """The results by property, in the order in which properties come up."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(of_property(result.id), []).append(result)
    return groups


def counts(report: Report) -> list[str]:
    """``37 passed``, ``2 failed (1 MUST)``, ``3 skipped``, ``0 errors``."""
    told = {status: f"{report.count(status)} {word}" for status, word in WORDS.items()}
    if report.count("failed"):
        told["failed"] += f" ({len(failures(report, 'MUST'))} MUST)"
    if report.count("error") == 1:
        told["error"] = "1 error"
    return list(told.values())


def conclusion(report: Report) -> str:
    """One sentence for who reads no other."""
    musts, shoulds, errors = len(failures(report, "MUST")), len(failures(report, "SHOULD")), report.count("error")
    if musts:
        return f"{_checks(musts, 'MUST ')} failed."
    if errors:
        return f"Not decided: {_checks(errors)} could not be carried out."
    if not report.count("passed") and not shoulds:
        return "Not decided: no check passed or failed."
    return f"No MUST check failed; {_checks(shoulds, 'SHOULD ')} did." if shoulds else "No check failed."


def duration(seconds: float) -> str:
    """``0.4 s``, ``21 s``, ``2 min 5 s``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def client(report: Report) -> str:
    """The client's name with its version."""
    return f"{report.client_name} {report.client_version}" if report.client_version else report.client_name


def outcome(result: Result) -> str:
    """``passed``, ``failed (MUST)``, ``skipped``, ``error``."""
    return f"failed ({result.level})" if result.status == "failed" else result.status


def other_profile(result: Result, report: Report) -> str:
    """The profile of this result, where it is not that of the whole report."""
    return "" if result.profile == report.profile else result.profile


def _checks(number: int, kind: str = "") -> str:
    return f"{number} {kind}{'check' if number == 1 else 'checks'}"
