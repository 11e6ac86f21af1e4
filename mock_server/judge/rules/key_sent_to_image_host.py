"""A download that carries the API key."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.core.credentials import CREDENTIAL_HEADERS
from mock_server.judge.heads import key_marks, lines
from mock_server.judge.rule import Hit, Rule, Tally
from mock_server.judge.traffic import Traffic

# A cookie was set for the host that it is sent to (and 127.0.0.1 shares them between ports), and proxy credentials are
# for the proxy: neither is a key that the client carried along.
NOT_KEYS = frozenset({b"cookie", b"proxy-authorization"})


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each header that carried it."""
    tally = Tally()
    for attempt in traffic.to("download"):
        exchange = attempt.exchange
        marks = key_marks(exchange)
        for name, value in lines(exchange.request_head):
            if name in CREDENTIAL_HEADERS - NOT_KEYS or any(mark in value for mark in marks):
                tally.add(f"sent the header {name.decode('latin-1')!r} to the image host", exchange.id)
    return tally.hits("download", "downloads")


RULE = Rule(
    name="key-sent-to-image-host",
    level="MUST",
    summary="An image was downloaded with the API key in a header.",
    explanation=(
        "The client sent its credential along when it fetched an image. Image URLs are signed and need none; they "
        "point to an object store of another company, in one region over plain http, so that the key leaks. The "
        "store refuses such a request, too: HTTP 400 InvalidArgument, only one authentication mechanism is allowed. "
        "Download with a client of its own, or without default headers."
    ),
    source="https://api.alibabacloud.com/troubleshoot?q=0002-00000039; recorded: published clients do this",
    check=check,
)
