"""Paying for new images because the ones that were paid for did not arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mock_server.judge.attempts import WINDOW, Attempt, overlap, pause
from mock_server.judge.rule import DOCUMENTATION, Hit, Rule
from mock_server.judge.traffic import Traffic, expires, image_name, target

Downloads = dict[str, list[Attempt]]


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each new generation that followed a failed download."""
    downloads = traffic.downloads()
    for same in traffic.same:
        if same[0].exchange.endpoint != "generate" or len(same) < 2 or overlap(same):
            continue
        hits = [_hit(first, second, _fetched(first, second, downloads)) for first, second in _again(same, downloads)]
        if all(hits):  # else the client asks for the same again in any case, for more of it
            yield from filter(None, hits)


def _again(same: Sequence[Attempt], downloads: Downloads) -> Iterator[tuple[Attempt, Attempt]]:
    """Successful generations, each with the same request when it came again soon after the last download."""
    for first, second in pairwise(same):
        last = [first, *_fetched(first, second, downloads)][-1]
        if first.answer.ending == "success" and pause(last, second) <= WINDOW:
            yield first, second


def _hit(first: Attempt, second: Attempt, fetched: Sequence[Attempt]) -> Hit | None:
    """Something to tell if an image was never had although its URL was good."""
    by_image: dict[str, list[Attempt]] = {}
    for download in fetched:
        by_image.setdefault(image_name(target(download.exchange)), []).append(download)
    for attempts in by_image.values():
        if all(attempt.answer.failed and not _expired(attempt) for attempt in attempts):
            ids = tuple(attempt.exchange.id for attempt in (first, *attempts, second))
            return Hit(f"generated again, and paid again, after a download ended with {attempts[-1].answer}", ids)
    return None


def _fetched(first: Attempt, second: Attempt, downloads: Downloads) -> list[Attempt]:
    """The downloads of the images of `first` that were over when `second` began, oldest first."""
    found = [
        download
        for url in first.answer.image_urls
        for download in downloads.get(image_name(url), [])
        if first.exchange.began < download.exchange.began and download.ended < second.exchange.began
    ]
    return sorted(found, key=lambda download: download.exchange.began)


def _expired(download: Attempt) -> bool:
    until = expires(target(download.exchange))
    return until is not None and until < download.exchange.at


RULE = Rule(
    name="generated-again-after-failed-download",
    level="MUST",
    summary="Images were generated, and paid for, again because a download failed.",
    explanation=(
        "Generation had succeeded, the download of an image failed, and the client sent the whole request again. "
        "The live service charges every successful generation, while the URL of the first stays good for 24 hours. "
        "Repeat the download alone, with growing pauses, and hand the URL to the caller when it keeps failing. "
        "Generate again only if the URL has expired."
    ),
    source=f"{DOCUMENTATION} (URLs live 24 hours); price per image: https://github.com/sst/models.dev/pull/5436",
    check=check,
)
