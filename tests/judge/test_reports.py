"""The same verdict for programs, for CI and for people."""

from __future__ import annotations

import io
import json
from typing import Literal
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from mock_server import __version__
from mock_server.judge import Verdict, as_dict, exit_code, judge
from mock_server.judge.junit import junit
from mock_server.judge.rules import RULES
from mock_server.judge.sarif import sarif
from mock_server.judge.table import print_verdict
from tests.judge.exchanges import Log


@pytest.fixture
def verdict() -> Verdict:
    """A MUST broken once and a SHOULD broken eight times, in one way."""
    log = Log()
    for _ in range(2):
        log.generate(1008)
        log.wait(1)
    for number in range(8):
        log.generate(body=b'{"model":"image-01","prompt":"%d","num_images":4}' % number)
    return judge(log.exchanges)


def printed(verdict: Verdict) -> str:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    print_verdict(verdict, console)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_programs_read_findings_and_the_number_of_requests(verdict: Verdict) -> None:
    rules = [RULES["retried-what-cannot-succeed"], RULES["unknown-field"]]
    assert as_dict(verdict) == {
        "findings": [
            {
                "rule": "retried-what-cannot-succeed",
                "level": "MUST",
                "message": "the same request was sent 1 more time after status code 1008 (insufficient balance)",
                "exchanges": ["1", "2"],
                "explanation": rules[0].explanation,
                "source": rules[0].source,
            },
            {
                "rule": "unknown-field",
                "level": "SHOULD",
                "message": "8 requests had the unknown field 'num_images'; did you mean n?",
                "exchanges": ["3", "4", "5", "6", "7", "8", "9", "10"],
                "explanation": rules[1].explanation,
                "source": rules[1].source,
            },
        ],
        "requests": 10,
    }
    assert json.loads(json.dumps(as_dict(verdict))) == as_dict(verdict)


def test_only_a_must_makes_the_exit_code_1(verdict: Verdict) -> None:
    assert exit_code(verdict) == 1
    assert exit_code(Verdict(10, verdict.of("unknown-field"))) == 0
    assert exit_code(Verdict(0)) == 0


def test_junit_has_a_test_case_for_each_rule(verdict: Verdict) -> None:
    text = junit(verdict)
    assert text.startswith("<?xml version=")
    (suite,) = ET.fromstring(text)
    assert suite.attrib == {
        "name": "minimax-mock verdict", "tests": str(len(RULES)), "failures": "1", "errors": "0", "skipped": "1",
    }  # fmt: skip
    cases = {case.attrib["name"]: case for case in suite}
    assert list(cases) == list(RULES)
    (failure,) = cases["retried-what-cannot-succeed"]
    assert failure.tag == "failure"
    assert failure.attrib["message"].endswith("after status code 1008 (insufficient balance) (exchanges 1, 2)")
    assert RULES["retried-what-cannot-succeed"].explanation in (failure.text or "")
    (skipped,) = cases["unknown-field"]
    assert skipped.tag == "skipped"
    assert skipped.attrib["message"].startswith("SHOULD: 8 requests had the unknown field")
    assert sum(len(case) for case in suite) == 2


class Text(msgspec.Struct, forbid_unknown_fields=True):
    text: str


class Configuration(msgspec.Struct, forbid_unknown_fields=True):
    level: Literal["error", "warning"]


class ReportingDescriptor(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    id: str
    short_description: Text
    full_description: Text
    help: Text
    default_configuration: Configuration
    help_uri: str | None = None


class Driver(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    version: str
    rules: list[ReportingDescriptor]


class Tool(msgspec.Struct, forbid_unknown_fields=True):
    driver: Driver


class LogicalLocation(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    name: str
    fully_qualified_name: str
    kind: str


class Location(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    logical_locations: list[LogicalLocation]


class Result(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    rule_id: str
    rule_index: int
    level: Literal["error", "warning"]
    message: Text
    locations: list[Location]


class Run(msgspec.Struct, forbid_unknown_fields=True):
    tool: Tool
    results: list[Result]
    properties: dict[str, int]


class SarifLog(msgspec.Struct, forbid_unknown_fields=True):
    schema: str = msgspec.field(name="$schema")
    version: Literal["2.1.0"]
    runs: list[Run]


def test_sarif_has_the_structure_of_2_1_0(verdict: Verdict) -> None:
    """The part of the OASIS schema that is used; each object there refuses properties that it does not know."""
    (run,) = msgspec.convert(sarif(verdict), SarifLog).runs
    driver = run.tool.driver
    assert (driver.name, driver.version) == ("minimax-mock", __version__)
    assert [rule.id for rule in driver.rules] == list(RULES)
    for rule in driver.rules:
        assert rule.default_configuration.level == {"MUST": "error", "SHOULD": "warning"}[RULES[rule.id].level]
        assert rule.help_uri is None or rule.help_uri.startswith("https://")
        assert (rule.help_uri is None) == ("https://" not in RULES[rule.id].source)
    assert [(result.rule_id, result.level) for result in run.results] == [
        ("retried-what-cannot-succeed", "error"),
        ("unknown-field", "warning"),
    ]
    for result in run.results:
        assert driver.rules[result.rule_index].id == result.rule_id
    places = [place for location in run.results[0].locations for place in location.logical_locations]
    assert [place.fully_qualified_name for place in places] == ["journal/1", "journal/2"]
    assert sarif(Verdict(0))["runs"][0]["results"] == []


TABLE = """\
┏━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ level  ┃ rule                        ┃ what happened                    ┃ exchanges              ┃
┡━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━┩
│ MUST   │ retried-what-cannot-succeed │ the same request was sent 1 more │ 1 2                    │
│        │                             │ time after status code 1008      │                        │
│        │                             │ (insufficient balance)           │                        │
│ SHOULD │ unknown-field               │ 8 requests had the unknown field │ 3 4 5 6 7 8 and 2 more │
│        │                             │ 'num_images'; did you mean n?    │                        │
└────────┴─────────────────────────────┴──────────────────────────────────┴────────────────────────┘

retried-what-cannot-succeed
The client sent the same request again after a code"""


def test_people_read_a_table_and_what_to_do(verdict: Verdict) -> None:
    text = printed(verdict)
    assert text.startswith(TABLE)
    assert "\nSource: https://platform.minimax.io/docs/api-reference/errorcode" in text
    assert text.endswith("ignored is assumed\n\n10 requests: 1 MUST broken, 1 SHOULD broken.\n")


def test_nothing_to_complain_about_is_said_kindly() -> None:
    log = Log()
    log.generate()
    assert printed(judge(log.exchanges)) == "✓ 1 request, nothing to complain about.\n"
    assert printed(judge([])) == "No requests yet: there is nothing to judge.\n"


@given(st.text(st.characters(), min_size=1, max_size=80))
def test_what_a_client_sent_cannot_break_a_report(name: str) -> None:
    log = Log()
    log.generate(body=json.dumps({"model": "image-01", "prompt": "x", name: 1}).encode())
    verdict = judge(log.exchanges)
    ET.fromstring(junit(verdict))
    assert "\x1b" not in printed(verdict)
    json.dumps(sarif(verdict), ensure_ascii=False).encode()
