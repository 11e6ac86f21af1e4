"""What a check asks of a dialect. Requests are always native ones; a face says how they look on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from contract_tests.codes import Code

Body = dict[str, Any]
Exchange = dict[str, Any]
Rule = Mapping[str, Any]


def _generations(exchanges: list[Exchange]) -> list[Exchange]:
    return [item for item in exchanges if item["endpoint"] == "generate"]


def _unchanged(rule: Rule) -> Rule:
    return rule


class Face(Struct, frozen=True):
    """One dialect of the image API, as far as the checks look at it."""

    name: str
    path: str
    """Where generations go, for people to read."""
    codes: tuple[Code, ...]
    """How refusals are told to a client, and whether it pays to try again."""
    native: Callable[[Body], Body]
    """A body as it went over the wire → the same in the native fields that were asked for."""
    wire: Callable[[Body], Body]
    """The native fields that are asked for → a body to send by hand."""
    urls: Callable[[Any], list[str]]
    """The image URLs in the JSON of an answer."""
    base64_path: str
    """Where the first image stands in an answer with base64, as faults name it."""
    extra: tuple[str, ...]
    """Places where an answer may have a field that nobody has documented."""
    refused: tuple[Body, ...]
    """Native fields that the service refuses."""
    asked_wrong: tuple[Body, ...]
    """Those of them that any service is asked, be it emulated or not."""
    spelling: frozenset[str]
    """The profile switches that decide how an answer is spelled, and not what the service does."""
    without: Mapping[str, str]
    """Checks that say nothing of a client of this dialect, and why."""
    scheme: str = "bearer"
    """The scheme of ``Authorization``, in lower case."""
    generations: Callable[[list[Exchange]], list[Exchange]] = _generations
    """The calls for images among all exchanges, each with the request that asked and the answer in the end."""
    rule: Callable[[Rule], Rule] = _unchanged
    """A fault rule made for one request and one answer → the same in this dialect. Its own results it leaves alone."""
    account: Mapping[str, Any] = {}
    """Settings that emulated accounts have."""

    @property
    def final(self) -> tuple[Code, ...]:
        """Refusals that stay what they are."""
        return tuple(code for code in self.codes if not code.retryable)

    @property
    def transient(self) -> tuple[Code, ...]:
        """Refusals that pass."""
        return tuple(code for code in self.codes if code.retryable)
