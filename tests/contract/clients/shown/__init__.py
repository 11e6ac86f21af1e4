"""For each broken client, where its bug shows, what then is wrong, and which of the smoke situations it touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.clients.bench import Seen, Situation


@dataclass(frozen=True, slots=True)
class Shown:
    """`wrong` holds for the broken client in that situation, and not for the correct one."""

    situation: Situation
    wrong: Callable[[Seen], object]
    smoke: frozenset[str] = frozenset()
