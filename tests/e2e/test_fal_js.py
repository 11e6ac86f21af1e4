"""The newest @fal-ai/client against the emulator, by its proxy option and by its middleware."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, inspect
from tests.e2e.clients import Driven
from tests.e2e.fal import APP, INPUT, LOCKED, PROMPT, attempts, calls, own_trouble

pytestmark = pytest.mark.e2e
WAYS = pytest.mark.parametrize("way", ["proxy", "middleware"])


def file(data: bytes, **more: Any) -> dict[str, Any]:
    return {"base64": base64.b64encode(data).decode(), "type": "image/png", "name": "face.png", **more}


@WAYS
def test_run_gives_the_images_and_an_id(fal_js: Driven, fal_account: MockAccount, way: str) -> None:
    asked = {"input": INPUT | {"aspect_ratio": "3:2", "num_images": 2}}
    value = fal_js("run", APP, asked, key=fal_account.api_key, way=way)["value"]
    facts = [inspect(httpx.get(image["url"], trust_env=False).content) for image in value["data"]["images"]]
    assert [(item.prompt, item.width, item.index) for item in facts] == [(PROMPT, 1248, 0), (PROMPT, 1248, 1)]
    assert len(value["requestId"]) == 36
    assert attempts(fal_account)["generate"] == 1


@WAYS
@pytest.mark.parametrize("mode", ["polling", "streaming"])
def test_subscribe_tells_every_step_with_its_logs(
    fal_js: Driven, fal_account: MockAccount, way: str, mode: str
) -> None:
    asked = {"input": INPUT, "logs": True, "mode": mode}
    done = fal_js("subscribe", APP, asked, key=fal_account.api_key, way=way, watch=True)
    assert [update["status"] for update in done["updates"]] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    lines = [[line["message"] for line in update["logs"]] for update in done["updates"]]
    assert lines[0] == []
    assert lines[1] == lines[2][:2] == ["Request received by the runner.", "Generating image 1 of 1."]
    assert lines[2][2:] == ["Request finished."]
    assert done["value"]["data"]["images"]
    assert done["value"]["requestId"] == done["updates"][0]["request_id"]
    asking = 3 if mode == "polling" else 1
    assert attempts(fal_account) == {"submit": 1, "status": asking, "result": 1}
    assert fal_account.verdict()["findings"] == []


def test_the_queue_step_by_step(fal_js: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="manual")
    key = fal_account.api_key
    number = fal_js("queue.submit", APP, {"input": INPUT}, key=key)["value"]["request_id"]
    job = {"requestId": number}
    for expected in ("IN_QUEUE", "IN_PROGRESS", "COMPLETED"):
        assert fal_js("queue.status", APP, job, key=key)["value"]["status"] == expected
        fal_account.advance_jobs()
    assert fal_js("queue.result", APP, job, key=key)["value"]["data"]["images"]


def test_cancel_ends_a_queued_job(fal_js: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="manual")
    key = fal_account.api_key
    job = {"requestId": fal_js("queue.submit", APP, {"input": INPUT}, key=key)["value"]["request_id"]}
    assert "error" not in fal_js("queue.cancel", APP, job, key=key)
    assert fal_js("queue.status", APP, job, key=key)["value"]["error_type"] == "client_cancelled"
    assert fal_js("queue.result", APP, job, key=key)["error"]["status"] == 499
    again = fal_js("queue.cancel", APP, job, key=key)["error"]
    assert (again["status"], again["body"]) == (400, {"status": "ALREADY_COMPLETED"})


def test_stream_fails_as_it_does_live(fal_js: Driven, fal_account: MockAccount) -> None:
    error = fal_js("stream", APP, {"input": INPUT}, key=fal_account.api_key)["error"]
    assert (error["status"], error["body"]["detail"]) == (404, "Path /image-01/subject-reference/stream not found")


@WAYS
@pytest.mark.parametrize("large", [False, True], ids=["whole", "multipart"])
def test_an_upload_can_be_fetched(fal_js: Driven, fal_account: MockAccount, way: str, large: bool) -> None:
    data = bytes(range(256)) * 40
    claims = {"claims": 100 * 1024 * 1024} if large else {}
    url = fal_js("storage.upload", file(data, **claims), key=fal_account.api_key, way=way)["value"]
    answer = httpx.get(url, trust_env=False)
    assert (answer.content, answer.headers["content-type"]) == (data, "image/png")
    assert attempts(fal_account)["upload"] == (1 + 10 + 1 if large else 2)


def test_a_file_in_the_input_is_uploaded_by_itself(fal_js: Driven, fal_account: MockAccount, photo: bytes) -> None:
    asked = {"input": INPUT | {"image_url": file(photo)}}
    value = fal_js("run", APP, asked, key=fal_account.api_key)["value"]
    facts = inspect(httpx.get(value["data"]["images"][0]["url"], trust_env=False).content)
    assert facts.references[0].label == "127.0.0.1"
    assert calls(fal_account)[:3] == [("upload", 200), ("upload", 200), ("generate", 200)]


REFUSED: dict[str, tuple[Any, int, str, str, int]] = {
    "401": ({"kind": "status_code", "code": 2049}, 401, "Unauthorized", "No user found for Key ID and Secret", 1),
    "403-balance": ("fal-exhausted-balance", 403, "Forbidden", LOCKED.format("Exhausted balance"), 1),
    "403-admin-lock": ("fal-admin-lock", 403, "Forbidden", LOCKED.format("Admin lock"), 1),
    "422": ({"kind": "status_code", "code": 1026}, 422, "Unprocessable Entity", "content_policy_violation", 1),
    "429": ({"kind": "status_code", "code": 1002}, 429, "Too Many Requests", "Reached concurrent requests limit", 4),
    "500": ({"kind": "status_code", "code": 1033}, 500, "Internal Server Error", "downstream_service_unavailable", 1),
    "502": (own_trouble(502, "runner_incomplete_response"), 502, "Bad Gateway", "runner_incomplete_response", 4),
    "503": (own_trouble(503, "runner_disconnected"), 503, "Service Unavailable", "runner_disconnected", 4),
    "504": (own_trouble(504, "startup_timeout"), 504, "Gateway Timeout", "startup_timeout", 4),
    "502-nginx": ({"kind": "http_status", "status": 502}, 502, "HTTP 502: Bad Gateway", "None", 4),
    "503-nginx": ({"kind": "http_status", "status": 503}, 503, "HTTP 503: Service Unavailable", "None", 4),
}


@pytest.mark.parametrize(("trouble", "status", "message", "detail", "tried"), REFUSED.values(), ids=REFUSED)
def test_what_becomes_of_a_refusal(
    fal_js: Driven, fal_account: MockAccount, trouble: Any, status: int, message: str, detail: str, tried: int
) -> None:
    fal_account.scenario(trouble) if isinstance(trouble, str) else fal_account.add_fault(trouble)
    done = fal_js("run", APP, {"input": INPUT}, key=fal_account.api_key)
    error = done["error"]
    assert error["name"] == ("ValidationError" if status == 422 else "ApiError")
    assert (error["status"], error["message"]) == (status, message)
    assert detail in str(error.get("body"))
    assert len(error["requestId"]) == (0 if "HTTP" in message else 36)
    assert calls(fal_account) == [("generate", status)] * tried
    assert len(done["pauses"]) == tried - 1
    assert all(0.75 <= pause / (500 * 2**number) <= 1.25 for number, pause in enumerate(done["pauses"]))


@pytest.mark.parametrize(("phase", "status", "tried"), [
    ("submit", 503, 4), ("submit", 500, 1), ("status", 500, 6), ("status", 502, 6), ("result", 502, 4),
    ("result", 500, 1), ("cancel", 503, 4),
])  # fmt: skip
def test_each_phase_of_the_queue_has_its_own_patience(
    fal_js: Driven, fal_account: MockAccount, phase: str, status: int, tried: int
) -> None:
    key = fal_account.api_key
    job: dict[str, Any] = {"input": INPUT}
    if phase != "submit":
        job = {"requestId": fal_js("queue.submit", APP, job, key=key)["value"]["request_id"]}
    fal_account.add_fault("http_status", status=status, when={"endpoint": phase})
    assert fal_js(f"queue.{phase}", APP, job, key=key)["error"]["status"] == status
    assert [call for call in calls(fal_account) if call == (phase, status)] == [(phase, status)] * tried


def test_wrong_input_shows_at_the_result_with_its_fields(fal_js: Driven, fal_account: MockAccount) -> None:
    done = fal_js("subscribe", APP, {"input": {"prompt": 7}}, key=fal_account.api_key, watch=True)
    assert done["updates"][-1]["status"] == "COMPLETED"
    error = done["error"]
    assert (error["name"], error["status"]) == ("ValidationError", 422)
    assert [(item["type"], item["loc"]) for item in error["fieldErrors"]] == [
        ("string_type", ["body", "prompt"]),
        ("missing", ["body", "image_url"]),
    ]


def test_an_unknown_path_is_404(fal_js: Driven, fal_account: MockAccount) -> None:
    error = fal_js("run", "fal-ai/minimax/image-02", {"input": INPUT}, key=fal_account.api_key)["error"]
    assert (error["status"], error["message"], error["body"]["detail"]) == (
        404,
        "Not Found",
        "Path /image-02 not found",
    )


@pytest.mark.parametrize("kind", ["hang_up", "reset"])
def test_a_broken_connection_is_tried_four_times(fal_js: Driven, fal_account: MockAccount, kind: str) -> None:
    fal_account.add_fault(kind)
    error = fal_js("run", APP, {"input": INPUT}, key=fal_account.api_key)["error"]
    assert (error["name"], error["message"]) == ("TypeError", "fetch failed")
    assert len(calls(fal_account)) == 4


def test_a_start_that_took_too_long_is_not_tried_again(fal_js: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="60")
    key = fal_account.api_key
    asked = {"input": INPUT, "startTimeout": 2}
    job = {"requestId": fal_js("queue.submit", APP, asked, key=key)["value"]["request_id"]}
    fal_account.advance(3)
    error = fal_js("queue.result", APP, job, key=key)["error"]
    assert (error["status"], error["timeoutType"], error["body"]["error_type"]) == (504, "user", "request_timeout")
    assert attempts(fal_account) == {"submit": 1, "result": 1}


def test_a_subscription_that_took_too_long_is_cancelled(fal_js: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="manual")
    key = fal_account.api_key
    done = fal_js("subscribe", APP, {"input": INPUT, "timeout": 100_000}, key=key, watch=True)
    message = "Client timed out waiting for the request to complete after 100000ms"
    assert done["error"]["message"] == message
    job = {"requestId": done["updates"][0]["request_id"]}
    asked = 0
    while (
        fal_js("queue.status", APP, job, key=key)["value"]["status"] != "COMPLETED"
    ):  # the client does not wait for it
        asked += 1
        assert asked < 100
    assert ("cancel", 200) in calls(fal_account)


def test_a_stream_that_breaks_off_fails(fal_js: Driven, fal_account: MockAccount) -> None:
    fal_account.scenario("fal-stream-cut")
    asked = {"input": INPUT, "logs": True, "mode": "streaming"}
    done = fal_js("subscribe", APP, asked, key=fal_account.api_key, watch=True)
    assert done["error"]["name"] == "ApiError"
    assert "result" not in attempts(fal_account)
