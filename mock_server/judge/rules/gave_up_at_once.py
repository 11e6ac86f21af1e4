"""A passing failure that was never repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mock_server.core.reasons import ERROR_PAGE
from mock_server.journal import Exchange
from mock_server.judge.attempts import WINDOW
from mock_server.judge.retry_after import retry_after
from mock_server.judge.rule import Hit, Rule, Tally
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each such answer; none where the client asked for the same again, in whatever form."""
    tally = Tally()
    fetched = max((attempt.exchange.began for attempt in traffic.to("download")), default=float("-inf"))
    prompts = Counter(attempt.exchange.prompt for attempt in traffic.to("generate"))
    for attempt in (same[0] for same in traffic.same if len(same) == 1):
        exchange = attempt.exchange
        alone = exchange.prompt is None or prompts[exchange.prompt] == 1
        passing = attempt.answer.transient and not _far_off(exchange)
        if exchange.endpoint == "generate" and passing and alone and fetched < exchange.began:
            tally.add(f"ended with {attempt.answer} and was never repeated", exchange.id)
    return tally.hits("request", "requests")


def _far_off(exchange: Exchange) -> bool:
    """Whether the answer asked for a longer wait than a caller can be kept for."""
    asked = retry_after(exchange.response_head, exchange.at + exchange.duration)
    return asked is not None and asked >= WINDOW


RULE = Rule(
    name="gave-up-at-once",
    level="SHOULD",
    summary="A failure that passes by itself was not repeated.",
    explanation=(
        "The answer had a code that the documentation says to retry later (1000, 1001, 1002, 1024, 1033, ...), or "
        "HTTP 408, 425, 429 or 5xx, and the client neither repeated the request nor fetched anything afterwards. "
        "The live service gives these under load, and the same request succeeds soon after. Repeat it a few times "
        "with growing pauses. A client that leaves retries to its caller on purpose can ignore this."
    ),
    source=f"{ERROR_PAGE} (column Solution: retry later)",
    check=check,
)
