"""A run as a page to read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from contract_tests.drift.model import Drift, Told
from contract_tests.report.markup import document, element

WORDS = {
    0: "Every claim that could be looked at is confirmed.",
    1: "The service does not behave as claimed.",
    2: "Nothing was decided.",
}


def shown(value: Any) -> str:
    """An observation as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def html(drift: Drift) -> str:
    """``index.html``: one file that needs nothing else."""
    code = drift.exit_code
    return document(
        f"{drift.target}: drift of MiniMax image generation",
        element("a", "To the claims", href="#claims", class_="skip"),
        element(
            "header",
            element("p", "Drift of MiniMax image generation", class_="kind"),
            element("h1", drift.target),
            element("p", WORDS[code], class_=f"verdict exit-{code}"),
            element("dl", [_fact(*pair) for pair in _facts(drift)], class_="facts"),
        ),
        element("main", *_sections(drift), id="claims"),
        element("footer", element("p", "For programs: drift.json, beside this page.")),
    )


def _facts(drift: Drift) -> list[tuple[str, str]]:
    return [
        ("region", drift.region),
        ("started", drift.started),
        ("calls", str(drift.calls)),
        ("images", str(drift.images)),
        ("spent at most", f"${drift.spent_usd:.4f} of ${drift.limit_usd:g}"),
        *((word, str(len(drift.of(word)))) for word in ("confirmed", "contradicted", "could not look")),
    ]


def _fact(name: str, value: str) -> ET.Element:
    return element("div", element("dt", name), element("dd", value))


def _sections(drift: Drift) -> list[ET.Element]:
    made = []
    if wrong := drift.of("contradicted"):
        made.append(element("section", element("h2", "Contradicted"), [_contradiction(item) for item in wrong]))
    if drift.profile:
        text = "\n".join(f"{switch}: {json.dumps(answer)}" for switch, answer in sorted(drift.profile.items()))
        about = element("p", "With this profile the emulator does as the service did: serve --profile FILE")
        made.append(element("section", element("h2", "Profile"), about, element("pre", element("code", text))))
    if right := drift.of("confirmed"):
        rows = [(item.finding.claim, item.says, shown(item.finding.observed)) for item in right]
        made.append(element("section", element("h2", "Confirmed"), _table(("claim", "says", "observed"), rows)))
    if dark := drift.of("could not look"):
        rows = [(item.finding.claim, item.says, item.finding.why) for item in dark]
        made.append(element("section", element("h2", "Could not look"), _table(("claim", "says", "why"), rows)))
    return made


def _contradiction(item: Told) -> ET.Element:
    found = item.finding
    rows = [("expected", shown(found.expected)), ("observed", shown(found.observed)), ("calls", ", ".join(found.calls))]
    if found.profile:
        rows.append(("profile", ", ".join(f"{switch}={answer}" for switch, answer in found.profile.items())))
    return element(
        "article",
        element("h3", found.claim),
        element("p", item.says),
        element("p", f"Who moved: {found.why}.", class_="note"),
        element("dl", [_fact(*row) for row in rows], class_="facts"),
    )


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> ET.Element:
    head = element("thead", element("tr", [element("th", name, scope="col") for name in columns]))
    cells = [
        element("tr", element("th", row[0], scope="row"), [element("td", text) for text in row[1:]]) for row in rows
    ]
    return element("table", head, element("tbody", cells), class_="told")
