"""A download after the time that the URL itself names."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.rule import DOCUMENTATION, Hit, Rule, counted
from mock_server.judge.traffic import Traffic, expires, target

_FAULT = "expired_url"


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each image that was fetched too late."""
    for attempts in traffic.downloads().values():
        late, ids = 0.0, []
        for attempt in attempts:
            exchange = attempt.exchange
            until = expires(target(exchange))
            injected = any(fault.kind == _FAULT for fault in exchange.faults)
            if until is not None and until < exchange.at and not injected:
                late = late or exchange.at - until
                ids.append(exchange.id)
        if ids:
            times = counted(len(ids), "time", "times")
            yield Hit(
                f"an image was asked for {times}, the first {_spoken(late)} after its URL had expired", tuple(ids)
            )


def _spoken(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < 7200 else f"{seconds / 3600:.3g} h"


RULE = Rule(
    name="downloaded-after-expiry",
    level="SHOULD",
    summary="An image was fetched after its URL had expired.",
    explanation=(
        "The client fetched an image later than the second that `Expires` in its URL names. The live service signs "
        "URLs for 24 hours; then the object store answers 403 AccessDenied, `Request has expired.`, in XML, for "
        "ever. Download as soon as the URL is there and keep the file, not the URL; do not store the XML as an "
        "image."
    ),
    source=f"{DOCUMENTATION}; https://api.alibabacloud.com/troubleshoot?q=0002-00000069",
    check=check,
)
