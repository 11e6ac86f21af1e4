"""The rules of one account in their order, and what has come of them so far."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from mock_server.core.types import ImageRequest, Injected
from mock_server.faults.rule import Rule, as_dict
from mock_server.faults.stages import Moment, Stage


class Call(Struct, frozen=True):
    """What rules can look at of one call; chance and time of the account, from which each rule draws its own."""

    face: str
    endpoint: str
    request: ImageRequest | None
    now: float
    chance: bytes
    plan_name: str = ""

    @property
    def model(self) -> str | None:
        """The model asked for."""
        return self.request.model if self.request else None

    @property
    def prompt(self) -> str | None:
        """The prompt."""
        return self.request.prompt if self.request else None

    @property
    def n(self) -> int | None:
        """How many images are asked for."""
        return self.request.n if self.request else None


class Hit(Struct, frozen=True):
    """A fault that fires, when, and what the journal will say of it."""

    fault: Any
    moment: Moment
    injected: Injected


class Entry:
    """One rule at work: the calls that matched, those that it had a say in, and those that it disturbed."""

    __slots__ = ("fired", "id", "matched", "rule", "salt", "set_at", "tried")

    def __init__(self, number: str, rule: Rule, set_at: float, salt: bytes) -> None:
        self.id = number
        self.rule = rule
        self.set_at = set_at
        self.salt = salt
        self.matched = self.tried = self.fired = 0

    @property
    def left(self) -> int | None:
        """For how many more calls it has a say; None without end."""
        rule = self.rule
        gone = max(self.matched, rule.after)
        to_come = sum(number > gone and rule.when.has(number) for number in rule.when.nth) if rule.when.nth else None
        times = None if rule.times is None else rule.times - self.tried
        known = [item for item in (to_come, times) if item is not None]
        return min(known) if known else None

    def has_a_say(self) -> bool:
        """Count one matching call: first `after` and `nth`, then `times`; chance comes last."""
        self.matched += 1
        rule = self.rule
        if self.matched <= rule.after or not rule.when.has(self.matched):
            return False
        if rule.times is not None and self.tried >= rule.times:
            return False
        self.tried += 1
        return True

    def as_dict(self) -> dict[str, Any]:
        """The rule as it was given, with its id and what has come of it."""
        counted = {"matched": self.matched, "fired": self.fired, "left": self.left}
        return {"id": self.id, **as_dict(self.rule), **counted}


class Plan:
    """Rules in order of precedence. Whoever calls a method holds the state's lock."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, rules: Iterable[tuple[str, Rule]], now: float, *, first: bool = False) -> None:
        """Add rules behind those there are, or before them."""
        new: list[Entry] = []
        for number, rule in rules:
            salt = rule.salt()
            twins = sum(entry.rule == rule for entry in (*self.entries, *new))
            new.append(Entry(number, rule, now, salt + b"%d" % twins))
        self.entries = new + self.entries if first else self.entries + new

    def remove(self, number: str) -> bool:
        """Take the rule with that id out; False when there is none."""
        kept = [entry for entry in self.entries if entry.id != number]
        removed = len(kept) < len(self.entries)
        self.entries = kept
        return removed

    def take(self, stage: Stage, call: Call, subject: Any) -> Hit | None:
        """The fault of `stage` that fires for this call. A rule behind the one that fires is not asked, nor counted."""
        for entry in self.entries:
            rule, since = entry.rule, call.now - entry.set_at
            if not rule.is_for(stage, call, since) or not rule.applies(subject) or not entry.has_a_say():
                continue
            moment = Moment(call.now, since, blake2b(call.chance + entry.salt).digest(), call.plan_name)
            if rule.probability < 1 and moment.unit() >= rule.probability:
                continue
            entry.fired += 1
            return Hit(rule.fault, moment, Injected(entry.id, rule.fault.kind, rule.name))
        return None
