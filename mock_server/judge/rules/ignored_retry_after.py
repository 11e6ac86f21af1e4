"""A repetition that came earlier than the answer allowed."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.retry_after import retry_after
from mock_server.judge.rule import Hit, Rule
from mock_server.judge.traffic import Traffic

SHARE, SECONDS = 0.1, 0.1
"""How much too early is still in time, whichever is more: clocks differ, and timers fire early."""


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each repetition that came clearly too early."""
    for run in traffic.runs:
        for before, after, waited in zip(run.attempts, run.attempts[1:], run.pauses, strict=False):
            exchange = before.exchange
            asked = retry_after(exchange.response_head, exchange.at + exchange.duration)
            if asked is not None and waited < asked - max(asked * SHARE, SECONDS):
                message = f"repeated {waited:.3g} s after an answer that asked to wait {asked:.3g} s"
                yield Hit(message, (exchange.id, after.exchange.id))


RULE = Rule(
    name="ignored-retry-after",
    level="MUST",
    summary="A request was repeated earlier than Retry-After allowed.",
    explanation=(
        "The answer carried Retry-After, and the client repeated the request before that time. The live service has "
        "not been seen to send the header, but gateways and proxies before it do, and refuse whoever comes early. "
        "Read the header (seconds, or an HTTP date), and wait at least as long."
    ),
    source="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3",
    check=check,
)
