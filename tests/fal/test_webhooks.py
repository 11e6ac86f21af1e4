"""Webhooks: delivered, signed, delivered again."""

from __future__ import annotations

import base64
import hashlib
import time

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mock_server.faces.fal import webhooks
from tests.fal.client import SUBJECT, TEXT, Fal
from tests.fal.receiver import Receiver, receiving


def hooked(fal: Fal, receiver: Receiver, app: str = TEXT, **fields: object) -> str:
    job = fal.submit(app, query=f"?fal_webhook={receiver.url}", **fields)
    assert job["gateway_request_id"] == job["request_id"]
    return str(job["request_id"])


def wait_for(fal: Fal, attempts: int) -> None:
    deadline = time.monotonic() + 30
    while len(fal.account.journal(endpoint="webhook")) < attempts:
        assert time.monotonic() < deadline, f"no attempt number {attempts}"


def test_a_result_is_delivered_once_the_job_is_over(fal: Fal) -> None:
    with receiving() as receiver:
        number = hooked(fal, receiver)
        assert receiver.deliveries.empty()
        fal.account.advance_jobs("COMPLETED")
        headers, _, content = receiver.next()
        assert headers["content-type"] == "application/json"
        assert {name: content[name] for name in ("request_id", "gateway_request_id", "status")} == {
            "request_id": number,
            "gateway_request_id": number,
            "status": "OK",
        }
        assert "error" not in content
        image = fal.http.get(content["payload"]["images"][0]["url"])
        assert len(image.content) == content["payload"]["images"][0]["file_size"]


def test_the_signature_is_verified_with_the_published_key(fal: Fal) -> None:
    with receiving() as receiver:
        hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        headers, body, _ = receiver.next()
    names = ("request-id", "user-id", "timestamp")
    lines = [headers[f"x-fal-webhook-{name}"] for name in names]
    (key,) = fal.http.get(f"{fal.base}/rest/.well-known/jwks.json").json()["keys"]
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    signature = bytes.fromhex(headers["x-fal-webhook-signature"])
    public.verify(signature, "\n".join([*lines, hashlib.sha256(body).hexdigest()]).encode())
    with pytest.raises(InvalidSignature):
        public.verify(signature, "\n".join([*lines, hashlib.sha256(body + b" ").hexdigest()]).encode())


def test_a_failure_is_delivered_with_its_reasons(fal: Fal) -> None:
    with receiving() as receiver:
        hooked(fal, receiver, SUBJECT)
        fal.account.advance_jobs("COMPLETED")
        _, _, content = receiver.next()
        assert (content["status"], content["error"]) == ("ERROR", "Invalid status code: 422")
        assert content["payload"]["detail"][0]["loc"] == ["body", "image_url"]
        fal.account.add_fault("http_status", status=502, when={"endpoint": "generate"})
        hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        _, _, content = receiver.next()
        assert (content["payload"], content["error"]) == (None, "Invalid status code: 502")
        assert content["payload_error"].startswith("Response payload is not JSON serializable")


def test_it_is_delivered_again_until_it_is_taken_on_the_accounts_clock(fal: Fal) -> None:
    fal.account.freeze()
    with receiving(500, 404, 200) as receiver:
        number = hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        bodies = [receiver.next()[1]]
        for pause in (1, 2):
            assert receiver.deliveries.empty()
            fal.account.advance(pause)
            bodies.append(receiver.next()[1])
        assert len(set(bodies)) == 1
        fal.account.advance(10_000)
        hooked(fal, receiver)  # whatever would still come had come before this one's
        fal.account.advance_jobs("COMPLETED")
        assert receiver.next()[2]["request_id"] != number
    entries = fal.account.journal(endpoint="webhook")
    assert [entry["status"] for entry in entries][:3] == [500, 404, 200]
    assert entries[0]["path"] == receiver.url


def test_a_redirect_is_not_followed_and_ends_it(fal: Fal) -> None:
    fal.account.freeze()
    with receiving(302, 200) as receiver:
        first = hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        assert receiver.next()[2]["request_id"] == first
        fal.account.advance(10_000)
        second = hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        assert receiver.next()[2]["request_id"] == second


def test_it_is_given_up_in_the_end(fal: Fal) -> None:
    fal.account.add_fault("http_status", status=503, when={"endpoint": "webhook"}, times=webhooks.MAX_ATTEMPTS)
    fal.account.freeze()
    with receiving() as receiver:
        hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        for attempts in range(1, webhooks.MAX_ATTEMPTS + 1):
            wait_for(fal, attempts)
            fal.account.advance(webhooks.LONGEST_PAUSE_SECONDS)
        other = hooked(fal, receiver)
        fal.account.advance_jobs("COMPLETED")
        assert receiver.next()[2]["request_id"] == other
    wait_for(fal, webhooks.MAX_ATTEMPTS + 1)
    assert len(fal.account.journal(endpoint="webhook")) == webhooks.MAX_ATTEMPTS + 1


def test_nobody_there_is_an_attempt_too(fal: Fal) -> None:
    with receiving() as receiver:
        closed = receiver.url
    fal.account.freeze()
    fal.submit(query=f"?fal_webhook={closed}")
    fal.account.advance_jobs("COMPLETED")
    wait_for(fal, 1)
    entry = fal.account.journal(endpoint="webhook")[0]
    assert (entry["status"], entry["reason"].split(":")[0]) == (0, "ConnectError")


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "0.0.0.0"])
def test_private_addresses_need_leave(host: str, fal: Fal) -> None:
    answer = fal.call("POST", f"queue/{TEXT}?fal_webhook=http://{host}/hook", json=fal.input())
    assert answer.status_code == 422
    assert "--webhook-hosts" in answer.json()["detail"][0]["msg"]
    assert fal.account.jobs() == []


@pytest.mark.parametrize("url", ["ftp://example.com/", "hook", "http://", "http://[::1"])
def test_what_is_no_url_is_refused(url: str, fal: Fal) -> None:
    answer = fal.call("POST", f"queue/{TEXT}?fal_webhook={url}", json=fal.input())
    assert answer.status_code == 422
    assert "http or https URL" in answer.json()["detail"][0]["msg"]


def test_a_cancelled_job_says_so(fal: Fal) -> None:
    with receiving() as receiver:
        job = fal.submit(query=f"?fal_webhook={receiver.url}")
        fal.cancel(job)
        assert receiver.next()[2]["error"] == "Invalid status code: 499"


def test_a_job_that_did_not_start_in_time_says_so(fal: Fal) -> None:
    fal.account.configure(jobs="100")
    fal.account.freeze()
    with receiving() as receiver:
        fal.submit(query=f"?fal_webhook={receiver.url}", headers={"X-Fal-Request-Timeout": "20"})
        fal.account.advance(20)
        assert receiver.next()[2]["error"] == "Invalid status code: 504"
