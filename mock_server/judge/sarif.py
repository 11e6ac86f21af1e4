"""A verdict as SARIF 2.1.0, for what shows the findings of analysers.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import re
from typing import Any

from mock_server import __version__
from mock_server.judge.rule import Rule
from mock_server.judge.rules import RULES
from mock_server.judge.verdict import Finding, Level, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[Level, str] = {"MUST": "error", "SHOULD": "warning"}
_URL = re.compile(r"https?://[^\s;,)]+")


def sarif(verdict: Verdict) -> dict[str, Any]:
    """The log of one run. There is no file to point at: locations are entries of the journal."""
    driver = {"name": "minimax-mock", "version": __version__, "rules": [_rule(rule) for rule in RULES.values()]}
    results = [_result(finding) for finding in verdict.findings]
    run = {"tool": {"driver": driver}, "results": results, "properties": {"requests": verdict.requests}}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    described = {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": f"{rule.explanation}\n\nSource: {rule.source}"},
        "defaultConfiguration": {"level": LEVELS[rule.level]},
    }
    url = _URL.search(rule.source)
    return described | ({"helpUri": url[0]} if url else {})


def _result(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": list(RULES).index(finding.rule),
        "level": LEVELS[finding.level],
        "message": {"text": finding.message},
        "locations": [{"logicalLocations": [_place(number)]} for number in finding.exchanges],
    }


def _place(number: int) -> dict[str, str]:
    return {"name": str(number), "fullyQualifiedName": f"journal/{number}", "kind": "resource"}
