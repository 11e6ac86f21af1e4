"""The queue: submit, status, result, cancel."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_server import MockServer
from tests.fal.client import SUBJECT, TEXT, Fal

URLS = {"response_url", "status_url", "cancel_url"}


def test_a_job_goes_through_its_states(fal: Fal) -> None:
    job = fal.submit()
    assert job.keys() == {"status", "request_id", "queue_position"} | URLS
    assert (job["status"], job["queue_position"]) == ("IN_QUEUE", 0)
    waiting = fal.status(job)
    assert waiting.status_code == 202
    assert waiting.json() == job | {"logs": None}
    fal.account.advance_jobs()
    working = fal.status(job, "?logs=1")
    assert (working.status_code, working.json()["status"]) == (202, "IN_PROGRESS")
    assert "queue_position" not in working.json()
    assert working.json()["logs"][0].keys() == {"timestamp", "message", "level", "source", "labels"}
    fal.account.advance_jobs()
    over = fal.status(job, "?logs=true")
    assert (over.status_code, over.json()["status"]) == (200, "COMPLETED")
    assert over.json()["metrics"].keys() == {"inference_time"}
    assert len(over.json()["logs"]) > len(working.json()["logs"])
    result = fal.result(job)
    assert (result.status_code, len(result.json()["images"])) == (200, 1)
    for answer in (waiting, working, over, result):
        assert answer.headers["x-fal-request-id"] == job["request_id"]
    assert result.headers["x-fal-billable-units"] == "1"


def test_the_urls_leave_the_endpoint_out(fal: Fal) -> None:
    job = fal.submit(SUBJECT, image_url="https://example.com/x.png")
    assert job["response_url"] == f"{fal.base}/queue/fal-ai/minimax/requests/{job['request_id']}"
    assert job["status_url"] == job["response_url"] + "/status"
    assert job["cancel_url"] == job["response_url"] + "/cancel"


@pytest.mark.parametrize("end", ["/status", "", "/cancel", "/status/stream"])
def test_below_the_whole_endpoint_nothing_is_served(end: str, fal: Fal) -> None:
    job = fal.submit()
    path = f"queue/{TEXT}/requests/{job['request_id']}{end}"
    for method in ("GET", "PUT", "POST"):
        answer = fal.call(method, path)
        assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})


@pytest.mark.parametrize("end", ["", "/", "/response", "/response/"])
def test_the_result_is_found_by_each_of_its_paths(end: str, fal: Fal) -> None:
    job = fal.submit()
    fal.account.advance_jobs("COMPLETED")
    assert fal.call("GET", job["response_url"] + end).status_code == 200
    assert fal.call("GET", job["status_url"] + "/").status_code == 200


def test_a_result_is_there_when_the_job_is_over(fal: Fal) -> None:
    job = fal.submit()
    for _ in range(2):
        early = fal.result(job)
        assert (early.status_code, early.json()) == (400, {"detail": "Request is still in progress"})
        fal.account.advance_jobs("IN_PROGRESS")
    fal.account.advance_jobs()
    assert fal.result(job).json() == fal.result(job).json()


def test_what_is_wrong_with_the_input_shows_at_the_result_alone(fal: Fal) -> None:
    answer = fal.call("POST", f"queue/{SUBJECT}", content=b"{}")
    assert answer.status_code == 200
    job = answer.json()
    assert fal.status(job).json()["status"] == "IN_QUEUE"
    fal.account.advance_jobs("COMPLETED")
    assert fal.status(job).json().keys() == {"status", "request_id", "logs", "metrics"} | URLS
    result = fal.result(job)
    assert result.status_code == 422
    assert [item["loc"] for item in result.json()["detail"]] == [["body", "prompt"], ["body", "image_url"]]
    assert result.headers["x-fal-billable-units"] == "0"
    assert fal.account.describe()["spent_usd"] == 0


def test_an_unknown_path_is_queued_and_an_unknown_application_not(fal: Fal) -> None:
    job = fal.submit("fal-ai/minimax/nothing")
    fal.account.advance_jobs("COMPLETED")
    assert fal.result(job).json() == {"detail": "Path /nothing not found"}
    assert fal.call("POST", "queue/fal-ai/flux", json={}).status_code == 404


@pytest.mark.parametrize(("what", "method"), [("", "GET"), ("/status", "GET"), ("/status/stream", "GET")])
def test_a_job_of_nobody_or_of_another_is_not_found(what: str, method: str, fal: Fal, server: MockServer) -> None:
    job = fal.submit()
    missing = fal.call(method, f"queue/fal-ai/minimax/requests/00000000-0000-4000-8000-000000000000{what}")
    assert missing.status_code == 404
    other = Fal(server.account(), fal.http)
    assert other.call(method, job["response_url"] + what).status_code == 404
    assert other.cancel(job).json() == {"status": "NOT_FOUND"}
    assert fal.http.request(method, job["response_url"] + what).status_code == 401


def test_cancelling_depends_on_how_far_the_job_is(fal: Fal) -> None:
    jobs = [fal.submit() for _ in range(3)]
    assert fal.account.describe()["spent_usd"] == pytest.approx(0.03)
    waiting = fal.cancel(jobs[0])
    assert (waiting.status_code, waiting.json()) == (200, {"status": "OK"})
    assert fal.account.describe()["spent_usd"] == pytest.approx(0.02), "what never began is not paid"
    fal.account.advance_jobs()
    working = fal.cancel(jobs[1])
    assert (working.status_code, working.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    fal.account.advance_jobs()
    over = fal.cancel(jobs[2])
    assert (over.status_code, over.json()) == (400, {"status": "ALREADY_COMPLETED"})
    assert fal.account.describe()["spent_usd"] == pytest.approx(0.02)
    for job in jobs[:2]:
        status = fal.status(job)
        assert (status.status_code, status.json()["status"]) == (200, "COMPLETED")
        assert status.json()["error_type"] == "client_cancelled"
        assert fal.result(job).status_code == 499
        assert fal.cancel(job).json() == {"status": "ALREADY_COMPLETED"}


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("requested", 202, {"status": "CANCELLATION_REQUESTED"}),
        ("success", 200, {"success": True}),
        ("by_state", 200, {"status": "OK"}),
    ],
)
def test_profiles_answer_a_cancellation_otherwise(answer: str, status: int, said: Any, fal: Fal) -> None:
    fal.account.configure(profile={"fal_cancel": answer})
    told = fal.cancel(fal.submit())
    assert (told.status_code, told.json()) == (status, said)


def test_jobs_wait_in_line(fal: Fal) -> None:
    jobs = [fal.submit() for _ in range(3)]
    assert [job["queue_position"] for job in jobs] == [0, 1, 2]
    assert [fal.status(job).json()["queue_position"] for job in jobs] == [0, 1, 2]
    fal.cancel(jobs[0])
    assert [fal.status(job).json()["queue_position"] for job in jobs[1:]] == [0, 1]
    full = fal.call("POST", f"queue/{TEXT}?fal_max_queue_length=2", json=fal.input())
    assert full.status_code == 429
    assert full.headers["x-fal-error-type"] == full.json()["error_type"] == "max_queue_length_exceeded"
    assert fal.submit(query="?fal_max_queue_length=3")


def test_jobs_go_by_the_accounts_clock(fal: Fal) -> None:
    fal.account.configure(jobs="100")
    fal.account.freeze()
    job = fal.submit()
    seen = []
    for _ in range(12):
        told = fal.status(job, "?logs=1").json()
        seen.append((told["status"], len(told["logs"])))
        fal.account.advance(10)
    assert [status for status, _ in seen] == ["IN_QUEUE"] * 4 + ["IN_PROGRESS"] * 6 + ["COMPLETED"] * 2
    assert [count for _, count in seen] == sorted(count for _, count in seen), "log lines are added as time passes"
    assert len({count for _, count in seen}) > 3


@pytest.mark.parametrize("polls", [1, 2, 5])
def test_jobs_can_go_by_polls(polls: int, fal: Fal) -> None:
    fal.account.configure(jobs=f"polls:{polls}")
    job = fal.submit()
    seen = [fal.status(job).json()["status"] for _ in range(polls + 2)]
    assert seen[polls:] == ["COMPLETED"] * 2
    assert seen[:polls] == sorted(seen[:polls], reverse=True)
    assert seen[:polls].count("IN_QUEUE") == (polls + 1) // 2
    assert fal.result(job).status_code == 200


def test_jobs_can_be_immediate(fal: Fal) -> None:
    fal.account.configure(jobs="immediate")
    job = fal.submit()
    assert fal.status(job).json()["status"] == "COMPLETED"


def test_a_job_takes_as_long_as_the_latency(fal: Fal) -> None:
    fal.account.configure(jobs="time", latency="realistic")
    fal.account.freeze()
    job = fal.submit()
    fal.account.advance(22.6)
    assert fal.status(job).status_code == 202
    fal.account.advance(3.3)
    assert fal.status(job).status_code == 200


def test_a_job_that_does_not_start_in_time_ends(fal: Fal) -> None:
    fal.account.configure(jobs="100")
    fal.account.freeze()
    job = fal.submit(headers={"X-Fal-Request-Timeout": "20"})
    fal.account.advance(20)
    assert fal.status(job).json()["error_type"] == "request_timeout"
    result = fal.result(job)
    assert (result.status_code, result.headers["x-fal-request-timeout-type"]) == (504, "user")
    patient = fal.submit(headers={"X-Fal-Request-Timeout": "50"})
    fal.account.advance(100)
    assert fal.result(patient).status_code == 200


@pytest.mark.parametrize("setting", ["soon", "-1", "polls:0", "polls:x", "polls", "99999999", ""])
def test_a_setting_that_cannot_be_is_refused(setting: str, fal: Fal) -> None:
    with pytest.raises(ValueError, match="jobs cannot be"):
        fal.account.configure(jobs=setting)


def test_jobs_are_moved_on_by_the_admin_api(fal: Fal, http: httpx.Client) -> None:
    admin = fal.base.replace("/fal", "/_mock")
    first, second = fal.submit(), fal.submit()

    def post(path: str, body: Any = None) -> httpx.Response:
        return http.post(f"{admin}/{path}", json=body, headers=fal.headers)

    moved = post(f"jobs/{first['request_id']}/advance", {"to": "COMPLETED"})
    assert moved.json()["status"] == "COMPLETED"
    assert [job["status"] for job in post("jobs/advance").json()["jobs"]] == ["COMPLETED", "IN_PROGRESS"]
    listed = http.get(f"{admin}/jobs", headers=fal.headers).json()["jobs"]
    assert [job["id"] for job in listed] == [first["request_id"], second["request_id"]]
    assert post("jobs/nothing/advance").status_code == 404
    wrong = post("jobs/advance", {"to": "COMPLETE"})
    assert (wrong.status_code, "did you mean 'COMPLETED'?" in wrong.text) == (400, True)
    assert post("jobs/advance", {"too": "x"}).status_code == 400


def test_a_reset_forgets_jobs_and_files(fal: Fal) -> None:
    job = fal.submit()
    fal.account.reset()
    assert fal.status(job).status_code == 404
    assert fal.account.jobs() == []


@pytest.mark.parametrize(
    ("form", "has_id"),
    [({}, False), ({"body": '{"detail":"Runner disconnected"}', "content_type": "application/json"}, True)],
    ids=["page of the ingress", "answer of the platform"],
)
def test_each_phase_has_faults_of_its_own(fal: Fal, form: dict[str, str], has_id: bool) -> None:
    for endpoint in ("submit", "status", "result", "cancel", "upload"):
        fal.account.add_fault("http_status", status=503, when={"endpoint": endpoint}, times=1, **form)
    busy = fal.call("POST", f"queue/{TEXT}", json=fal.input())
    job = fal.submit()
    calls = [busy, fal.status(job), fal.result(job), fal.cancel(job)]
    calls.append(fal.call("POST", "rest/storage/auth/token", json={}))
    assert [answer.status_code for answer in calls] == [503] * 5
    assert {"x-fal-request-id" in answer.headers for answer in calls} == {has_id}
    assert {"access-control-allow-origin" in answer.headers for answer in calls} == {has_id}
    assert fal.status(job).status_code == 202
    assert [entry["faults"] for entry in fal.account.journal(status=503)] == [["http_status"]] * 5


def test_a_code_named_for_a_phase_is_spelled_as_fal_does(fal: Fal) -> None:
    fal.account.add_fault("status_code", code=1008, when={"endpoint": "submit"})
    answer = fal.call("POST", f"queue/{TEXT}", json=fal.input())
    assert answer.status_code == 403
    assert "Exhausted balance" in answer.json()["detail"]


def test_a_direct_run_has_an_id_in_errors_of_the_platform_only(fal: Fal) -> None:
    fal.account.scenario("fal-runner-disconnected")
    answer = fal.run()
    assert (answer.status_code, len(answer.headers["x-fal-request-id"])) == (503, 36)
    assert answer.headers["access-control-allow-origin"] == "*"
    fal.account.scenario("gateway-502-html")
    page = fal.run()
    assert (page.status_code, "x-fal-request-id" in page.headers) == (502, False)


def test_a_fault_in_the_model_shows_at_the_result(fal: Fal) -> None:
    fal.account.add_fault("http_status", status=502, when={"endpoint": "generate"}, times=1)
    job = fal.submit()
    fal.account.advance_jobs("COMPLETED")
    assert fal.status(job).status_code == 200
    assert fal.result(job).status_code == 502
    assert fal.account.journal(endpoint="result")[0]["faults"] == ["http_status"]
    assert fal.account.journal(endpoint="submit")[0]["faults"] == []


def test_an_empty_balance_is_refused_at_the_submission(fal: Fal) -> None:
    fal.account.configure(balance_usd=0.01)
    job = fal.submit()
    refused = fal.call("POST", f"queue/{TEXT}", json=fal.input())
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("User is locked. Reason: Exhausted balance.")
    assert fal.status(job).status_code == 202, "what was queued before goes on"
