"""What each kind of fault does to an answer, over a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer
from mock_server.core.reasons import REASONS
from tests.wire import Generate

CODES = sorted({reason.code for reason in REASONS.values()})


@pytest.mark.parametrize("code", CODES)
def test_status_code_is_what_the_service_says(generate: Generate, account: MockAccount, code: int) -> None:
    account.add_fault("status_code", code=code, times=1)
    answer = generate()
    status = answer.json()["base_resp"]
    assert (answer.status_code, status["status_code"]) == (200, code)
    assert "{" not in status["status_msg"]
    assert generate().json()["base_resp"]["status_code"] == 0
    (entry, _) = account.journal()
    assert (entry["status_code"], entry["faults"], entry["whole"]) == (code, ["status_code"], True)
    assert account.describe()["images"] == 1


def test_status_code_with_words_of_its_own(generate: Generate, account: MockAccount) -> None:
    account.add_fault("status_code", code=1000, message="rpc timeout: {timeout}=1m0s 中")
    assert generate().json()["base_resp"] == {"status_code": 1000, "status_msg": "rpc timeout: {timeout}=1m0s 中"}


def test_status_code_comes_before_the_service_looks_at_the_request(generate: Generate, account: MockAccount) -> None:
    account.configure(balance_usd=0, rpm=0)
    account.add_fault("status_code", code=1033)
    assert generate(n=99).json()["base_resp"]["status_code"] == 1033


def test_the_recorded_bytes_of_a_rate_limit(generate: Generate, account: MockAccount) -> None:
    account.add_fault("status_code", code=1002)
    assert generate().content == b'{"base_resp":{"status_code":1002,"status_msg":"rate limit exceeded(RPM)"}}'


def test_http_status_answers_as_something_in_between(generate: Generate, account: MockAccount) -> None:
    account.add_fault("http_status", status=502)
    answer = generate()
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert "<h1>502 Bad Gateway</h1>" in answer.text
    assert "trace-id" not in answer.headers


def test_http_status_with_body_and_headers(generate: Generate, account: MockAccount) -> None:
    headers = {"Retry-After": "7", "X-Odd": "1"}
    account.add_fault("http_status", status=429, body='{"a":1}', content_type="application/json", headers=headers)
    answer = generate()
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (429, {"a": 1}, "7")


@pytest.mark.parametrize("status", [200, 204, 304, 418, 451, 504, 599])
def test_any_http_status_can_be_sent(generate: Generate, account: MockAccount, status: int) -> None:
    account.add_fault("http_status", status=status)
    assert generate().status_code == status
    assert account.journal()[0]["status_code"] is None


def test_partial_keeps_the_others(generate: Generate, account: MockAccount) -> None:
    account.add_fault("partial", failed=2)
    answer = generate(n=5).json()
    assert answer["metadata"] == {"failed_count": "2", "success_count": "3"}
    assert len(answer["data"]["image_urls"]) == 3
    assert account.describe()["images"] == 3


@pytest.mark.parametrize(
    ("empty", "data"), [("list", {"image_urls": []}), ("object", {}), ("null", None), (None, {"image_urls": []})]
)
def test_all_blocked_in_every_spelling(generate: Generate, account: MockAccount, empty: str | None, data: Any) -> None:
    account.add_fault("all_blocked", empty=empty)
    answer = generate(n=2).json()
    assert answer["metadata"] == {"failed_count": "2", "success_count": "0"}
    assert answer["data"] == data
    assert answer["base_resp"]["status_code"] == 0


def test_all_blocked_without_data(generate: Generate, account: MockAccount) -> None:
    account.add_fault("all_blocked", empty="absent")
    assert "data" not in generate().json()


BodyChange = Callable[[dict[str, Any]], dict[str, Any]]


def without_urls(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"data": {}}


@pytest.mark.parametrize("form", ["url", "base64"])
@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        ({"kind": "null_data"}, lambda body: body | {"data": None}),
        ({"kind": "drop_field", "path": "metadata"}, lambda body: {k: v for k, v in body.items() if k != "metadata"}),
        ({"kind": "set_field", "path": "data", "value": {}}, without_urls),
        ({"kind": "extra_field", "path": "base_resp.more", "value": [1]},
         lambda body: body | {"base_resp": body["base_resp"] | {"more": [1]}}),
        ({"kind": "set_field", "path": "base_resp.status_code", "value": 1033},
         lambda body: body | {"base_resp": body["base_resp"] | {"status_code": 1033}}),
    ],
)  # fmt: skip
def test_faults_in_a_json_body(
    generate: Generate, account: MockAccount, fault: dict[str, Any], changed: BodyChange, form: str
) -> None:
    account.freeze()
    account.configure(seed=1)
    usual = generate(response_format=form).json()
    account.configure(seed=1)
    account.add_fault(fault)
    answer = generate(response_format=form)
    assert answer.json() == changed(usual)
    assert list(answer.json()) == list(changed(usual))
    assert int(answer.headers["content-length"]) == len(answer.content)
    kept = json.loads(account.journal()[-1]["response"]["body"])
    assert kept["base_resp"] == answer.json()["base_resp"]


def test_a_path_leads_into_lists(generate: Generate, account: MockAccount) -> None:
    account.add_fault("drop_field", path="data.image_urls.1")
    account.add_fault("set_field", path="data.image_urls.7", value="x")
    assert len(generate(n=3).json()["data"]["image_urls"]) == 2
    assert account.faults()[1]["matched"] == 0


@pytest.mark.parametrize("form", ["truncated", "trailing_comma", "single_quotes", "two_values"])
def test_malformed_json_is_none(generate: Generate, account: MockAccount, form: str) -> None:
    account.add_fault("malformed_json", form=form)
    answer = generate()
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert account.journal()[0]["response"]["body"] == answer.text


def test_an_empty_body_has_the_headers_of_the_full_one(generate: Generate, account: MockAccount) -> None:
    account.add_fault("empty_body")
    answer = generate()
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")
    assert "trace-id" in answer.headers


def test_the_parameters_of_a_content_type_count_too(generate: Generate, account: MockAccount) -> None:
    account.add_fault("wrong_content_type", content_type="application/json")
    assert generate().headers["content-type"] == "application/json"


def test_a_wrong_content_type_leaves_the_body_alone(generate: Generate, account: MockAccount) -> None:
    account.add_fault("wrong_content_type", content_type="text/html; charset=utf-8")
    answer = generate()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.json()["base_resp"]["status_code"] == 0


def test_several_faults_act_on_one_answer(generate: Generate, account: MockAccount) -> None:
    account.configure(fault_header=True)
    account.add_fault("delay", seconds=0, name="no time")
    account.add_fault("partial")
    account.add_fault("drop_field", path="metadata")
    account.add_fault("slow_headers", bytes_per_second=1_000_000)
    answer = generate(n=2)
    assert "metadata" not in answer.json()
    assert len(answer.json()["data"]["image_urls"]) == 1
    assert answer.headers["x-minimax-mock-faults"] == "no time, partial, drop_field, slow_headers"
    assert account.journal()[0]["faults"] == ["no time", "partial", "drop_field", "slow_headers"]


def test_the_fault_header_is_opt_in(generate: Generate, account: MockAccount) -> None:
    account.add_fault("status_code", code=1002, name="Ausfall – 中")
    assert "x-minimax-mock-faults" not in generate().headers
    account.configure(fault_header=True)
    assert generate().headers["x-minimax-mock-faults"] == r"Ausfall \u2013 \u4e2d"


def test_an_undisturbed_call_has_no_fault_header(generate: Generate, account: MockAccount) -> None:
    account.configure(fault_header=True)
    account.add_fault("status_code", code=1002, when={"prompt": "nobody says this"})
    assert "x-minimax-mock-faults" not in generate().headers


def test_a_delay_lets_no_other_call_wait(minimax_mock_server: MockServer, http: httpx.Client) -> None:
    slow, quick = minimax_mock_server.account(), minimax_mock_server.account()
    slow.add_fault("delay", seconds=3600)
    body = {"model": "image-01", "prompt": "x"}
    url = minimax_mock_server.url + "/v1/image_generation"
    with pytest.raises(httpx.ReadTimeout):
        http.post(url, json=body, headers={"Authorization": f"Bearer {slow.api_key}"}, timeout=0.05)
    answer = http.post(url, json=body, headers={"Authorization": f"Bearer {quick.api_key}"})
    assert answer.json()["base_resp"]["status_code"] == 0
