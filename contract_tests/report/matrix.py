"""Several reports side by side: every client a column, every check a row."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from msgspec import Struct

from contract_tests.report import sections
from contract_tests.report.markup import Child, document, element
from contract_tests.report.model import Report, Status
from contract_tests.report.outcome import client, conclusion, exit_code, of_property
from contract_tests.report.sections import Entry

WORST: dict[Status, int] = {"failed": 0, "error": 1, "passed": 2, "skipped": 3}
"""Which result stands for a check that was made under several profiles."""


class Column(Struct, frozen=True):
    """One report, where its details start, and its results by check."""

    report: Report
    anchor: str
    entries: list[Entry]
    by_check: dict[str, list[Entry]]


def matrix(reports: Sequence[Report]) -> str:
    """One page: the table, and under it the details that its cells lead to."""
    columns = [_column(report, number) for number, report in enumerate(reports, 1)]
    runs = "1 run" if len(columns) == 1 else f"{len(columns)} runs"
    return document(
        "Contract tests: clients side by side",
        element("a", "To the details", href="#details", class_="skip"),
        element(
            "header",
            element("p", "Contract tests of MiniMax image generation", class_="kind"),
            element("h1", "Clients side by side"),
            element("p", f"{runs}. Each cell leads to its details.", class_="counts"),
            sections.legend(),
        ),
        element(
            "main",
            element("section", element("h2", "Results", id="table"), _table(columns), aria_labelledby="table"),
            element("div", [_details(column) for column in columns], id="details"),
        ),
        element("footer", element("p", "Made from the report.json of each run. Not run: that run had no such check.")),
    )


def _column(report: Report, number: int) -> Column:
    prefix = f"client-{number}"
    entries = sections.entries(report, f"{prefix}-")
    by_check: dict[str, list[Entry]] = {}
    for entry in entries:
        by_check.setdefault(entry.result.id, []).append(entry)
    return Column(report, prefix, entries, by_check)


def _table(columns: Sequence[Column]) -> ET.Element:
    heads = [element("th", "Check", scope="col"), *(_head(column) for column in columns)]
    totals = [element("td", sections.totals(column.report)) for column in columns]
    table = element(
        "table",
        element("caption", "Every check by client", class_="unseen"),
        element("thead", element("tr", heads)),
        element("tbody", element("tr", element("th", "In all", scope="row"), totals, class_="totals")),
        [_group(name, checks, columns) for name, checks in _checks(columns).items()],
        class_="matrix",
    )
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label="Results by check and client")


def _head(column: Column) -> ET.Element:
    report = column.report
    told = [report.client_version or "", f"{report.target}, {report.profile}"]
    return element(
        "th",
        element("a", report.client_name or "unnamed", href=f"#{column.anchor}"),
        [element("span", text) for text in told if text],
        scope="col",
    )


def _checks(columns: Sequence[Column]) -> dict[str, list[str]]:
    """The ids of all checks that any run had, by property, in the order in which they come up."""
    ids = dict.fromkeys(name for column in columns for name in column.by_check)
    groups: dict[str, list[str]] = {}
    for name in ids:
        groups.setdefault(of_property(name), []).append(name)
    return groups


def _group(name: str, checks: Sequence[str], columns: Sequence[Column]) -> ET.Element:
    title = element("th", element("span", name), scope="rowgroup", colspan=str(len(columns) + 1))
    return element("tbody", element("tr", title, class_="group"), [_row(check, columns) for check in checks])


def _row(check: str, columns: Sequence[Column]) -> ET.Element:
    found = [column.by_check.get(check, []) for column in columns]
    levels = dict.fromkeys(entry.result.level for entries in found for entry in entries)
    head: list[Child] = [element("code", check), [[" ", sections.level(level)] for level in levels]]
    return element("tr", element("th", head, scope="row"), [_cell(entries) for entries in found])


def _cell(entries: Sequence[Entry]) -> ET.Element:
    if not entries:
        return element("td", "not run", class_="absent")
    worst = min(entries, key=lambda entry: WORST[entry.result.status])
    same = sum(entry.result.status == worst.result.status for entry in entries)
    often = element("span", f"{same} of {len(entries)}") if len(entries) > 1 else None
    link = element("a", sections.status(worst.result), often, href=f"#{worst.anchor}")
    return element("td", link, class_=f"cell {sections.tone(worst.result)}")


def _details(column: Column) -> ET.Element:
    report = column.report
    parts: list[Child] = [
        element("h2", client(report), id=column.anchor),
        element("p", conclusion(report), class_=f"verdict exit-{exit_code(report)}"),
        sections.bar(report),
        sections.facts(report),
        sections.details(report, column.entries, heading=3),
        element("p", element("a", "Back to the table", href="#table")),
    ]
    return element("section", parts, class_="client", aria_labelledby=column.anchor)
