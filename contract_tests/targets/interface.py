"""What the checks may ask of a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct


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

    def close(self) -> None:
        """Let the target go."""
