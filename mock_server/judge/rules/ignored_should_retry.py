"""A repetition that the answer asked not to make."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.rule import Hit, Rule, counted
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each run with such a repetition, where the answer was not one that is final in any case."""
    for run in traffic.runs:
        asked = [attempt for attempt in run.attempts[:-1] if attempt.answer.should_retry is False]
        told = [attempt for attempt in asked if not attempt.answer.final]
        if told:
            times = counted(len(told), "time", "times")
            yield Hit(f"repeated {times} after {told[0].answer} with x-should-retry: false", run.ids)


RULE = Rule(
    name="ignored-should-retry",
    level="SHOULD",
    summary="A request was repeated although the answer said x-should-retry: false.",
    explanation=(
        "The answer had a status that usually passes (408, 409, 429 or 5xx) and `x-should-retry: false`, and the "
        "client sent the same request again. OpenAI's own SDKs obey this header before they look at the status, and "
        "OpenAI-compatible services use it to stop repetitions that cannot help. Read it on that face: false means "
        "give up, true means try again whatever the status is."
    ),
    source="https://github.com/openai/openai-python (_should_retry of its base client), openai-node likewise",
    check=check,
)
