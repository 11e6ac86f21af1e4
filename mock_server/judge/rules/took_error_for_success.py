"""Images taken from an answer that was an error."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.judge.rule import Hit, Rule, counted
from mock_server.judge.traffic import Traffic, image_name


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each refused answer whose images were fetched."""
    downloads = traffic.downloads()
    for attempt in traffic.to("generate"):
        if attempt.answer.ending != "refused":
            continue
        names = dict.fromkeys(map(image_name, attempt.answer.image_urls))
        ids = tuple(download.exchange.id for name in names for download in downloads.get(name, []))
        if ids:
            images = counted(len(ids), "download", "downloads")
            yield Hit(f"{images} of images from an answer with {attempt.answer}", (attempt.exchange.id, *ids))


RULE = Rule(
    name="took-error-for-success",
    level="MUST",
    summary="An answer with an error code was used as if it had succeeded.",
    explanation=(
        "The answer had HTTP status 200, a `base_resp.status_code` other than 0, and image URLs, and the client "
        "fetched them. The live service reports every business error with HTTP 200, so that the HTTP status alone "
        "says nothing. Read `base_resp.status_code` before anything else in the body, and raise an error with code "
        "and message unless it is 0."
    ),
    source="recorded: business errors come with HTTP 200; reported: https://github.com/QwenLM/qwen-code/pull/8322",
    check=check,
)
