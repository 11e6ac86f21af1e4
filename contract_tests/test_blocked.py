"""Images that content safety blocked are missed, and told."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_tests.bench import Bench, Case
from contract_tests.checks import check
from contract_tests.delivered import check_images
from contract_tests.strategies import plain

EMPTY = {
    "list": "the list of images was empty",
    "object": "data was {}",
    "null": "data was null",
    "absent": "data was absent",
}
"""How the answer may be spelled when nothing is left (not recorded yet, see the profiles)."""
PAIRS = st.integers(2, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, min(n - 1, 8))))


@check("blocked.kept", claims=("failed-count",), needs=("injection",), fields=("n",))
def test_kept(bench: Bench) -> None:
    """When k of n images are blocked, the others are kept: in order and unchanged."""

    @bench.explore(PAIRS, st.sampled_from(["url", "base64"]), st.sampled_from(bench.profiles))
    def _(pair: tuple[int, int], response_format: str, profile: Any) -> None:
        n, failed = pair
        request = plain(bench.can_send, n=n, response_format=response_format)
        run = bench.call(request, {"fault": {"kind": "partial", "failed": failed}}, profile=profile)
        check_images(bench, run, expected=n - failed)


@check("blocked.told", claims=("failed-count",), needs=("injection",), fields=("n",))
def test_told(bench: Bench) -> None:
    """When k of n images are blocked, the client does not say that none, or another number, is missing."""

    @bench.explore(PAIRS, st.sampled_from(bench.profiles))
    def _(pair: tuple[int, int], profile: Any) -> None:
        n, failed = pair
        run = bench.call(plain(bench.can_send, n=n), {"fault": {"kind": "partial", "failed": failed}}, profile=profile)
        said = run.images().failed
        assert said in {None, failed}, f"{failed} of {n} images were blocked, the client says {said}"


@check("blocked.told-per-call", claims=("failed-count",), needs=("injection",), fields=("n",))
def test_told_per_call(bench: Bench) -> None:
    """How many images are missing is told of each call, not of all calls together."""
    account = bench.target.account()
    bench.add_rules(account, [{"fault": {"kind": "partial"}, "times": 2}])
    client = bench.open(account)
    try:
        for failed in (1, 1, 0):
            said = bench.ask(client, account, Case(plain(bench.can_send, n=2))).images().failed
            assert said in {None, failed}, f"{failed} of 2 images were blocked, the client says {said}"
    finally:
        client.close()


@check("blocked.not-silent", level="SHOULD", claims=("failed-count",), needs=("injection",), fields=("n",))
def test_not_silent(bench: Bench) -> None:
    """When k of n images are blocked, the client says that k are missing, and does not leave counting to its user."""
    for n, failed in ((2, 1), (9, 4)):
        run = bench.call(plain(bench.can_send, n=n), {"fault": {"kind": "partial", "failed": failed}})
        said = run.images().failed
        assert said == failed, f"{failed} of {n} images were blocked, and the client says nothing of that"


@check("blocked.no-false-alarm", level="SHOULD", claims=("failed-count",), needs=("injection",))
def test_no_false_alarm(bench: Bench) -> None:
    """When no image is blocked, the client does not say that some are missing."""
    for profile in bench.profiles:
        said = bench.call(plain(bench.can_send, n=2), profile=profile).images().failed
        assert not said, f"no image was blocked, the client says {said}"


@check("blocked.all", claims=("all-blocked",), needs=("injection",))
def test_all(bench: Bench) -> None:
    """When every image is blocked the call fails, however the empty answer is spelled: no empty success, no crash."""
    for empty in EMPTY:
        _check_all_blocked(bench, empty)

    @bench.explore(
        st.sampled_from(list(EMPTY)),
        st.sampled_from(["url", "base64"]),
        st.integers(1, 3),
        st.sampled_from(bench.profiles),
    )
    def _(empty: str, response_format: str, n: int, profile: Any) -> None:
        _check_all_blocked(bench, empty, profile, n=n, response_format=response_format)


def _check_all_blocked(bench: Bench, empty: str, profile: Any = "io", **fields: Any) -> None:
    rule = {"fault": {"kind": "all_blocked", "empty": empty}}
    run = bench.call(plain(bench.can_send, **fields), rule, profile=profile)
    failure = run.failure("content safety blocked every image")
    escaped = f"an error escaped that is not the client's own: {failure.kind}: {failure.message}"
    assert failure.own is not False, f"{EMPTY[empty]}, and {escaped}"
