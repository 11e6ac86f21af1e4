"""A client that does not wait as long as an image takes."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from mock_server.judge.rule import Hit, Rule, Tally
from mock_server.judge.traffic import Traffic
from mock_server.latency import REALISTIC_SECONDS

ENOUGH = ceil(REALISTIC_SECONDS[1])
HOLDING_BACK = frozenset({"hang", "delay", "slow_headers", "slow_body"})
"""Faults that keep the answer from the client, who may leave then."""


def check(traffic: Traffic) -> Iterator[Hit]:
    """One hit, if any."""
    tally = Tally()
    waited: list[float] = []
    for attempt in traffic.to("generate"):
        exchange = attempt.exchange
        held = not exchange.whole or any(fault.kind in HOLDING_BACK for fault in exchange.faults)
        # A body that was not sent to its end says nothing about waiting for the answer.
        if exchange.client_gone and exchange.request_body and exchange.duration < ENOUGH and not held:
            waited.append(exchange.duration)
            tally.add("", exchange.id)
    for hit in tally.hits("request was", "requests were"):
        yield Hit(f"{hit.message}abandoned, the first after {waited[0]:.3g} s", hit.exchanges)


RULE = Rule(
    name="left-too-early",
    level="SHOULD",
    summary="The client closed the connection before an image can be ready.",
    explanation=(
        f"The client went away from a generation in less than {ENOUGH} s, and nothing had kept the answer back but "
        f"its ordinary time. The live service takes {REALISTIC_SECONDS[0]} to {REALISTIC_SECONDS[1]} s for an image "
        "and gives up itself after 60 s, with code 1000; whoever leaves earlier may pay for images that nobody sees. "
        "Set the read timeout of generations to more than 60 s."
    ),
    source=f"recorded: {REALISTIC_SECONDS[0]} to {REALISTIC_SECONDS[1]} s for one image (api.minimax.io, August 2026)",
    check=check,
)
