"""What a client of fal's hosts sees of its troubles."""

from __future__ import annotations

import httpx
import pytest

from tests.fal.client import TEXT, Fal
from tests.fal.receiver import receiving
from tests.scenarios.caller import Caller
from tests.scenarios.refusals import Observation

QUEUE = f"queue/{TEXT}"


def fal(caller: Caller) -> Fal:
    """The same account and words, by fal's face; its jobs wait to be moved on."""
    caller.account.configure(jobs="manual")
    return Fal(caller.account, caller.client, caller.tag)


def locked(reason: str) -> Observation:
    """Runs and submissions are forbidden, and uploads too; jobs that were queued before can be asked after."""

    def observe(caller: Caller) -> None:
        client = fal(caller)
        for answer in (client.run(), client.call("POST", QUEUE, json=client.input())):
            assert (answer.status_code, answer.json()) == (403, {"detail": f"User is locked. Reason: {reason}"})
        if not caller.tag:  # an upload has no prompt
            assert client.call("POST", "rest/storage/auth/token", json={}).status_code == 403
        assert caller.spent() == 0

    return observe


def limited(caller: Caller) -> None:
    client = fal(caller)
    first = client.run()
    assert (first.status_code, first.headers["x-fal-error-type"]) == (429, "concurrent_requests_limit")
    assert [client.run().status_code for _ in range(2)] == [429, 200]


def platform(status: int, kind: str, times: int | None) -> Observation:
    """An error of fal's platform: at once for a run, at the result for a job."""

    def observe(caller: Caller) -> None:
        client = fal(caller)
        result = client.finished()
        assert (result.status_code, result.json()["error_type"]) == (status, kind)
        assert result.headers["x-fal-error-type"] == kind
        assert client.run().status_code == (status if times is None else 200)
        assert caller.spent() == (0 if times is None else pytest.approx(0.01))

    return observe


def stuck(caller: Caller) -> None:
    client = fal(caller)
    caller.account.configure(jobs="time")
    job = client.submit()
    caller.account.advance(86_400)
    assert client.status(job).json()["status"] == "IN_QUEUE"
    assert client.cancel(job).json() == {"status": "OK"}
    assert caller.spent() == 0


def stream_cut(caller: Caller) -> None:
    client = fal(caller)
    caller.account.configure(jobs="polls:6")
    job = client.submit()
    with pytest.raises(httpx.RemoteProtocolError):
        client.status(job, "/stream?logs=1")
    assert "COMPLETED" in client.status(job, "/stream?logs=1").text


def failed_at_the_result(caller: Caller) -> None:
    client = fal(caller)
    job = client.submit()
    caller.account.advance_jobs("COMPLETED")
    assert client.status(job).json()["status"] == "COMPLETED"
    answer = client.result(job)
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (422, "content_policy_violation")
    assert answer.headers["x-fal-retryable"] == "false"


def receiver_down(caller: Caller) -> None:
    client = fal(caller)
    with receiving() as receiver:
        client.submit(query=f"?fal_webhook={receiver.url}")
        caller.account.advance_jobs("COMPLETED")
        while receiver.deliveries.empty():
            caller.account.advance(10)
        receiver.next()
    entries = caller.account.journal(endpoint="webhook")
    assert [entry["status"] for entry in entries[:3]] == [503] * 3
    assert [entry["faults"] for entry in entries[:3]] == [["http_status"]] * 3


SEEN: dict[str, Observation] = {
    "fal-exhausted-balance": locked("Exhausted balance. Top up your balance at fal.ai/dashboard/billing."),
    "fal-admin-lock": locked("Admin lock. Please contact support@fal.ai"),
    "fal-concurrency-limit": limited,
    "fal-startup-timeout": platform(504, "startup_timeout", None),
    "fal-runner-disconnected": platform(503, "runner_disconnected", 1),
    "fal-stuck-in-queue": stuck,
    "fal-stream-cut": stream_cut,
    "fal-result-422": failed_at_the_result,
    "fal-webhook-down": receiver_down,
}
