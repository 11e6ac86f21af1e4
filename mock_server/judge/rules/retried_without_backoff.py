"""Repetitions whose pauses do not grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mock_server.judge.answers import Answer
from mock_server.judge.attempts import Run
from mock_server.judge.retry_after import retry_after
from mock_server.judge.rule import BACKOFF, Hit, Rule
from mock_server.judge.traffic import Traffic

AT_ONCE = 0.1
"""Three pauses in a row, or both that there are, shorter than this are no backoff, unless they clearly grow."""
GROWTH, NOISE = 1.5, 0.005
"""What is clear: by this factor each time, and by more seconds than it takes to send a request."""
ALIKE, ENOUGH = 1.1, 3
"""So many pauses that differ by no more than this factor are a fixed interval: jitter makes them differ more."""
LONG = 30.0
"""Whoever waits half the rate window each time need not wait longer."""


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each run with pauses that are certainly not a backoff, not even one with jitter."""
    for run in traffic.runs:
        flat = next(filter(_does_not_grow, _free_pauses(run)), None)
        if flat is not None:
            waits = ", ".join(f"{seconds:.3g}" for seconds in flat[:6]) + (", ..." if len(flat) > 6 else "")
            first = run.attempts[0].answer
            yield Hit(f"{len(run.attempts) - 1} repetitions after {first}, with pauses of {waits} s", run.ids)


def _free_pauses(run: Run) -> Iterator[list[float]]:
    """The pauses that the client chose, in a row: not those that the service did, nor after a wait for an answer."""
    row: list[float] = []
    for attempt, seconds in zip(run.attempts, run.pauses, strict=False):
        if _chosen(attempt.answer, attempt.exchange.response_head):
            row.append(seconds)
        else:
            yield row
            row = []
    yield row


def _chosen(answer: Answer, head: bytes) -> bool:
    return answer.ending != "left" and retry_after(head, 0.0) is None


def _does_not_grow(pauses: Sequence[float]) -> bool:
    length = min(max(len(pauses), 2), 3)
    if any(_at_once(pauses[start : start + length]) for start in range(len(pauses) - length + 1)):
        return True
    return len(pauses) >= ENOUGH and max(pauses) <= min(pauses) * ALIKE and pauses[0] < LONG


def _at_once(pauses: Sequence[float]) -> bool:
    clearly_longer = pauses[0] * GROWTH ** (len(pauses) - 1) + NOISE
    return max(pauses) < AT_ONCE and pauses[-1] <= clearly_longer


RULE = Rule(
    name="retried-without-backoff",
    level="MUST",
    summary="Repetitions came at once, or at intervals that do not grow.",
    explanation=(
        "The client repeated a request at once (pauses under 0.1 s, again and again) or at a fixed interval. The "
        "live service counts refused calls against its limit per minute too, so that an impatient client keeps "
        "itself locked out. Wait 1, 2, 4, ... seconds, up to about 30, with some jitter, and longer if the answer "
        "says so in Retry-After. Pauses that differ as jitter makes them, intervals of 30 s and more, and pauses "
        "that the service asked for are not held against a client."
    ),
    source=f"{BACKOFF}; recorded: retrying within the rate window only burns quota",
    check=check,
)
