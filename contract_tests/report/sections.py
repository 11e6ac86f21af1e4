"""The parts that the page of one report and the page of many are made of."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import yaml
from msgspec import Struct

from contract_tests.report import wire
from contract_tests.report.legible import plain, shortened
from contract_tests.report.markup import Child, element
from contract_tests.report.model import Report, Reproduction, Result
from contract_tests.report.outcome import counts, duration, failures, of_property, other_profile, urgency

LONGEST = 20_000
"""So many characters of a message are shown; report.json has all that was kept."""
MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "error": "!"}


class Entry(Struct, frozen=True):
    """A result, and the fragment of the page's address where it stands."""

    result: Result
    anchor: str


def entries(report: Report, prefix: str = "") -> list[Entry]:
    """The results in their order. A fragment is the check's id, where that is unique on the page."""
    taken: dict[str, int] = {}
    found = []
    for result in report.results:
        name = prefix + re.sub(r"[^\w.-]+", "-", result.id, flags=re.ASCII)
        taken[name] = taken.get(name, 0) + 1
        found.append(Entry(result, name if taken[name] == 1 else f"{name}~{taken[name]}"))
    return found


def facts(report: Report) -> ET.Element:
    """What was driven, against what, how, and when."""
    told: dict[str, Child] = {
        "Adapter": element("code", report.adapter),
        "Target": element("code", report.target),
        "Profile": element("code", report.profile),
        "Seed": element("code", str(report.seed)),
        "Started": moment(report.started),
        "Took": duration(report.seconds),
    }
    if report.spent_usd:
        told["Spent"] = f"${report.spent_usd:.4f}"
    rows = [element("div", element("dt", name), element("dd", value)) for name, value in told.items()]
    return element("dl", rows, class_="facts")


def moment(started: str) -> Child:
    """A time as people write it; anything else as it is."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|\+00:00)", started, flags=re.ASCII)
    return element("time", f"{found[1]} {found[2]} UTC", datetime=started) if found else started or "not recorded"


def bar(report: Report) -> list[ET.Element]:
    """The counts in words, and as a bar for the eye."""
    parts: list[tuple[str, int]] = [
        ("passed", report.count("passed")),
        ("must", len(failures(report, "MUST"))),
        ("should", len(failures(report, "SHOULD"))),
        ("error", report.count("error")),
        ("skipped", report.count("skipped")),
    ]
    whole = max(sum(number for _, number in parts), 1)
    drawn, at = [], 0.0
    for kind, number in parts:
        width = 100 * number / whole
        if number:
            drawn.append(element("rect", x=f"{at:.3f}%", width=f"{width:.3f}%", height="100%", class_=f"bar-{kind}"))
        at += width
    return [
        element("p", totals(report), class_="counts"),
        element("svg", drawn, class_="bar", aria_hidden="true"),
    ]


def totals(report: Report) -> list[Child]:
    """The counts in words, none of which is broken in two."""
    *most, last = counts(report)
    return [[[element("span", f"{words},"), " "] for words in most], element("span", last)]


def level(word: str) -> ET.Element:
    """MUST or SHOULD."""
    return element("span", word, class_=f"level {word.lower()}")


def status(result: Result) -> ET.Element:
    """How a check ended, in a word and a colour."""
    return element("span", f"{MARKS[result.status]} {result.status}", class_=f"status {tone(result)}")


def tone(result: Result) -> str:
    """The class that colours a result: a failed SHOULD is no alarm."""
    return result.level.lower() if result.status == "failed" else result.status


def details(report: Report, shown: Sequence[Entry], heading: int) -> list[ET.Element]:
    """Everything about one report's results: failures first, then what could not be carried out, then the rest."""
    parts = []
    first = sorted(shown, key=lambda entry: urgency(entry.result))
    for title, ended in (("Failed", "failed"), ("Could not be carried out", "error")):
        articles = [_trouble(entry, report, heading + 1) for entry in first if entry.result.status == ended]
        if articles:
            parts.append(element("section", element(f"h{heading}", f"{title} ({len(articles)})"), articles))
    calm = [entry for entry in shown if entry.result.status in {"passed", "skipped"}]
    if calm:
        groups: dict[str, list[Entry]] = {}
        for entry in calm:
            groups.setdefault(of_property(entry.result.id), []).append(entry)
        tables = [_table(group, [_row(entry, report) for entry in rows], heading + 1) for group, rows in groups.items()]
        parts.append(element("section", element(f"h{heading}", "Passed and skipped"), tables))
    return parts


def _trouble(entry: Entry, report: Report, heading: int) -> ET.Element:
    """A check that failed or could not be carried out, with all that is known of it."""
    result = entry.result
    parts: list[Child] = [
        element(f"h{heading}", element("code", result.id), id=entry.anchor),
        element("p", level(result.level), " ", status(result), _profile(result, report), class_="ended"),
        element("p", result.sentence, class_="sentence"),
        element("p", result.reason or "No reason was given.", class_="reason", dir="auto"),
        _case(result.reproduce, heading + 1) if result.reproduce else None,
        _exchanges(result.exchanges, heading + 1),
        _again(result.reproduce, heading + 1) if result.reproduce else None,
    ]
    if result.claims:
        told = [[", " if index else "", element("code", claim)] for index, claim in enumerate(result.claims)]
        parts.append(element("p", "Rests on ", told, class_="note"))
    return element("article", parts, class_=tone(result), aria_labelledby=entry.anchor)


def _profile(result: Result, report: Report) -> Child:
    name = other_profile(result, report)
    return [" under profile ", element("code", name)] if name else None


def _case(again: Reproduction, heading: int) -> list[ET.Element]:
    request = json.dumps(plain(again.request), ensure_ascii=False, indent=2)
    return [
        element(f"h{heading}", "Smallest request that shows it"),
        code(shortened(request, LONGEST), "Smallest request that shows it"),
        element(f"h{heading}", "Scenario"),
        code(shortened(scenario(again.scenario), LONGEST), "Scenario")
        if again.scenario
        else element("p", "None: the service answers as it should."),
    ]


def scenario(given: Mapping[str, Any]) -> str:
    """A scenario as YAML, ready for a file."""
    return yaml.safe_dump(plain(given), allow_unicode=True, sort_keys=False, width=100).rstrip("\n")


def _exchanges(exchanges: Sequence[wire.Exchange], heading: int) -> list[ET.Element]:
    shown = [_exchange(exchange, number, len(exchanges)) for number, exchange in enumerate(exchanges, 1)]
    return [element(f"h{heading}", "On the wire"), *shown] if shown else []


def _exchange(exchange: wire.Exchange, number: int, of: int) -> ET.Element:
    told = wire.notes(exchange)
    return element(
        "details",
        element("summary", f"{number}. {wire.title(exchange)}", element("span", " ".join(told)) if told else None),
        element("p", "The client sent", class_="side"),
        code(shortened(wire.request(exchange), LONGEST), f"Request {number}"),
        element("p", "The service answered", class_="side"),
        code(shortened(wire.response(exchange), LONGEST), f"Answer {number}"),
        open=of == 1,
    )


def _again(again: Reproduction, heading: int) -> list[ET.Element]:
    parts = [element(f"h{heading}", "See it again")] if again.command or again.curl else []
    for text, label in ((again.command, "The check, with this seed"), (again.curl, "The request alone, by hand")):
        if text:
            parts += [element("p", label, class_="side"), code(text, label)]
    return parts


def code(text: str, label: str) -> ET.Element:
    """A box that scrolls sideways, which the keyboard can reach."""
    return element("pre", "\n", element("code", text), tabindex="0", role="group", aria_label=label, dir="ltr")


def _table(group: str, rows: list[ET.Element], heading: int) -> ET.Element:
    heads = [element("th", name, scope="col") for name in ("Check", "Level", "Outcome")]
    caption = element("caption", f"Passed and skipped: {group}", class_="unseen")
    table = element("table", caption, element("thead", element("tr", heads)), element("tbody", rows))
    return element("section", element(f"h{heading}", group), table)


def _row(entry: Entry, report: Report) -> ET.Element:
    result = entry.result
    return element(
        "tr",
        element("th", element("code", result.id), element("p", result.sentence), scope="row", id=entry.anchor),
        element("td", level(result.level)),
        element(
            "td",
            status(result),
            _profile(result, report),
            element("p", result.reason, dir="auto") if result.reason else None,
            element("p", f"{result.examples:,} cases", class_="note") if _tried(result) else None,
        ),
    )


def _tried(result: Result) -> bool:
    return result.status == "passed" and result.examples > 1


def legend() -> ET.Element:
    """What the two levels mean."""
    return element(
        "p",
        level("MUST"),
        " is wrong against the live service too: money, keys, images or calls are lost. ",
        level("SHOULD"),
        " may be meant so; it never fails a run. A skipped check has a reason, and is not held against the client.",
        class_="legend",
    )
