"""What the checks may ask of a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from contract_tests.targets.guard import Terms


class CouldNotLookError(Exception):
    """Nothing is known of the client: the service, its key, the way there or the money did not allow to look."""


class Facts(Struct, frozen=True):
    """What an image says of the request that it belongs to."""

    prompt: str
    width: int
    height: int
    seed: int
    index: int


class Account(Protocol):
    """One account of a target: nobody else uses it."""

    api_key: str

    @property
    def base_url(self) -> str:
        """What the client takes as its base URL."""

    def journal(self) -> list[dict[str, Any]]:
        """The exchanges that the target saw, oldest first."""

    def findings(self) -> list[dict[str, Any]]:
        """What the target says that the client did wrong, from its traffic alone."""

    def advance(self, seconds: float) -> None:
        """Move the account's clock."""

    def add_rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Add fault rules."""

    def clear_rules(self) -> None:
        """Take all fault rules out."""

    def forget(self) -> None:
        """Forget the journal so far."""

    def configure(self, **settings: Any) -> None:
        """Change settings of the account."""

    def ledger(self) -> dict[str, Any]:
        """``images`` that were charged, ``balance_usd``."""


class Target(Protocol):
    """An emulator, or a service that is taken as it is."""

    @property
    def name(self) -> str:
        """``emulator``, ``live``, or the URL."""

    @property
    def injects(self) -> bool:
        """Whether faults, profiles and a journal are to be had."""

    def account(self, **settings: Any) -> Account:
        """A fresh account, or the only one there is."""

    def facts(self, image: bytes) -> Facts | None:
        """What an image says of its request; None when it is not one of the target's."""

    def question(self, terms: Terms, api_key: str | None = None) -> Account:
        """An account for one question, with that key in place of its own. Where calls cost, the terms hold."""

    def profiles(self, name: str) -> tuple[str, ...]:
        """The profile called `name`, or all that spell answers in their own way."""

    @property
    def twin(self) -> Target | None:
        """What is asked the same, to compare."""

    @property
    def timeout(self) -> float:
        """Seconds that a client may wait for an answer."""

    @property
    def grace(self) -> float:
        """Seconds more for a client that tries again, besides those of the bench."""

    @property
    def reached(self) -> bool:
        """Whether a call of the client has been seen here: it uses the base URL that it is given."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Keys that nobody may see."""

    @property
    def spent_usd(self) -> float:
        """What was spent, at most."""

    @property
    def bill(self) -> str:
        """What was sent and spent, in a line; empty where nothing costs."""

    @property
    def curl(self) -> str:
        """How a request is made by hand, without its body."""

    def affords(self, images: int) -> bool:
        """Whether so many images more can be paid for."""

    def close(self) -> None:
        """Let the target go."""
