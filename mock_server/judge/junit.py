"""A verdict as JUnit XML, for what shows test results."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from mock_server.judge.rule import Rule
from mock_server.judge.rules import RULES
from mock_server.judge.verdict import Finding, Verdict

SUITE = "minimax-mock verdict"


def junit(verdict: Verdict) -> str:
    """One test case for each rule.

    A broken MUST is a failure. A broken SHOULD is a skipped test: that must not fail a build, and of tests that pass
    GitLab, Jenkins and the like do not show the output, while they count and explain skipped ones.
    """
    cases = [_case(rule, verdict.of(rule.name)) for rule in RULES.values()]
    count = {kind: str(sum(case.find(kind) is not None for case in cases)) for kind in ("failure", "skipped")}
    totals = {"tests": str(len(cases)), "failures": count["failure"], "errors": "0", "skipped": count["skipped"]}
    root = ET.Element("testsuites", totals)
    suite = ET.SubElement(root, "testsuite", {"name": SUITE} | totals)
    suite.extend(cases)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(rule: Rule, findings: tuple[Finding, ...]) -> ET.Element:
    case = ET.Element("testcase", {"classname": f"verdict.{rule.level}", "name": rule.name, "time": "0"})
    if findings:
        told = "\n".join(f"{finding.message} (exchanges {_listed(finding)})" for finding in findings)
        full = f"{told}\n\n{rule.explanation}\nSource: {rule.source}"
        if rule.level == "MUST":
            ET.SubElement(case, "failure", {"message": told, "type": rule.level}).text = full
        else:
            ET.SubElement(case, "skipped", {"message": f"{rule.level}: {told}"}).text = full
    return case


def _listed(finding: Finding) -> str:
    return ", ".join(map(str, finding.exchanges))
