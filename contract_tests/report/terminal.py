"""A report for people at a terminal, and for the log of a pipeline."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_tests.report import wire
from contract_tests.report.legible import legible, one_line, plain, shortened
from contract_tests.report.model import Report, Reproduction, Result
from contract_tests.report.outcome import (
    WORDS,
    by_property,
    client,
    counts,
    duration,
    exit_code,
    other_profile,
    outcome,
    urgency,
)
from contract_tests.report.sections import scenario

COLOURS = {"passed": "green", "must": "bold red", "should": "yellow", "error": "magenta", "skipped": "dim"}
LONGEST = 400
"""So many characters of a body or a request are shown."""
EXCHANGES = 6
"""So many exchanges of a failure are shown: the last ones, which decided it."""


def print_report(report: Report, console: Console) -> None:
    """Counts by property; then failures first, each with what shows it; what was skipped; and the counts in all."""
    about = f"adapter {report.adapter}, target {report.target}, profile {report.profile}, seed {report.seed}"
    say(console, (client(report), "bold"), (f" ({about})", ""))
    say(console)
    if report.results:
        console.print(_table(report, console))
        say(console)
    for result in sorted(report.results, key=urgency):
        if result.status in {"failed", "error"}:
            _print_trouble(result, report, console)
    skipped = [result for result in report.results if result.status == "skipped"]
    for result in skipped:
        say(console, ("skipped ", COLOURS["skipped"]), (result.id, ""), (f": {one_line(result.reason)}", "dim"))
    if skipped:
        say(console)
    say(console, (summary(report), f"bold {('green', 'red', 'magenta')[exit_code(report)]}"))


def summary(report: Report) -> str:
    """``37 passed, 2 failed (1 MUST), 3 skipped, 0 errors in 21 s; seed 12345``."""
    spent = f"; spent ${report.spent_usd:.4f}" if report.spent_usd else ""
    return f"{', '.join(counts(report))} in {duration(report.seconds)}{spent}; seed {report.seed}"


def say(console: Console, *parts: tuple[str, str]) -> None:
    """Print one paragraph of (text, style), unbroken, so that what is copied from it is whole."""
    text = Text()
    for words, style in parts:
        text.append(fitting(console, words), style)
    console.print(text, soft_wrap=True, highlight=False)


def fitting(console: Console, text: str) -> str:
    """`text` without what a terminal would obey, and without what its encoding cannot hold."""
    return legible(text).encode(console.encoding, "backslashreplace").decode(console.encoding)


def colour(result: Result) -> str:
    """A failed SHOULD is no alarm."""
    return COLOURS[result.level.lower() if result.status == "failed" else result.status]


def _table(report: Report, console: Console) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("property", overflow="fold")
    for word in WORDS.values():
        table.add_column(word, justify="right", no_wrap=True)
    for name, results in by_property(report.results).items():
        cells = [Text(fitting(console, one_line(name)))]
        for status in WORDS:
            found = [result for result in results if result.status == status]
            worst = min(found, key=urgency, default=None)
            cells.append(Text(str(len(found)), colour(worst) if worst else "dim"))
        table.add_row(*cells)
    return table


def _print_trouble(result: Result, report: Report, console: Console) -> None:
    profile = other_profile(result, report)
    under = f" under profile {profile}" if profile else ""
    word = f"FAILED {result.level}" if result.status == "failed" else outcome(result).upper()
    say(console, (word, colour(result)), (f" {result.id}", "bold"), (under, ""))
    _indent(console, result.sentence, "")
    _indent(console, result.reason, colour(result))
    if result.reproduce:
        _print_case(result.reproduce, console)
    left_out = len(result.exchanges) - EXCHANGES
    for number, exchange in enumerate(result.exchanges[-EXCHANGES:], max(left_out, 0) + 1):
        _print_exchange(exchange, number, console)
    if left_out > 0:
        _indent(console, f"({left_out} earlier exchanges are in the report)", "dim")
    if result.reproduce and result.reproduce.command:
        _indent(console, f"again: {result.reproduce.command}", "bold")
    say(console)


def _print_case(again: Reproduction, console: Console) -> None:
    _indent(console, f"request: {shortened(json.dumps(plain(again.request), ensure_ascii=False), LONGEST)}", "")
    if again.scenario:
        _indent(console, "scenario:", "")
        _indent(console, shortened(scenario(again.scenario), LONGEST), "", depth=4)


def _print_exchange(exchange: wire.Exchange, number: int, console: Console) -> None:
    _indent(console, " ".join([f"exchange {number}", *wire.notes(exchange)]), "dim")
    for mark, line in wire.brief(exchange):
        say(
            console,
            (f"    {mark} ", "dim"),
            (shortened(legible(line).replace("\n", "↵"), LONGEST), "cyan" if mark == ">" else ""),
        )


def _indent(console: Console, text: str, style: str, depth: int = 2) -> None:
    for line in legible(text).splitlines():
        say(console, (" " * depth, ""), (line, style))
