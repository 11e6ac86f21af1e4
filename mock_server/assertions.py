"""What a test expects of a client's calls, and what it is told when something else came."""

from __future__ import annotations

from collections.abc import Sequence

from mock_server.core.matching import Matcher
from mock_server.journal import Exchange

SHOWN = 5


def check_calls(exchanges: Sequence[Exchange], wanted: Matcher, times: int | None) -> None:
    """Raise `AssertionError`, with the nearest misses, unless `times` exchanges match (None: one or more)."""
    found = [item for item in exchanges if wanted.matches(item)]
    if len(found) == times or (times is None and found):
        return
    expected = "at least one exchange" if times is None else f"{times} exchange{'' if times == 1 else 's'}"
    lines = [f"expected {expected} with {wanted or 'anything'}, got {len(found)} of {len(exchanges)}"]
    lines += [f"  {_named(item)} matches" for item in found[:SHOWN]]
    missed = [(wanted.differences(item), item) for item in exchanges if not wanted.matches(item)]
    missed.sort(key=lambda pair: len(pair[0]))
    room = SHOWN - len(found[:SHOWN])
    lines += [f"  {_named(item)}: {'; '.join(differences)}" for differences, item in missed[:room]]
    hidden = len(exchanges) - min(len(exchanges), SHOWN)
    raise AssertionError("\n".join([*lines, *([f"  and {hidden} more"] if hidden else [])]))


def _named(item: Exchange) -> str:
    """``#12 generate 'a dog' → 1002``."""
    outcome = item.code if item.code is not None else f"HTTP {item.status}"
    return f"#{item.id} {item.endpoint or item.target.decode('latin-1')} {item.prompt!r} → {outcome}"
