"""A verdict for people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mock_server.judge.rule import counted
from mock_server.judge.rules import RULES
from mock_server.judge.verdict import Finding, Verdict

COLOURS = {"MUST": "bold red", "SHOULD": "yellow"}
SHOWN = 6
"""So many exchanges of a finding are listed."""


def print_verdict(verdict: Verdict, console: Console) -> None:
    """What happened and in which exchanges, then what to do about it; a friendly line when there is nothing."""
    judged = counted(verdict.requests, "request", "requests")
    if not verdict.requests:
        console.print("No requests yet: there is nothing to judge.", markup=False, highlight=False)
    elif not verdict.findings:
        console.print(Text(f"✓ {judged}, nothing to complain about.", "green"))
    else:
        console.print(_table(verdict))
        for rule in dict.fromkeys(finding.rule for finding in verdict.findings):
            console.print()
            console.print(Text(rule, "bold"))
            console.print(Text(RULES[rule].explanation))
            console.print(Text(f"Source: {RULES[rule].source}", "dim"))
        console.print()
        console.print(Text(f"{judged}: {_summary(verdict)}.", "bold"))


def _table(verdict: Verdict) -> Table:
    table = Table()
    table.add_column("level", no_wrap=True)
    table.add_column("rule", overflow="fold")
    table.add_column("what happened", overflow="fold")
    table.add_column("exchanges", overflow="fold")
    for finding in verdict.findings:
        level = Text(finding.level, COLOURS[finding.level])
        table.add_row(level, Text(finding.rule), Text(finding.message), Text(_listed(finding)))
    return table


def _listed(finding: Finding) -> str:
    more = len(finding.exchanges) - SHOWN
    listed = " ".join(map(str, finding.exchanges[:SHOWN]))
    return f"{listed} and {more} more" if more > 0 else listed


def _summary(verdict: Verdict) -> str:
    broken = {level: sum(finding.level == level for finding in verdict.findings) for level in COLOURS}
    told = [counted(number, f"{level} broken", f"times {level} broken") for level, number in broken.items() if number]
    return ", ".join(told)
