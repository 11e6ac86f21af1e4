"""Questions: what the answers to a few calls say about one claim.

A question reduces answers to one small value, the same on every service for which the claim holds alike. It never
judges: the value of the emulator is what is expected.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct

from contract_tests.drift.answer import Answer
from contract_tests.drift.calls import with_needed

Look = Callable[..., Any]


class Question(Struct, frozen=True):
    """One way to decide a claim: the calls whose answers `look` takes, in that order.

    `look` raises `CouldNotLookError` when the answers do not show what is asked.
    """

    claim: str
    calls: tuple[str, ...]
    look: Callable[..., Any]
    needs: frozenset[str]
    """The calls, and those whose images they download."""

    def observe(self, *answers: Answer) -> Any:
        """What the answers say: text, numbers, lists of them."""
        return self.look(*answers)


def question(claim: str, *calls: str) -> Callable[[Look], Look]:
    """Make a function one way to decide `claim`; several claims and several ways may share it."""

    def declare(look: Look) -> Look:
        look.__dict__.setdefault("questions", []).append(Question(claim, calls, look, with_needed(frozenset(calls))))
        return look

    return declare


def all_questions() -> list[Question]:
    """Every question of this package, by claim, then in the order of the files."""
    files = sorted(Path(__file__).parent.glob("[!_]*.py"))
    modules = [import_module(f"{__name__}.{file.stem}") for file in files]
    looks = {id(item): item for module in modules for item in vars(module).values() if callable(item)}
    found = [asked for look in looks.values() for asked in getattr(look, "questions", ())]
    return sorted(found, key=lambda asked: asked.claim)
