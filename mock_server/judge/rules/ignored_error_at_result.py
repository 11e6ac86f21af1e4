"""The error of a job, which shows at its result, passed over."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.queue import jobs
from mock_server.judge.rule import Hit, Rule, counted
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each job that was waited for after its result was an error for good."""
    for job in jobs(traffic.attempts):
        place = job.failed_at()
        if place is None:
            continue
        later = [call for call in job.calls[place + 1 :] if call.exchange.endpoint == "status"]
        if later:
            ids = tuple(call.exchange.id for call in (job.calls[place], *later))
            times = counted(len(later), "time", "times")
            yield Hit(f"after {job.calls[place].answer} at the result, its status was asked for {times}", ids)


RULE = Rule(
    name="ignored-error-at-result",
    level="MUST",
    summary="A job was waited for although its result had been an error.",
    explanation=(
        "The result of the job was an HTTP error, for example 422 with the reasons in `detail`, and the client went on "
        "asking for the job's status. Jobs that fail are COMPLETED like others, and the error shows at the result "
        "alone: report it, with what `detail` says, and be done with the job."
    ),
    source="https://github.com/TanStack/ai/issues/394, https://github.com/TanStack/ai/pull/396",
    check=check,
)
