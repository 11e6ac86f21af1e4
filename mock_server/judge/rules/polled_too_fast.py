"""The same thing asked for over and over, without a breath in between."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mock_server.judge.attempts import Attempt, pause
from mock_server.judge.rule import Hit, Rule
from mock_server.judge.traffic import Traffic

MOST = 5
SENSIBLE_SECONDS = 0.1


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each GET of the same target that was answered well, and sent again at once, more than `MOST` times."""
    for group in traffic.same:
        polls = _polls([attempt for attempt in group if attempt.exchange.method == "GET"])
        if len(polls) > MOST:
            ids = tuple(attempt.exchange.id for attempt in polls)
            yield Hit(
                f"the same URL was fetched {len(polls)} times, each within {SENSIBLE_SECONDS:g} s of an answer", ids
            )


def _polls(attempts: list[Attempt]) -> list[Attempt]:
    """The longest stretch of good answers that were each followed by the next request too soon, one after another."""
    longest: list[Attempt] = []
    stretch: list[Attempt] = attempts[:1]
    for before, after in pairwise(attempts):
        sequential = after.exchange.began >= before.ended
        hasty = before.exchange.status in {200, 202, 206} and sequential and pause(before, after) < SENSIBLE_SECONDS
        stretch = [*stretch, after] if hasty else [after]
        longest = max(longest, stretch, key=len)
    return longest


RULE = Rule(
    name="polled-too-fast",
    level="SHOULD",
    summary="The same URL was fetched again and again, faster than anything can change.",
    explanation=(
        f"The client fetched the same URL more than {MOST} times in a row, each time less than {SENSIBLE_SECONDS:g} "
        "seconds after a good answer. Images do not change, and a queue does not move that fast: known clients ask "
        "every half second or more slowly. Keep what was fetched, and wait between two questions."
    ),
    source="assumed: fal's clients poll every 0.1 to 0.5 s by default; no limit is published",
    check=check,
)
