"""Repetitions without an end."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.rule import BACKOFF, Hit, Rule
from mock_server.judge.traffic import Traffic

MOST = 10


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each run that is too long."""
    for run in traffic.runs:
        if len(run.attempts) > MOST:
            yield Hit(
                f"{len(run.attempts)} attempts at one request, the first answered by {run.attempts[0].answer}", run.ids
            )


RULE = Rule(
    name="retried-too-often",
    level="MUST",
    summary=f"A request was sent more than {MOST} times.",
    explanation=(
        f"The client sent the same request more than {MOST} times within one run of failures. A service that is down "
        "does not come up faster that way, every call counts against the rate limit, and the caller waits for an "
        "error that was certain long ago. Give up after three to five attempts, or after a deadline, and raise the "
        "last error."
    ),
    source=f"{BACKOFF}; the limit of {MOST} is assumed",
    check=check,
)
