"""A long run of calls under changing circumstances: what the client says it got is what the service charged for."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_tests.adapters.interface import Failure, Images
from contract_tests.bench import Bench, Case, Run
from contract_tests.checks import check
from contract_tests.strategies import plain

FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status_code", "code": 1002}, {"kind": "status_code", "code": 1008}, {"kind": "status_code", "code": 1026},
    {"kind": "http_status", "status": 502}, {"kind": "partial"}, {"kind": "all_blocked"}, {"kind": "malformed_json"},
    {"kind": "hang_up"},
)  # fmt: skip
LOST = frozenset({"malformed_json", "hang_up"})
"""After these the images were made and charged, and the client cannot know."""
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("generate"), st.integers(1, 4)),
        st.tuples(st.just("fault"), st.sampled_from(FAULTS)),
        st.tuples(st.just("balance_usd"), st.sampled_from([0.0, 0.0035, 0.01, 5.0])),
        st.tuples(st.just("rpm"), st.sampled_from([1, 5, None])),
        st.tuples(st.just("clock"), st.sampled_from([1.0, 61.0, 90_000.0])),
    ),
    min_size=3,
    max_size=15,
)


@check("machine.agrees-with-the-ledger", claims=("charged-images", "success-body"), needs=("injection",))
def test_agrees_with_the_ledger(bench: Bench) -> None:
    """Over a long run, the images that the client reports are those that the service made and charged."""

    @bench.explore(STEPS, share=0.6)
    def _(steps: list[tuple[str, Any]]) -> None:
        account = bench.target.account()
        client = bench.open(account)
        rules: tuple[dict[str, Any], ...] = ()
        try:
            for number, (what, value) in enumerate(steps):
                if what == "generate":
                    case = Case(plain(bench.can_send, n=value) | {"prompt": f"step {number}"}, rules)
                    charged, seen = account.ledger()["images"], len(account.journal())
                    run = bench.ask(client, account, case)
                    _compare(run, account.ledger()["images"] - charged, run.exchanges[seen:])
                elif what == "fault":
                    rules = ({"when": {"endpoint": "generate"}, "fault": value, "times": 1},)
                    account.clear_rules()
                    bench.add_rules(account, rules)
                elif what == "clock":
                    account.advance(value)
                else:
                    account.configure(**{what: value})
        finally:
            client.close()


def _compare(run: Run, made: int, exchanges: list[dict[str, Any]]) -> None:
    outcome, lost = run.outcome, any(LOST & set(item["faults"]) for item in exchanges)
    if isinstance(outcome, Images):
        got, missing = len(outcome.images), run.case.request.get("n", 1) - made
        assert got == made or (lost and got < made), f"the service made {made} images, the client reports {got}"
        right = outcome.failed is None or lost or outcome.failed == missing
        assert right, f"{missing} images were blocked, the client says {outcome.failed}"
    if isinstance(outcome, Failure):
        assert made == 0 or lost, f"the service made and charged {made} images, the client reports a failure"
