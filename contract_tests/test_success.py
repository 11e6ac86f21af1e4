"""Images that were made arrive: all, in order, unchanged, however the answer is spelled."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_tests.bench import Bench, Case
from contract_tests.checks import check
from contract_tests.delivered import check_images
from contract_tests.strategies import plain, requests

QUICK = ("subject_reference", "style")
"""Fields that say nothing about how an answer is read, and take time."""


@check("success.images", claims=("success-body", "sizes"), needs=("injection",))
def test_images(bench: Bench) -> None:
    """Exactly the images that were made arrive: n of them, in order, byte for byte, in the size asked for."""

    @bench.explore(requests(bench.can_send, without=QUICK))
    def _(request: dict[str, Any]) -> None:
        run = bench.call(request)
        check_images(bench, run, expected=request.get("n", 1))


@check("success.every-count", claims=("success-body",), needs=("injection",), fields=("n",))
def test_every_count(bench: Bench) -> None:
    """From one to nine images: as many as were asked for."""
    for n in range(1, 10):
        check_images(bench, bench.call(plain(bench.can_send, n=n)), expected=n)


@check("success.base64", claims=("base64",), needs=("injection",), fields=("response_format",))
def test_base64(bench: Bench) -> None:
    """Images in the answer itself are raw base64 without a data: prefix, and are handed on decoded."""
    for n in (1, 3):
        run = bench.call(plain(bench.can_send, n=n, response_format="base64"))
        check_images(bench, run, expected=n if bench.can_send("n") else 1)


@check("success.spellings", claims=("string-counts", "other-image-key", "body-id"), needs=("injection",))
def test_spellings(bench: Bench) -> None:
    """Every spelling of success is understood: counts as strings or integers, the other image key absent or null."""

    @bench.explore(st.sampled_from(bench.profiles), st.sampled_from(["url", "base64"]), st.integers(1, 3))
    def _(profile: Any, response_format: str, n: int) -> None:
        request = plain(bench.can_send, response_format=response_format, n=n)
        check_images(bench, bench.call(request, profile=profile), expected=request.get("n", 1))


VALUES: st.SearchStrategy[Any] = st.sampled_from([None, 0, "x", [], {}, [1, {"a": None}], True])


@check("success.unknown-fields", claims=("success-body",), needs=("injection",))
def test_unknown_fields(bench: Bench) -> None:
    """Fields that the documentation does not have yet do not disturb the client, wherever they stand."""

    @bench.explore(st.sampled_from(bench.face.extra), VALUES)
    def _(path: str, value: Any) -> None:
        if path.endswith(".deep"):
            path, value = path.removesuffix(".deep"), {"deep": value}
        run = bench.call(plain(bench.can_send), {"fault": {"kind": "extra_field", "path": path, "value": value}})
        check_images(bench, run, expected=1)


@check("success.content-type", claims=("success-body",), needs=("injection",))
def test_content_type(bench: Bench) -> None:
    """JSON is read with and without a charset in its Content-Type."""
    for media_type in ("application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"):
        rule = {"when": {"endpoint": "generate"}, "fault": {"kind": "wrong_content_type", "content_type": media_type}}
        check_images(bench, bench.call(plain(bench.can_send), rule), expected=1)


@check("success.layout", claims=("success-body",), needs=("injection",))
def test_layout(bench: Bench) -> None:
    """Neither the order of keys nor white space in the answer matters."""
    for layout in ("reversed", "indented", "ascii"):
        rule = {"fault": {"kind": "other_layout", "layout": layout}}
        for response_format in ("url", "base64"):
            request = plain(bench.can_send, n=2, response_format=response_format)
            check_images(bench, bench.call(request, rule), expected=request.get("n", 1))


@check("success.seed", claims=("seed",), needs=("injection", "images"), fields=("seed",))
def test_seed(bench: Bench) -> None:
    """The same seed gives the same image, another seed another; the seed 0 is a seed."""
    images: dict[int, bytes | str] = {}
    for seed in (0, 0, 1, 2**31):
        run = bench.call(plain(bench.can_send, seed=seed))
        image = run.images().images[0]
        assert images.setdefault(seed, image) == image, f"two calls with seed {seed} gave different images"
    assert len(set(images.values())) == len(images), "different seeds gave the same image"


@check("success.nothing-cached", claims=("success-body",), needs=("injection",))
def test_nothing_cached(bench: Bench) -> None:
    """The same request again is a new request, with images of its own."""
    account = bench.target.account()
    client = bench.open(account)
    try:
        runs = [bench.ask(client, account, Case(plain(bench.can_send))) for _ in range(3)]
    finally:
        client.close()
    assert len(runs[-1].generations) == 3, f"three calls sent {len(runs[-1].generations)} requests"
    first = [run.images().images[0] for run in runs]
    assert len(set(first)) == 3, "three calls without a seed gave the same image"
