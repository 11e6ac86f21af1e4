"""Every reason to refuse, in fal's words."""

from __future__ import annotations

import pytest

from mock_server.core.reasons import REASONS
from mock_server.faces.fal.errors import SPELLINGS
from tests.fal.client import Fal

ACCOUNT = {"unauthorized": 401, "invalid_key": 401, "insufficient_balance": 403, "not_verified": 403}
LIMITS = {"rate_limited", "token_limit", "connection_limit", "rate_growth"}
MODEL = sorted(set(SPELLINGS) - set(ACCOUNT) - LIMITS)
RETRY = ("x-fal-retryable", "x-fal-needs-retry")
BY_CODE = {reason.code: reason.name for reason in reversed(REASONS.values())}


def test_every_reason_is_spelled() -> None:
    assert set(SPELLINGS) == set(REASONS)


@pytest.mark.parametrize("name", sorted(ACCOUNT))
def test_what_is_about_the_account_is_a_sentence(name: str, fal: Fal) -> None:
    fal.account.add_fault("status_code", code=REASONS[name].code)
    direct = fal.run()
    queued = fal.call("POST", "queue/fal-ai/minimax/image-01", json=fal.input())
    for answer in (direct, queued):
        assert answer.status_code == ACCOUNT[name]
        assert answer.json() == {"detail": SPELLINGS[name].text}
        assert not any(header in answer.headers for header in (*RETRY, "x-fal-error-type"))


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_limit_is_an_error_of_the_platform(name: str, fal: Fal) -> None:
    fal.account.add_fault("status_code", code=REASONS[name].code)
    for answer in (fal.run(), fal.call("POST", "queue/fal-ai/minimax/image-01", json=fal.input())):
        assert answer.status_code == 429
        assert answer.json().keys() == {"detail", "error_type"}
        assert answer.headers["x-fal-error-type"] == answer.json()["error_type"] == "concurrent_requests_limit"


@pytest.mark.parametrize("name", MODEL)
def test_the_rest_is_an_error_of_the_model_and_shows_at_the_result(name: str, fal: Fal) -> None:
    reason = REASONS[name]
    fal.account.add_fault("status_code", code=reason.code)
    spelling = SPELLINGS[BY_CODE[reason.code]]
    for answer in (fal.run(), fal.finished()):
        assert answer.status_code == spelling.status
        (error,) = answer.json()["detail"]
        assert (error["type"], error["msg"]) == (spelling.type, spelling.text)
        assert error["url"].endswith("#" + spelling.type)
        again = REASONS[BY_CODE[reason.code]].retryable
        assert [answer.headers[header] for header in RETRY] == [str(again).lower(), str(int(again))]
        assert answer.headers["x-fal-billable-units"] == "0"
    entry = fal.account.journal(endpoint="result")[0]
    assert (entry["status_code"], entry["faults"]) == (reason.code, ["status_code"])


@pytest.mark.parametrize(
    ("profile", "headers"),
    [("fal-retryable-header", {"x-fal-retryable"}), ("fal-needs-retry-header", {"x-fal-needs-retry"})],
)
def test_profiles_name_the_header_otherwise(profile: str, headers: set[str], fal: Fal) -> None:
    fal.account.configure(profile=profile)
    fal.account.add_fault("status_code", code=1024)
    assert {name for name in fal.run().headers if name in RETRY} == headers


def test_a_message_can_be_given(fal: Fal) -> None:
    fal.account.add_fault("status_code", code=1024, message="the moon is full")
    assert fal.run().json()["detail"][0]["msg"] == "the moon is full"


def test_a_blocked_prompt_is_named(fal: Fal) -> None:
    answer = fal.run(prompt="[[mock:1026]] a cat")
    (error,) = answer.json()["detail"]
    assert (answer.status_code, error["type"]) == (422, "content_policy_violation")
    assert error["loc"] == ["body", "prompt"]


def test_all_images_blocked_is_a_refusal_or_an_empty_list(fal: Fal) -> None:
    fal.account.add_fault("all_blocked")
    assert fal.run().json()["detail"][0]["type"] == "content_policy_violation"
    fal.account.configure(profile="fal-blocked-empty-list")
    answer = fal.run()
    assert (answer.status_code, answer.json()) == (200, {"images": []})


def test_an_unknown_magic_name_is_told(fal: Fal) -> None:
    fal.account.api_key = "id:mock-1009"
    fal.headers["Authorization"] = "Key id:mock-1009"
    answer = fal.run()
    assert answer.status_code == 401
    assert "no scenario '1009'; did you mean" in answer.json()["detail"]
