"""A result fetched before the job was completed."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.answers import TOO_EARLY
from mock_server.judge.queue import jobs
from mock_server.judge.rule import Hit, Rule, counted
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each job whose result was asked for while it was still in progress."""
    for job in jobs(traffic.attempts):
        early = [call for call in job.calls if call.exchange.endpoint == "result" and call.answer.status == TOO_EARLY]
        if early:
            times = counted(len(early), "time", "times")
            ids = tuple(call.exchange.id for call in early)
            yield Hit(f"the result of a job was asked for {times} before it was completed", ids)


RULE = Rule(
    name="fetched-result-too-early",
    level="MUST",
    summary="The result of a queued job was asked for before the job was completed.",
    explanation=(
        "The client asked for a result while the job was in the queue or in progress, and got HTTP 400. A 400 from the "
        "result of a job that is over means that the job failed, so that a client that tries its luck cannot tell one "
        "from the other. Ask for the status until it is COMPLETED (or follow the status stream, or use a webhook), "
        "then fetch the result."
    ),
    source="fal's queue page: the response is there once the status is COMPLETED; the text of the 400 is third-party",
    check=check,
)
