"""Two sizes in one request."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.faces.minimax.schema import ImageGenerationRequest
from mock_server.judge.bodies import bound
from mock_server.judge.rule import DOCUMENTATION, Hit, Rule, Tally
from mock_server.judge.traffic import Traffic


def check(traffic: Traffic) -> Iterator[Hit]:
    """One hit, if any."""
    tally = Tally()
    for attempt in traffic.to("generate"):
        request = bound(attempt.exchange)
        if not isinstance(request, ImageGenerationRequest) or not request.aspect_ratio:
            continue
        if request.width is not None or request.height is not None:
            tally.add("had aspect_ratio as well as width or height", attempt.exchange.id)
    return tally.hits("request", "requests")


RULE = Rule(
    name="ratio-and-size",
    level="SHOULD",
    summary="A request gave both an aspect ratio and a size in pixels.",
    explanation=(
        "The request has `aspect_ratio` and `width` or `height`. The live service takes the ratio and ignores the "
        "pixels without a word, so that the caller gets another size than asked for. Send one of them, and refuse a "
        "caller who gives both."
    ),
    source=f"{DOCUMENTATION} (aspect_ratio takes priority)",
    check=check,
)
