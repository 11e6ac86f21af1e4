"""Trying again: what pays, how often, how soon, and never twice for the same images."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_tests.adapters.interface import Images
from contract_tests.bench import Bench, Run
from contract_tests.checks import check
from contract_tests.codes import Code
from contract_tests.strategies import plain
from contract_tests.test_errors import refusal

MOST = 10
"""More attempts of one call than this are a storm (assumed: known clients make two to six)."""
PACE = frozenset({"retried-without-backoff", "retried-too-often", "ignored-retry-after"})


def check_pace(run: Run) -> None:
    """Raise `AssertionError` when attempts were too many, or came without growing pauses."""
    count = len(run.generations)
    assert count <= MOST, f"one call was sent {count} times"
    found = [item["message"] for item in run.account.findings() if item["rule"] in PACE]
    assert not found, found[0]


@check("retry.final-once", claims=("final-codes",), needs=("injection",))
def test_final_once(bench: Bench) -> None:
    """What cannot succeed is sent once: wrong key, no money, blocked prompt, invalid parameters, plan limits."""

    @bench.explore(st.sampled_from(bench.face.final))
    def _(code: Code) -> None:
        count = len(bench.call(plain(bench.can_send), refusal(code.code)).generations)
        assert count == 1, f"a call that was refused with {code.code} was sent {count} times"

    count = len(bench.call(plain(bench.can_send), {"fault": {"kind": "all_blocked"}}).generations)
    assert count == 1, f"a call whose images were all blocked was sent {count} times"


@check("retry.same-request", claims=("transient-codes",), needs=("injection",))
def test_same_request(bench: Bench) -> None:
    """What is sent again is the same request, with every field."""
    request = plain(bench.can_send, seed=7, n=2, aspect_ratio="16:9", response_format="url", prompt_optimizer=True)
    for first in (refusal(1002) | {"times": 1}, {"fault": {"kind": "http_status", "status": 503}, "times": 1}):
        bodies = {item["request"]["body"] for item in bench.call(request, first).generations}
        assert len(bodies) == 1, f"another request was sent the second time: {max(bodies)[:300]}"


@check("retry.bounded", claims=("transient-codes",), needs=("injection",))
def test_bounded(bench: Bench) -> None:
    """What may succeed later is surfaced, or tried again: a bounded number of times, with growing pauses."""

    @bench.explore(st.sampled_from(bench.face.transient), share=0.4)
    def _(code: Code) -> None:
        run = bench.call(plain(bench.can_send), refusal(code.code))
        check_pace(run)
        run.failure(f"every attempt was refused with {code.code}")


@check("retry.gateway-bounded", claims=("gateway-errors",), needs=("injection",))
def test_gateway_bounded(bench: Bench) -> None:
    """A gateway error is surfaced, or tried again: a bounded number of times, with growing pauses."""
    for status in (502, 503):
        run = bench.call(plain(bench.can_send), {"fault": {"kind": "http_status", "status": status}})
        check_pace(run)
        run.failure(f"every attempt was answered with {status}")
    later = {"kind": "http_status", "status": 429, "headers": {"Retry-After": "20"}}
    check_pace(bench.call(plain(bench.can_send), {"when": {"endpoint": "generate"}, "fault": later, "times": 1}))


@check("retry.after-success", claims=("success-body",), needs=("injection",))
def test_after_success(bench: Bench) -> None:
    """A call that succeeded is not sent again, also when it was refused before."""
    earlier: tuple[tuple[dict[str, Any], ...], ...] = (
        (),
        (refusal(1002) | {"times": 1},),
        (refusal(1033) | {"times": 1},),
    )
    for rules in earlier:
        run = bench.call(plain(bench.can_send), *rules)
        succeeded = [item["status_code"] for item in run.generations].count(0)
        assert succeeded <= 1, f"the service made the images {succeeded} times for one call"
        if isinstance(run.outcome, Images):
            assert succeeded == 1, "the client reports success without one"


DOWNLOAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("503 of the image host", {"kind": "download_error", "status": 503}),
    ("403 of the image host", {"kind": "download_error", "status": 403}),
    ("a connection that was cut", {"kind": "cut_body"}),
    ("a connection that was reset", {"kind": "reset"}),
    ("an expired URL", {"kind": "expired_url"}),
)


@check("retry.pays-once", claims=("charged-images",), needs=("injection", "images"))
def test_pays_once(bench: Bench) -> None:
    """A download that failed does not make the client generate, and pay, again."""
    for words, fault in DOWNLOAD:
        rule = {"when": {"endpoint": "download"}, "fault": fault}
        run = bench.call(plain(bench.can_send, response_format="url"), rule)
        count = len(run.generations)
        assert count == 1, f"after {words} the images were generated {count} times"


@check("retry.download-final", claims=("image-host",), needs=("injection", "images"))
def test_download_final(bench: Bench) -> None:
    """A download that the image host refuses for good (expired, denied, not there) is not tried again."""
    for words, fault in (
        ("the URL had expired", {"kind": "expired_url"}),
        ("access was denied", {"kind": "download_error", "status": 403}),
        ("the image was not there", {"kind": "download_error", "status": 404}),
    ):
        rule = {"when": {"endpoint": "download"}, "fault": fault}
        count = len(bench.call(plain(bench.can_send, response_format="url"), rule).downloads)
        assert count <= 1, f"{words}, and the download was tried {count} times"
