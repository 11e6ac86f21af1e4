"""The API key in a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mock_server.judge.heads import key_marks
from mock_server.judge.rule import Hit, Rule, Tally
from mock_server.judge.traffic import Traffic

_PLACE = re.compile(rb"^/~[^/?]*")
"""``/~NAME/`` names an account of the emulator, which may be that of the key."""


def check(traffic: Traffic) -> Iterator[Hit]:
    """One hit, if any."""
    tally = Tally()
    for attempt in traffic.attempts:
        exchange = attempt.exchange
        target = _PLACE.sub(b"", exchange.target)
        if any(mark in target for mark in key_marks(exchange)):
            tally.add("had the API key in the URL", exchange.id)
    return tally.hits("request", "requests")


RULE = Rule(
    name="key-in-url",
    level="MUST",
    summary="The API key stood in a URL.",
    explanation=(
        "The client put its API key into the path or the query. URLs are written to the logs of every proxy and "
        "server on the way, and into error messages. The live service reads the key from the Authorization header "
        "only: send `Authorization: Bearer <key>`."
    ),
    source="https://www.rfc-editor.org/rfc/rfc6750#section-5.3",
    check=check,
)
