"""The API key in the body of a request, most often in the prompt."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.heads import key_marks
from mock_server.judge.rule import Hit, Rule, Tally
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for the prompt, and one for other places."""
    tally = Tally()
    for attempt in traffic.attempts:
        exchange = attempt.exchange
        marks = key_marks(exchange)
        if any(mark in (exchange.prompt or "").encode("utf-8", "replace") for mark in marks):
            tally.add("had the API key in the prompt", exchange.id)
        elif any(mark in exchange.request_body for mark in marks):
            tally.add("had the API key in the body", exchange.id)
    return tally.hits("request", "requests")


RULE = Rule(
    name="key-in-body",
    level="MUST",
    summary="The API key stood in the prompt, or elsewhere in the body.",
    explanation=(
        "The client sent its API key as part of the prompt or in another field of the body, for example because a "
        "template put its settings into the text. Prompts are kept, moderated and shown to people. Send the key in "
        "the Authorization header and nowhere else."
    ),
    source="https://www.rfc-editor.org/rfc/rfc6750#section-5.3",
    check=check,
)
