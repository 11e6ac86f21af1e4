"""Hosts of former times."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.heads import header
from mock_server.judge.rule import Hit, Rule, Tally
from mock_server.judge.traffic import Traffic

SUCCESSORS = {b"api.minimax.chat": "api.minimax.cn or api.minimaxi.com", b"api.minimaxi.chat": "api.minimax.io"}


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each such host."""
    tally = Tally()
    for attempt in traffic.attempts:
        host = (header(attempt.exchange.request_head, b"host") or b"").lower().partition(b":")[0]
        if host in SUCCESSORS:
            tally.add(f"went to {host.decode()}, now {SUCCESSORS[host]}", attempt.exchange.id)
    return tally.hits("request", "requests")


RULE = Rule(
    name="legacy-host",
    level="SHOULD",
    summary="A request went to a host that the documentation no longer names.",
    explanation=(
        "The Host header names api.minimax.chat or api.minimaxi.chat. The documentation names api.minimax.io "
        "(global), and api.minimaxi.com and api.minimax.cn (mainland China); the others may be switched off at any "
        "time, and a key works at the site that it belongs to only. Change the default, and let the user choose the "
        "site."
    ),
    source="reported: https://github.com/MiniMax-AI/MiniMax-MCP-JS (the hosts of its README, and which site each is)",
    check=check,
)
