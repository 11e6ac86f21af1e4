"""One report as a page to read."""

from __future__ import annotations

from contract_tests.report import sections
from contract_tests.report.legible import one_line
from contract_tests.report.markup import document, element
from contract_tests.report.model import Report
from contract_tests.report.outcome import client, conclusion, exit_code


def html(report: Report) -> str:
    """``index.html``: one file that needs nothing else, safe to open whatever the client sent."""
    verdict = element("p", conclusion(report), class_=f"verdict exit-{exit_code(report)}")
    return document(
        f"{one_line(client(report))}: contract report",
        element("a", "To the results", href="#results", class_="skip"),
        element(
            "header",
            element("p", "Contract tests of MiniMax image generation", class_="kind"),
            element("h1", client(report)),
            verdict,
            sections.bar(report),
            sections.facts(report),
        ),
        element("main", sections.details(report, sections.entries(report), heading=2), id="results"),
        element("footer", sections.legend(), element("p", "For programs: report.json, beside this page.")),
    )
