"""What a rule can say, and what is refused because it cannot be or can never happen."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.kinds import KINDS
from mock_server.faults.parameters import parameter_rows
from mock_server.faults.rule import as_dict, read_rule, rule_of
from mock_server.faults.schema import rule_schema, scenario_schema
from mock_server.strict import InvalidError

HANG = {"kind": "hang"}
WRONG: list[tuple[Any, str]] = [
    ([], "must be an object, got []"),
    ({}, "needs 'fault'"),
    ({"fault": {}}, "fault: needs 'kind'; valid: 'delay', 'hang', 'all_blocked'"),
    ({"fault": {"kind": "status"}}, "fault.kind: unknown kind 'status'; did you mean"),
    ({"fault": {"kind": ["hang"]}}, "fault.kind: unknown kind ['hang']; "),
    ({"fault": {"kind": "hang", "seconds": 1}}, "fault: unknown field 'seconds'; it takes none"),
    ({"fault": {"kind": "status_code"}}, "fault: needs 'code'"),
    ({"fault": {"kind": "status_code", "code": 1003}}, "fault: code cannot be 1003; did you mean '1002'? valid: "),
    ({"fault": {"kind": "status_code", "code": "1002"}}, "fault.code: must be a whole number, got '1002'"),
    ({"fault": {"kind": "status_code", "code": True}}, "fault.code: must be a whole number, got True"),
    ({"fault": {"kind": "status_code", "code": 0}}, "fault: code cannot be 0; did you mean '1000'?"),
    ({"fault": {"kind": "delay", "second": 1}}, "fault: unknown field 'second'; did you mean 'seconds'?"),
    (
        {"fault": {"kind": "delay", "seconds": -1}},
        "fault.seconds: must be a number of at least 0 and at most 3600",
    ),
    ({"fault": {"kind": "delay", "seconds": float("nan")}}, "fault.seconds: must be a number of at least 0"),
    (
        {"fault": {"kind": "delay"}},
        "delay takes seconds; min and max; or median, sigma and max, got none of them",
    ),
    ({"fault": {"kind": "delay", "seconds": 1, "max": 2}}, "median, sigma and max, got seconds, max"),
    ({"fault": {"kind": "delay", "min": 2, "max": 1}}, "fault: min must not be more than max, got 2 and 1"),
    ({"fault": {"kind": "all_blocked", "empty": "lst"}}, "fault.empty: cannot be 'lst'; did you mean 'list'? valid: "),
    ({"fault": {"kind": "download_error", "status": 402}}, "fault.status: cannot be 402; did you mean '403'? valid: "),
    ({"fault": {"kind": "drop_field", "path": "a..b"}}, "fault.path: must be text like "),
    ({"fault": {"kind": "http_status", "status": 99}}, "fault.status: must be a whole number of at least 200"),
    ({"fault": {"kind": "http_status", "status": 204, "body": "x"}}, "fault: an answer with status 204 has no body"),
    ({"fault": {"kind": "http_status", "status": 502, "headers": {"a b": "x"}}}, "'a b' is not a header name"),
    ({"fault": {"kind": "http_status", "status": 502, "headers": {"A": "x\r\n"}}}, "header A must be printable ASCII"),
    ({"fault": {"kind": "http_status", "status": 502, "headers": {"Content-Length": "1"}}}, "headers cannot set"),
    ({"fault": {"kind": "wrong_content_length", "by": 0}}, "fault: by cannot be 0: the length would be right"),
    ({"fault": {"kind": "wrong_size", "width": 513}}, "and a multiple of 8, got 513"),
    ({"fault": HANG, "tims": 2}, "unknown field 'tims'; did you mean 'times'?"),
    ({"fault": HANG, "times": 0}, "times: must be a whole number of at least 1 and at most 1000000, got 0"),
    ({"fault": HANG, "after": -1}, "after: must be a whole number of at least 0"),
    ({"fault": HANG, "probability": 0}, "probability: must be a number of more than 0 and at most 1, got 0"),
    ({"fault": HANG, "probability": 1.01}, "probability: must be a number of more than 0 and at most 1, got 1.01"),
    ({"fault": HANG, "name": ""}, "name: must be text of at least 1 characters"),
    ({"fault": HANG, "when": []}, "when: must be an object, got []"),
    (
        {"fault": HANG, "when": {"endpont": "x"}},
        "when: unknown field 'endpont'; did you mean 'endpoint'?",
    ),
    ({"fault": HANG, "when": {"status_code": 0}}, "when: unknown field 'status_code'; "),
    ({"fault": HANG, "when": {"endpoint": "generat"}}, "when.endpoint: cannot be 'generat'; did you mean 'generate'?"),
    ({"fault": HANG, "when": {"face": "minimx"}}, "when.face: cannot be 'minimx'; did you mean 'minimax'?"),
    ({"fault": HANG, "when": {"model": "image-02"}}, "when.model: cannot be 'image-02'; did you mean 'image-01'?"),
    ({"fault": HANG, "when": {"n": 10}}, "when.n: must be from 1 to 9, got 10"),
    ({"fault": HANG, "when": {"n": "3"}}, "when.n: must be a whole number, got '3'"),
    ({"fault": HANG, "when": {"prompt": 3}}, "when.prompt: must be text, got 3"),
    ({"fault": HANG, "when": {"nth": []}}, "when.nth: must be a list (at least one)"),
    ({"fault": HANG, "when": {"nth": [0]}}, "each item a whole number of at least 1"),
    ({"fault": HANG, "when": {"every": 0}}, "when.every: must be a whole number of at least 1"),
    ({"fault": HANG, "when": {"between": [10, 10]}}, "when.between: can never fire: ends before it begins"),
    ({"fault": HANG, "when": {"between": [10]}}, "when.between: must be a list of 2"),
    (
        {"fault": HANG, "when": {"nth": [1, 2]}, "after": 2},
        "can never fire: of nth [1, 2], `after` and `every`",
    ),
    ({"fault": HANG, "when": {"nth": [1, 2], "every": 3}}, "can never fire: of nth [1, 2], `after` and `every` leave"),
    (
        {"fault": {"kind": "null_data"}, "when": {"endpoint": "download"}},
        "can never fire: null_data does not act on 'download'; did you mean 'upload'? valid: 'generate'",
    ),
    ({"fault": {"kind": "partial", "failed": 3}, "when": {"n": 3}}, "can never fire: of 3 images no 3 can be blocked"),
]


@pytest.mark.parametrize(("given_rule", "problem"), WRONG, ids=[problem[:60] for _, problem in WRONG])
def test_what_cannot_be_is_refused_with_the_nearest(given_rule: Any, problem: str) -> None:
    with pytest.raises(InvalidError) as error:
        read_rule(given_rule)
    assert problem in str(error.value)


def test_a_rule_can_be_given_in_three_ways() -> None:
    whole = {"when": {"prompt": "*cat*"}, "fault": {"kind": "status_code", "code": 1002}, "times": 2}
    rule = read_rule(whole)
    assert rule_of(whole, {}) == rule
    assert rule_of(None, whole) == rule
    assert rule_of("status_code", {"code": 1002, "times": 2, "when": {"prompt": "*cat*"}}) == rule
    assert rule_of({"kind": "status_code", "code": 1002}, {"times": 2, "when": {"prompt": "*cat*"}}) == rule
    assert rule_of({"fault": whole["fault"]}, {"times": 2, "when": {"prompt": "*cat*"}}) == rule
    with pytest.raises(InvalidError, match="'times' is given twice"):
        rule_of(whole, {"times": 3})


EXAMPLES: dict[str, dict[str, Any]] = {
    "delay": {"median": 0.1, "sigma": 0.5, "max": 2, "ramp": 60},
    "status_code": {"code": 1002, "message": "slow down"},
    "http_status": {"status": 502, "body": "x", "content_type": "text/plain", "headers": {"Retry-After": "3"}},
    "partial": {"failed": 2},
    "all_blocked": {"empty": "null"},
    "download_error": {"status": 404},
    "drop_field": {"path": "data.image_urls.0"},
    "extra_field": {"path": "data.more", "value": [1, None]},
    "set_field": {"path": "base_resp.status_code", "value": {"a": 1}},
    "malformed_json": {"form": "two_values"},
    "wrong_content_type": {"content_type": "text/html; charset=utf-8"},
    "cut_body": {"after_bytes": 3},
    "reset": {"after_bytes": 3},
    "slow_body": {"bytes_per_second": 10},
    "slow_headers": {"bytes_per_second": 10},
    "wrong_content_length": {"by": -3},
    "not_an_image": {"body": "x", "content_type": "text/plain"},
    "truncate_image": {"keep": 0.25},
    "wrong_format": {"format": "webp", "content_type": "image/jpeg"},
    "wrong_size": {"width": 512},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_has_what_the_reader_takes(kind: str) -> None:
    rule = {"fault": {"kind": kind} | EXAMPLES.get(kind, {}), "times": 3, "when": {"every": 2}, "name": "mine"}
    validator = jsonschema_rs.validator_for(rule_schema())
    validator.validate(rule)
    assert as_dict(read_rule(rule)) == {"when": {"every": 2}, "fault": rule["fault"], "times": 3, "name": "mine"}
    assert not validator.is_valid(rule | {"fault": rule["fault"] | {"nonsense": 1}})
    in_schema = set(rule_schema()["$defs"][kind]["properties"])
    assert in_schema == {"kind", *(name for name, *_ in parameter_rows(KINDS[kind]))}
    assert all(meaning for *_, meaning in parameter_rows(KINDS[kind]))


def test_the_schema_of_a_scenario_is_one() -> None:
    validator = jsonschema_rs.validator_for(scenario_schema())
    assert validator.is_valid({"name": "a", "rules": [{"fault": HANG}]})
    assert validator.is_valid({"account": {"profile": "cn"}})
    for wrong in (
        {},
        {"rules": [{"fault": {"kind": "hng"}}]},
        {"name": "a b", "rules": []},
        {"tile": "x", "rules": []},
    ):
        assert not validator.is_valid(wrong), wrong


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["when", "fault", "kind", "times", "nth", "hang", "code", "between"]) | st.text(max_size=3),
        inner, max_size=4,
    ),
    max_leaves=12,
))  # fmt: skip
def test_whatever_is_given_is_read_or_refused(anything: Any) -> None:
    try:
        rule = read_rule(anything)
    except InvalidError:
        return
    assert read_rule(json.loads(json.dumps(as_dict(rule)))) == rule
