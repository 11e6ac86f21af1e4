"""What a client did wrong, told from the journal alone."""

from __future__ import annotations

from collections.abc import Sequence

from mock_server.journal import Exchange
from mock_server.judge.rules import RULES
from mock_server.judge.traffic import arrange
from mock_server.judge.verdict import Finding, Verdict, as_dict, exit_code, from_dict

__all__ = ["Finding", "Verdict", "as_dict", "exit_code", "from_dict", "judge"]


def judge(exchanges: Sequence[Exchange]) -> Verdict:
    """The verdict on whoever made these requests; each account is judged by itself."""
    accounts: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        accounts.setdefault(exchange.owner, []).append(exchange)
    traffic = [arrange(own) for own in accounts.values()]
    findings = tuple(
        Finding(rule.name, rule.level, hit.message, hit.exchanges, rule.explanation, rule.source)
        for rule in RULES.values()
        for one in traffic
        for hit in rule.check(one)
    )
    return Verdict(len(exchanges), findings)
