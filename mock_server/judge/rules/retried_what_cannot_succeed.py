"""The same request again after an answer that says it will never succeed."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.core.reasons import ERROR_PAGE, REASONS
from mock_server.judge.rule import Hit, Rule, counted
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each run that goes on after its first final answer."""
    for run in traffic.runs:
        final = next((place for place, item in enumerate(run.attempts) if item.answer.final), None)
        if final is None or final + 1 == len(run.attempts):
            continue
        what = "image download" if run.attempts[0].exchange.endpoint == "download" else "request"
        times = counted(len(run.attempts) - final - 1, "more time", "more times")
        yield Hit(f"the same {what} was sent {times} after {run.attempts[final].answer}", run.ids[final:])


def _codes(*, retryable: bool) -> str:
    """The codes that may be repeated, or those that may not."""
    may = {reason.code for reason in REASONS.values() if reason.retryable}
    every = dict.fromkeys(reason.code for reason in REASONS.values())
    return ", ".join(str(code) for code in every if (code in may) is retryable)


RULE = Rule(
    name="retried-what-cannot-succeed",
    level="MUST",
    summary="A request was repeated although its answer says that it cannot succeed.",
    explanation=(
        "The client sent the same request again after a code whose documented solution is to change something first "
        f"({_codes(retryable=False)}), or after an HTTP 4xx other than 408, 425 and 429; or it asked for an image "
        "again after 400, 403 or 404. The live service gives the same answer every time, and each call counts against "
        f"the rate limit. Repeat only after {_codes(retryable=True)}, HTTP 408, 425, 429 and 5xx, and after network "
        "failures; show every other error to the caller, with code and message."
    ),
    source=f"{ERROR_PAGE} (column Solution); reported: https://github.com/adrianlyjak/obsidian-aloud-tts/pull/114",
    check=check,
)
