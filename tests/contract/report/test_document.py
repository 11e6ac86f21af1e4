"""report.json, whose shape is a promise."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from msgspec import structs

from contract_tests.report.document import ReportError, as_json, from_json
from contract_tests.report.model import Report, Reproduction
from tests.contract.report.samples import AGAIN, EXCHANGE, FAILED, REPORT, reports


def test_the_document_has_the_promised_shape() -> None:
    report = structs.replace(REPORT, results=(REPORT.results[0], FAILED))
    assert as_json(report) == {
        "client": {"name": "acme-images", "version": "2.1.0", "adapter": "acme:client"},
        "target": "emulator",
        "profile": "io",
        "seed": 12345,
        "summary": {"passed": 1, "failed": 1, "skipped": 0, "errors": 0},
        "checks": [
            {
                "id": "images.count",
                "level": "MUST",
                "status": "passed",
                "reason": None,
                "claims": [],
                "reproduce": None,
                "exchanges": [],
                "sentence": "As many images as were asked for.",
                "seconds": 0.0,
                "examples": 60,
                "profile": "io",
            },
            {
                "id": "errors.status-inside-200",
                "level": "MUST",
                "status": "failed",
                "reason": "The client reported success with no images.",
                "claims": ["errors-come-with-200"],
                "reproduce": {
                    "command": "minimax-mock check acme:client --seed 12345 -k errors.status-inside-200",
                    "scenario": {"rules": [{"fault": {"kind": "status_code", "code": 1008}}]},
                    "curl": AGAIN.curl,
                    "request": {"model": "image-01", "prompt": "<b>灯塔</b>"},
                },
                "exchanges": [EXCHANGE],
                "sentence": "An error inside HTTP 200 is raised, never taken for success.",
                "seconds": 1.25,
                "examples": 7,
                "profile": "io",
            },
        ],
        "started": "2026-11-21T16:39:19Z",
        "seconds": 21.4,
        "spent_usd": 0.0,
    }


@given(reports())
def test_any_report_comes_back_from_its_json(report: Report) -> None:
    assert from_json(json.loads(json.dumps(as_json(report), allow_nan=False))) == report


def test_what_json_has_no_form_for_becomes_text() -> None:
    again = Reproduction("", {"ramp": float("inf"), "data": b"\xff", "pair": (1, 2), "odd": {1: float("nan")}}, {}, "")
    written = as_json(structs.replace(REPORT, results=(structs.replace(FAILED, reproduce=again),)))
    scenario = written["checks"][0]["reproduce"]["scenario"]
    assert scenario == {"ramp": "inf", "data": "b'\\xff'", "pair": [1, 2], "odd": {"1": "nan"}}
    json.dumps(written, allow_nan=False)


def test_fields_that_were_added_later_may_be_missing_and_unknown_ones_are_let_be() -> None:
    document = as_json(REPORT) | {"added_later": [1]}
    for name in ("started", "seconds", "spent_usd", "summary"):
        del document[name]
    for check in document["checks"]:
        for name in ("sentence", "seconds", "examples", "profile"):
            del check[name]
        if check["reproduce"]:
            del check["reproduce"]["request"]
    read = from_json(document)
    assert read.results[2].exchanges == FAILED.exchanges
    assert (read.started, read.seconds, read.results[2].sentence) == ("", 0.0, "")


CHECK = "checks[2]"


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        ([], [], "expected object, got []"),
        ([], None, "expected object, got None"),
        (["seed"], "7", "seed: expected int, got '7'"),
        (["client"], "acme", "client: expected object, got 'acme'"),
        (["client", "name"], 3, "client.name: expected str, got 3"),
        (["checks"], {}, "checks: expected array, got {}"),
        (["checks", 2, "status"], "ok", f"{CHECK}.status: expected passed, failed, skipped or error, got 'ok'"),
        (["checks", 2, "level"], "MAY", f"{CHECK}.level: expected MUST or SHOULD, got 'MAY'"),
        (["checks", 2, "claims"], [1], f"{CHECK}.claims[0]: expected str, got 1"),
        (["checks", 2, "reproduce"], "x\x1b\n" * 50, f"{CHECK}.reproduce: expected object | null, got 'x\\x1b\\nx"),
        (["checks", 2, "reproduce", "scenario"], [], f"{CHECK}.reproduce.scenario: expected object, got []"),
        (["checks", 2, "exchanges"], [[]], f"{CHECK}.exchanges[0]: expected object, got []"),
    ],
)
def test_what_is_no_report_is_refused_with_file_field_and_expectation(
    place: list[Any], value: Any, problem: str
) -> None:
    whole = {"": deepcopy(as_json(REPORT))}
    inner: Any = whole
    *way, last = ["", *place]
    for step in way:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(ReportError) as refused:
        from_json(whole[""], "results/acme.json")
    assert str(refused.value).startswith(f"results/acme.json is no report of the contract tests: {problem}")


def test_a_missing_field_is_named_with_those_that_are_there() -> None:
    with pytest.raises(ReportError, match="expected a field 'client', found 'target', 'seed'"):
        from_json({"target": "live", "seed": 1})
    document = as_json(REPORT)
    del document["checks"][0]["level"]
    with pytest.raises(ReportError, match=r"checks\[0\]: expected a field 'level', found 'id', 'status'"):
        from_json(document)
