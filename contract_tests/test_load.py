"""Many calls at once, and many calls one after another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract_tests.adapters.interface import Images, Outcome
from contract_tests.bench import TIMEOUT, Bench, Case, told
from contract_tests.checks import check
from contract_tests.delivered import check_images
from contract_tests.strategies import plain

AT_ONCE = 8
CALLS = 100
LEAKED = 25
"""So many sockets more after a hundred calls are a leak: a pool of connections has fewer."""


@check("load.not-mixed-up", claims=("success-body",), needs=("injection", "images"))
def test_not_mixed_up(bench: Bench) -> None:
    """Concurrent calls on one client object get their own images."""
    account = bench.target.account()
    client = bench.open(account)
    prompts = [f"call number {number}" for number in range(3 * AT_ONCE)]
    bench.ask(client, account, Case(plain(bench.can_send)))

    def one(prompt: str) -> Outcome:
        return client.generate(plain(bench.can_send) | {"prompt": prompt}, within=TIMEOUT + 10)

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = list(pool.map(one, prompts))
    finally:
        client.close()
    for prompt, outcome in zip(prompts, outcomes, strict=True):
        assert isinstance(outcome, Images), f"{AT_ONCE} calls at once, and one failed: {told(outcome)}"
        for image in outcome.images:
            facts = bench.target.facts(image) if isinstance(image, bytes) else None
            assert facts is None or facts.prompt == prompt, f"{prompt!r} got the image of {facts.prompt!r}"


@check("load.no-leaks", claims=("network",), needs=("injection", "sockets"))
def test_no_leaks(bench: Bench) -> None:
    """A hundred calls leave no more sockets open than ten."""
    account = bench.target.account()
    client = bench.open(account)
    before = 0
    try:
        for number in range(CALLS):
            if number == CALLS // 10:
                before = sockets(bench)
            case = Case(plain(bench.can_send) | {"prompt": f"call {number}"})
            check_images(bench, bench.ask(client, account, case), expected=1)
            account.forget()
        leaked = sockets(bench) - before
    finally:
        client.close()
    assert leaked < LEAKED, f"{leaked} more sockets are open after {CALLS} calls than after {CALLS // 10}"


def sockets(bench: Bench) -> int:
    """How many sockets the client's processes have open (Linux)."""
    count = 0
    for number in bench.adapter.process_ids:
        for file in Path(f"/proc/{number}/fd").iterdir():
            try:
                count += str(file.readlink()).startswith("socket:")
            except OSError:
                continue
    return count
