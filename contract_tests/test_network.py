"""When the network breaks, the client says so in time, and works again afterwards."""

from __future__ import annotations

import socket
from typing import Any

from contract_tests.adapters.interface import TooLate
from contract_tests.bench import MARGIN, SHORT_TIMEOUT, Bench, Case, Run
from contract_tests.checks import check
from contract_tests.delivered import check_images
from contract_tests.strategies import plain

GENERATE = {"endpoint": "generate"}
BROKEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("the connection was closed without an answer", {"kind": "hang_up"}),
    ("the connection was reset", {"kind": "reset"}),
    ("the connection was reset in the middle of the answer", {"kind": "reset", "after_bytes": 40}),
    ("the answer was cut off", {"kind": "cut_body"}),
    ("the answer was cut off after its headers", {"kind": "cut_body", "after_bytes": 0}),
)


@check("network.broken", claims=("network",), needs=("injection",))
def test_broken(bench: Bench) -> None:
    """A connection that is closed, reset or cut is a failure, and never half an image."""
    for words, fault in BROKEN:
        for response_format in ("url", "base64"):
            request = plain(bench.can_send, response_format=response_format)
            bench.call(request, {"when": GENERATE, "fault": fault}).failure(words)


@check("network.refused", claims=("network",), needs=("injection",))
def test_refused(bench: Bench) -> None:
    """A service that cannot be reached is a failure."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    late(bench.call(plain(bench.can_send), base_url=url, timeout=SHORT_TIMEOUT), "nobody listens at that address")


def late(run: Run, words: str) -> None:
    """Raise `AssertionError` unless the client failed, and was back in time."""
    waited = SHORT_TIMEOUT + MARGIN
    in_time = not isinstance(run.outcome, TooLate)
    assert in_time, f"{words}: with {SHORT_TIMEOUT:g} s to wait, the client had not come back after {waited:g} s"
    run.failure(words)


@check("network.hang", claims=("network",), needs=("injection", "timeout"))
def test_hang(bench: Bench) -> None:
    """A service that never answers does not hold the client up: it fails within its timeout, and a margin."""
    rule = {"when": GENERATE, "fault": {"kind": "hang"}}
    late(bench.call(plain(bench.can_send), rule, timeout=SHORT_TIMEOUT), "the service never answered")


@check("network.trickle", level="SHOULD", claims=("network",), needs=("injection", "timeout"))
def test_trickle(bench: Bench) -> None:
    """An answer that trickles is given up as well: the timeout is for the call, not for each byte of it."""
    for words, kind in (("the headers trickled", "slow_headers"), ("the body trickled", "slow_body")):
        rule = {"when": GENERATE, "fault": {"kind": kind, "bytes_per_second": 20}}
        late(bench.call(plain(bench.can_send), rule, timeout=SHORT_TIMEOUT), words)


@check("network.slow", claims=("network",), needs=("injection",))
def test_slow(bench: Bench) -> None:
    """An answer that is slow, but within the timeout, is waited for."""
    for fault in ({"kind": "delay", "seconds": 0.3}, {"kind": "slow_body", "seconds": 0.3}):
        check_images(bench, bench.call(plain(bench.can_send), {"fault": fault}), expected=1)


@check("network.next-call", claims=("network",), needs=("injection",))
def test_next_call(bench: Bench) -> None:
    """After a failure of the network the same client object works again."""
    faults = [fault for _, fault in BROKEN] + [{"kind": "http_status", "status": 502}, {"kind": "malformed_json"}]
    account = bench.target.account()
    client = bench.open(account)
    try:
        for number, fault in enumerate(faults):
            before = Case(plain(bench.can_send) | {"prompt": f"call {number}"}, ({"when": GENERATE, "fault": fault},))
            bench.add_rules(account, before.rules)
            bench.ask(client, account, before)
            account.clear_rules()
            after = Case(plain(bench.can_send) | {"prompt": f"after {number}"})
            check_images(bench, bench.ask(client, account, after), expected=1)
    finally:
        client.close()
