"""``/status/stream``: server-sent events until the job is completed."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from tests.fal.client import Fal


def events(answer: httpx.Response) -> list[Any]:
    return [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]


def test_every_change_is_told_once_with_the_new_lines(fal: Fal) -> None:
    fal.account.configure(jobs="polls:4")
    job = fal.submit()
    answer = fal.status(job, "/stream?logs=1")
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer)
    statuses = [event["status"] for event in told]
    assert (statuses[0], statuses[-1]) == ("IN_QUEUE", "COMPLETED")
    assert "IN_PROGRESS" in statuses
    messages = [line["message"] for event in told for line in event["logs"]]
    assert len(messages) == len(set(messages)) > 2
    assert fal.status(job, "?logs=1").json()["logs"] == [line for event in told for line in event["logs"]]


def test_it_tells_as_it_happens(fal: Fal) -> None:
    job = fal.submit()
    seen: list[str] = []
    with fal.http.stream("GET", job["status_url"] + "/stream", headers=fal.headers) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line[6:])["status"])
                fal.account.advance_jobs()
    assert seen == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    entry = fal.account.journal(endpoint="status")[0]
    assert entry["response"]["body"].count("data: ") == 3


def test_a_job_that_is_over_is_told_at_once(fal: Fal) -> None:
    job = fal.submit()
    fal.account.advance_jobs("COMPLETED")
    (event,) = events(fal.status(job, "/stream"))
    assert (event["status"], event["logs"]) == ("COMPLETED", None)


def test_it_can_be_cut(fal: Fal) -> None:
    fal.account.add_fault("cut_body", after_bytes=100, when={"endpoint": "status"}, times=1)
    job = fal.submit()
    fal.account.advance_jobs("COMPLETED")
    with pytest.raises(httpx.RemoteProtocolError):
        fal.status(job, "/stream")
    assert events(fal.status(job, "/stream"))


def test_a_rule_for_something_else_leaves_it_alive(fal: Fal) -> None:
    fal.account.add_fault("cut_body", after_bytes=100, when={"endpoint": "download"})
    job = fal.submit()
    timer = threading.Timer(0.2, fal.account.advance_jobs, ["COMPLETED"])
    timer.start()
    told = events(fal.status(job, "/stream"))
    timer.join()
    assert [event["status"] for event in told] == ["IN_QUEUE", "COMPLETED"]


def test_who_leaves_is_noticed(fal: Fal) -> None:
    job = fal.submit()
    with fal.http.stream("GET", job["status_url"] + "/stream", headers=fal.headers) as answer:
        next(answer.iter_lines())
    fal.account.advance_jobs("COMPLETED")
    assert fal.result(job).status_code == 200
