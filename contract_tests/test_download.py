"""What comes from the image host is an image, or an error."""

from __future__ import annotations

from typing import Any

from contract_tests.adapters.interface import Images, TooLate
from contract_tests.bench import MARGIN, SHORT_TIMEOUT, TIMEOUT, Bench, Run
from contract_tests.checks import check
from contract_tests.delivered import check_size
from contract_tests.strategies import plain

DOWNLOAD = {"endpoint": "download"}


def fetch(bench: Bench, fault: dict[str, Any], *, timeout: float = TIMEOUT, **fields: Any) -> Run:
    """One call for an image by URL, whose download is disturbed."""
    request = plain(bench.can_send, response_format="url", **fields)
    return bench.call(request, {"when": DOWNLOAD, "fault": fault}, timeout=timeout)


REFUSED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("the URL had expired (403, XML)", {"kind": "expired_url"}),
    ("the image host denied access (403, XML)", {"kind": "download_error", "status": 403}),
    ("the image was not there (404, XML)", {"kind": "download_error", "status": 404}),
    ("the image host was down (503, XML)", {"kind": "download_error", "status": 503}),
    ("a gateway answered in place of the image host (502, HTML)", {"kind": "http_status", "status": 502}),
    ("the download was cut off", {"kind": "cut_body"}),
    ("the download was reset", {"kind": "reset", "after_bytes": 100}),
    ("the download was empty", {"kind": "empty_body"}),
)


@check("download.refused", claims=("image-host",), needs=("injection", "images"))
def test_refused(bench: Bench) -> None:
    """A download that was refused, cut off or empty is a failure; an error page is not an image."""
    for words, fault in REFUSED:
        run = fetch(bench, fault)
        if run.downloads:
            run.failure(words)


@check("download.one-of-several", claims=("image-host",), needs=("injection", "images"), fields=("n",))
def test_one_of_several(bench: Bench) -> None:
    """When one of several downloads fails, what failed is not taken for an image, and the loss is not hidden."""
    rule = {"when": DOWNLOAD | {"nth": [2]}, "fault": {"kind": "download_error", "status": 404}}
    run = bench.call(plain(bench.can_send, response_format="url", n=3), rule)
    if run.downloads and isinstance(run.outcome, Images):
        data = [image for image in run.outcome.images if isinstance(image, bytes)]
        facts = [bench.target.facts(image) for image in data]
        taken = bench.adapter.image_format is None and None in facts
        assert not taken, "what the image host sent in place of an image was taken for one"
        twice = len({item.index for item in facts if item is not None}) < len(facts) and None not in facts
        assert not twice, "one of 3 downloads failed, and another image was handed on twice"


@check("download.html", claims=("image-host",), needs=("injection", "images"))
def test_html(bench: Bench) -> None:
    """A page of HTML with HTTP 200, as of a captive portal, is not an image."""
    run = fetch(bench, {"kind": "not_an_image"})
    if run.downloads:
        run.failure("the download was a page of HTML")


@check("download.hang", claims=("network",), needs=("injection", "images", "timeout"))
def test_hang(bench: Bench) -> None:
    """An image host that never answers does not hold the client up."""
    run = fetch(bench, {"kind": "hang"}, timeout=SHORT_TIMEOUT)
    waited = SHORT_TIMEOUT + MARGIN
    in_time = not isinstance(run.outcome, TooLate)
    assert in_time, f"with {SHORT_TIMEOUT:g} s to wait, the client had not come back after {waited:g} s"
    if not isinstance(run.outcome, Images) or run.downloads:
        run.failure("the image host never answered")


@check("download.broken-image", level="SHOULD", claims=("image-host",), needs=("injection", "images"))
def test_broken_image(bench: Bench) -> None:
    """An image that is truncated or corrupt is noticed."""
    for words, kind in (("truncated", "truncate_image"), ("corrupt", "corrupt_image")):
        for response_format in ("url", "base64"):
            request = plain(bench.can_send, response_format=response_format)
            bench.call(request, {"fault": {"kind": kind}}).failure(f"the image was {words}")


@check("download.wrong-size", level="SHOULD", claims=("sizes",), needs=("injection", "images"))
def test_wrong_size(bench: Bench) -> None:
    """An image of another size than was asked for is noticed."""
    run = fetch(bench, {"kind": "wrong_size"}, aspect_ratio="16:9")
    if isinstance(run.outcome, Images):
        for image in run.outcome.images:
            if isinstance(image, bytes):
                check_size(bench, run, image)


@check("download.as-given", claims=("image-urls",), needs=("injection", "images"))
def test_as_given(bench: Bench) -> None:
    """Image URLs are used as they are given: plain http stays http, and the signature is left alone."""
    run = bench.call(plain(bench.can_send, response_format="url"))
    run.images()
    refused = [item for item in run.downloads if item["status"] >= 400]
    assert not refused, f"the image host refused {refused[0]['path'][:200]} with {refused[0]['status']}"
