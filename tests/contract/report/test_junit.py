"""JUnit XML of a report."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from msgspec import structs

from contract_tests.report.junit import junit
from contract_tests.report.model import Report, Result
from tests.contract.report.samples import FAILED, NASTY, REPORT, reports

DOCUMENT = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="minimax-mock check" tests="3" failures="1" errors="1" skipped="1" time="21.400">
  <testsuite name="errors" tests="2" failures="1" errors="0" skipped="1" time="1.250" timestamp="2026-11-21T16:39:19Z">
    <properties>
      <property name="client" value="acme-images" />
      <property name="version" value="2.1.0" />
      <property name="adapter" value="acme:client" />
      <property name="target" value="emulator" />
      <property name="profile" value="io" />
      <property name="seed" value="12345" />
    </properties>
    <testcase classname="acme-images.errors" name="code-is-told" time="0.000">
      <skipped message="SHOULD, not met: The message had no code.">The error tells the code.

The message had no code.</skipped>
    </testcase>
    <testcase classname="acme-images.errors" name="status-inside-200" time="1.250">
      <failure message="The client reported success with no images." type="MUST">\
An error inside HTTP 200 is raised, never taken for success.

The client reported success with no images.

Rests on: errors-come-with-200

Smallest request: {"model": "image-01", "prompt": "&lt;b&gt;灯塔&lt;/b&gt;"}

Scenario:
rules:
- fault:
    kind: status_code
    code: 1008

Again: minimax-mock check acme:client --seed 12345 -k errors.status-inside-200

curl http://127.0.0.1:8484/v1/image_generation -d '{"prompt":"&lt;b&gt;灯塔&lt;/b&gt;"}'</failure>
    </testcase>
  </testsuite>
  <testsuite name="images" tests="1" failures="0" errors="1" skipped="0" time="0.000" timestamp="2026-11-21T16:39:19Z">
    <properties>
      <property name="client" value="acme-images" />
      <property name="version" value="2.1.0" />
      <property name="adapter" value="acme:client" />
      <property name="target" value="emulator" />
      <property name="profile" value="io" />
      <property name="seed" value="12345" />
    </properties>
    <testcase classname="acme-images.images" name="count [cn]" time="0.000">
      <error message="The program ended." type="MUST">The program ended.</error>
    </testcase>
  </testsuite>
</testsuites>
"""


def test_suites_are_properties_and_a_failed_should_is_a_skipped_test() -> None:
    broken = Result("images.count", "MUST", "", "error", "The program ended.", profile="cn")
    assert junit(structs.replace(REPORT, results=(REPORT.results[1], FAILED, broken))) == DOCUMENT


@given(reports())
def test_any_report_is_xml_1_0_and_adds_up(report: Report) -> None:
    root = ET.fromstring(junit(report).encode())
    kinds = [child.tag for case in root.iter("testcase") for child in case]
    attributes = root.attrib
    assert attributes["tests"] == str(len(list(root.iter("testcase")))) == str(len(report.results))
    assert (attributes["failures"], attributes["errors"]) == (str(kinds.count("failure")), str(kinds.count("error")))
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(attributes[name]) == sum(int(suite.attrib[name]) for suite in root)


def test_hostile_text_stays_text() -> None:
    text = "".join(NASTY)
    told = structs.replace(FAILED, reason=text, reproduce=None)
    (suite,) = ET.fromstring(junit(structs.replace(REPORT, client_name=text, results=(told,))))
    (case,) = suite.iter("testcase")
    assert "</style><img src=//evil.example>" in case[0].attrib["message"]
    assert "‹U+0000›‹U+0008›‹U+001B›[2J‹U+009B›31m‹U+007F›‹U+D800›a‹U+DFFF›b‹U+FFFE›‹U+FFFF›" in str(case[0].text)
