"""fal-client in trouble: what it raises, and how often it asks before it does (facts seen in the journal)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from mock_server import MockAccount, MockServer
from tests.e2e.clients import Driven
from tests.e2e.fal import APP, INPUT, LOCKED, calls, own_trouble, run

pytestmark = pytest.mark.e2e
PHASES = ["submit", "status", "result", "cancel"]

REFUSED: dict[str, tuple[Any, int, Any, int]] = {
    "401": ({"kind": "status_code", "code": 2049}, 401, "No user found for Key ID and Secret", 1),
    "403-admin-lock": ("fal-admin-lock", 403, LOCKED.format("Admin lock. Please contact support@fal.ai"), 1),
    "422-content-policy": ({"kind": "status_code", "code": 1026}, 422, "content_policy_violation", 1),
    "429": ({"kind": "status_code", "code": 1002}, 429, "Reached concurrent requests limit", 10),
    "500": ({"kind": "status_code", "code": 1033}, 500, "downstream_service_unavailable", 1),
    "502": (own_trouble(502, "runner_incomplete_response"), 502, "runner_incomplete_response", 1),
    "503": (own_trouble(503, "runner_disconnected"), 503, "runner_disconnected", 1),
    "504": (own_trouble(504, "startup_timeout"), 504, "startup_timeout", 1),
    "502-nginx": ({"kind": "http_status", "status": 502}, 502, "502 Bad Gateway", 10),
    "503-nginx": ({"kind": "http_status", "status": 503}, 503, "503 Service Unavailable", 10),
    "504-nginx": ({"kind": "http_status", "status": 504}, 504, "504 Gateway Timeout", 10),
}


@pytest.mark.parametrize(("trouble", "status", "text", "tried"), REFUSED.values(), ids=REFUSED)
def test_what_becomes_of_a_refusal(
    fal_python: Driven, fal_account: MockAccount, trouble: Any, status: int, text: str, tried: int
) -> None:
    fal_account.scenario(trouble) if isinstance(trouble, str) else fal_account.add_fault(trouble)
    error = run(fal_python, fal_account)["error"]
    assert (error["is"][0], error["status"]) == ("FalClientHTTPError", status)
    assert text in error["body"]
    assert calls(fal_account) == [("generate", status)] * tried


def test_an_exhausted_balance_is_403(fal_python: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(balance_usd=0.005)
    for do in ("run", "submit", "subscribe"):
        error = fal_python(do, APP, key=fal_account.api_key, kwargs={"arguments": INPUT})["error"]
        assert (error["status"], error["text"].split(":")[0]) == (403, "User is locked. Reason")
        assert "Exhausted balance" in error["body"]
    assert calls(fal_account) == [("generate", 403), ("submit", 403), ("submit", 403)]


def test_an_unknown_path_is_404(fal_python: Driven, fal_account: MockAccount) -> None:
    error = run(fal_python, fal_account, app="fal-ai/minimax/image-02")["error"]
    assert (error["status"], error["text"]) == (404, "Path /image-02 not found")
    number = fal_python("submit", "fal-ai/minimax/image-02", key=fal_account.api_key, kwargs={"arguments": INPUT})
    result = fal_python("result", APP, number["value"]["request_id"], key=fal_account.api_key)
    assert (result["error"]["status"], result["error"]["text"]) == (404, "Path /image-02 not found")


def test_wrong_input_is_told_at_once_or_at_the_result(fal_python: Driven, fal_account: MockAccount) -> None:
    direct = run(fal_python, fal_account, {"prompt": 7})["error"]
    kwargs = {"arguments": {"prompt": 7}}
    queued = fal_python("subscribe", APP, key=fal_account.api_key, kwargs=kwargs, watch=True)
    assert direct["status"] == queued["error"]["status"] == 422
    assert [update["is"] for update in queued["updates"]] == ["Queued", "InProgress", "Completed"]
    for error in (direct, queued["error"]):
        assert [(item["type"], item["loc"]) for item in json.loads(error["body"])["detail"]] == [
            ("string_type", ["body", "prompt"]),
            ("missing", ["body", "image_url"]),
        ]


def test_a_blocked_prompt_shows_at_the_result(fal_python: Driven, fal_account: MockAccount) -> None:
    fal_account.scenario("fal-result-422")
    queued = fal_python("subscribe", APP, key=fal_account.api_key, kwargs={"arguments": INPUT}, watch=True)
    assert queued["updates"][-1]["is"] == "Completed"
    assert json.loads(queued["error"]["body"])["detail"][0]["type"] == "content_policy_violation"
    assert [call for call in calls(fal_account) if call[0] == "result"] == [("result", 422)]


def test_a_page_of_nginx_is_asked_again_in_every_phase(fal_python: Driven, fal_account: MockAccount) -> None:
    for phase in PHASES:
        fal_account.add_fault("http_status", status=502, times=1, when={"endpoint": phase})
    key = fal_account.api_key
    number = fal_python("submit", APP, key=key, kwargs={"arguments": INPUT})["value"]["request_id"]
    assert fal_python("result", APP, number, key=key)["value"]["images"]
    assert fal_python("cancel", APP, number, key=key)["error"]["status"] == 400
    assert {call for call in calls(fal_account) if call[1] == 502} == {(phase, 502) for phase in PHASES}


def test_only_the_new_client_repeats_an_upload(newest_fal: Driven, old_fal: Driven, secure_server: MockServer) -> None:
    for fal, tried in ((newest_fal, 2), (old_fal, 1)):
        account = secure_server.account()
        account.add_fault("http_status", status=503, times=1, after=1, when={"endpoint": "upload"})
        done = fal("upload", "text", "text/plain", key=account.api_key)
        assert ("value" in done) == (tried == 2)
        assert len([item for item in account.journal() if item["path"] == "/fal/cdn/files/upload"]) == tried


@pytest.mark.parametrize("kind", ["hang_up", "reset"])
def test_a_broken_connection_is_tried_ten_times(fal_python: Driven, fal_account: MockAccount, kind: str) -> None:
    fal_account.add_fault(kind)
    error = run(fal_python, fal_account)["error"]
    assert "TransportError" in error["is"]
    assert len(calls(fal_account)) == 10


def test_its_own_timeout_is_tried_ten_times(fal_python: Driven, fal_account: MockAccount) -> None:
    fal_account.add_fault("hang")
    error = run(fal_python, fal_account, kwargs={"timeout": 0.25})["error"]
    assert error["is"][0] == "ReadTimeout"
    patience = time.monotonic() + 10  # that the last one left is noticed after its error was
    while len(fal_account.journal()) < 10 and time.monotonic() < patience:
        time.sleep(0.01)
    assert [item["client_gone"] for item in fal_account.journal()] == [True] * 10


def test_a_start_that_took_too_long_is_not_tried_again(newest_fal: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="60")
    kwargs = {"arguments": INPUT, "start_timeout": 2}
    number = newest_fal("submit", APP, key=fal_account.api_key, kwargs=kwargs)["value"]["request_id"]
    fal_account.advance(3)
    status = newest_fal("status", APP, number, key=fal_account.api_key)["value"]
    assert (status["is"], status["error_type"]) == ("Completed", "request_timeout")
    error = newest_fal("result", APP, number, key=fal_account.api_key)["error"]
    assert (error["status"], error["type"]) == (504, "request_timeout")
    assert error["headers"]["x-fal-request-timeout-type"] == "user"
    assert calls(fal_account)[-1:] == [("result", 504)]


def test_a_subscription_that_took_too_long_is_cancelled(newest_fal: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="manual")
    fal_account.freeze()  # the service has the same limit, which must not come first
    kwargs = {"arguments": INPUT, "client_timeout": 5, "interval": 0.4}
    error = newest_fal("subscribe", APP, key=fal_account.api_key, kwargs=kwargs)["error"]
    assert error["is"][:3] == ["FalClientTimeoutError", "FalClientError", "TimeoutError"]
    assert ("cancel", 200) in calls(fal_account)


def test_without_a_key_nothing_is_sent(newest_fal: Driven, fal_account: MockAccount) -> None:
    error = newest_fal("run", APP, key=None, kwargs={"arguments": INPUT})["error"]
    assert error["is"][0] == "MissingCredentialsError"
