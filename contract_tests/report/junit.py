"""A report as JUnit XML, for what shows test results."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from contract_tests.report.legible import legible, plain, shortened
from contract_tests.report.model import Report, Reproduction, Result
from contract_tests.report.outcome import by_property, other_profile
from contract_tests.report.sections import scenario

LONGEST = 2000
"""So many characters of a request or scenario are shown."""


def junit(report: Report) -> str:
    """A suite for each property, a test case for each check.

    A failed MUST is a failure. A failed SHOULD is a skipped test, as in the verdict: it must not fail a build, since
    the command itself ends with 0; and of tests that pass, result pages do not show the output, while they count and
    explain skipped ones.
    """
    suites = [_suite(name, results, report) for name, results in by_property(report.results).items()]
    root = ET.Element("testsuites", {"name": "minimax-mock check"} | _totals(list(report.results), report.seconds))
    root.extend(suites)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _suite(name: str, results: list[Result], report: Report) -> ET.Element:
    totals = _totals(results, sum(result.seconds for result in results))
    suite = ET.Element("testsuite", {"name": legible(name), **totals, "timestamp": legible(report.started)})
    properties = ET.SubElement(suite, "properties")
    told = {
        "client": report.client_name,
        "version": report.client_version or "",
        "adapter": report.adapter,
        "target": report.target,
        "profile": report.profile,
        "seed": str(report.seed),
    }
    for key, value in told.items():
        ET.SubElement(properties, "property", {"name": key, "value": legible(value)})
    suite.extend(_case(result, report) for result in results)
    return suite


def _totals(results: list[Result], seconds: float) -> dict[str, str]:
    kinds = [_kind(result) for result in results]
    return {
        "tests": str(len(results)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{seconds:.3f}",
    }


def _kind(result: Result) -> str:
    """The element that says how a check ended; none for one that passed."""
    if result.status == "failed":
        return "failure" if result.level == "MUST" else "skipped"
    return {"error": "error", "skipped": "skipped"}.get(result.status, "")


def _case(result: Result, report: Report) -> ET.Element:
    group, _, name = result.id.partition(".")
    profile = other_profile(result, report)
    shown = f"{name or group} [{profile}]" if profile else name or group
    title = {"classname": f"{report.client_name}.{group}", "name": shown, "time": f"{result.seconds:.3f}"}
    case = ET.Element("testcase", {key: legible(value) for key, value in title.items()})
    if kind := _kind(result):
        prefix = "SHOULD, not met: " if kind == "skipped" and result.status == "failed" else ""
        message = {"message": legible(prefix + (result.reason or result.sentence))}
        told = ET.SubElement(case, kind, message | ({} if kind == "skipped" else {"type": result.level}))
        told.text = legible(_told(result))
    return case


def _told(result: Result) -> str:
    parts = [result.sentence, result.reason]
    if result.claims:
        parts.append(f"Rests on: {', '.join(result.claims)}")
    if result.reproduce:
        parts += _again(result.reproduce)
    return "\n\n".join(part for part in parts if part)


def _again(again: Reproduction) -> list[str]:
    request = json.dumps(plain(again.request), ensure_ascii=False)
    parts = [f"Smallest request: {shortened(request, LONGEST)}"]
    if again.scenario:
        parts.append(f"Scenario:\n{shortened(scenario(again.scenario), LONGEST)}")
    parts += [f"Again: {again.command}"] if again.command else []
    return [*parts, again.curl]
