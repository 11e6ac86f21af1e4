"""A job asked after although it is over."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.queue import jobs
from mock_server.judge.rule import Hit, Rule
from mock_server.judge.traffic import Traffic

MOST = 3


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each job whose status was asked for more than `MOST` times after it was completed."""
    for job in jobs(traffic.attempts):
        place = job.completed_at()
        if place is None:
            continue
        later = [call for call in job.calls[place + 1 :] if call.exchange.endpoint == "status"]
        if len(later) > MOST:
            ids = (job.calls[place].exchange.id, *(call.exchange.id for call in later))
            yield Hit(f"the status of a job was asked for {len(later)} more times after COMPLETED", ids)


RULE = Rule(
    name="went-on-after-completed",
    level="SHOULD",
    summary="A queued job was asked after again and again although it was completed.",
    explanation=(
        f"The client asked for the status of a job more than {MOST} times after the answer COMPLETED. There is no "
        "status for failure in fal's queue: a job that failed is COMPLETED too, and waiting for another word never "
        "ends. Stop at COMPLETED, and fetch the result: it says whether the job succeeded."
    ),
    source="https://github.com/TanStack/ai/pull/396 (no FAILED status; seen live)",
    check=check,
)
