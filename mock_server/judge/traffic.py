"""The exchanges of one account, arranged for the rules to look at."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, unquote

from msgspec import Struct

from mock_server.journal import Exchange
from mock_server.judge.attempts import Attempt, Run, attempt_of, runs, same_requests


class Traffic(Struct, frozen=True):
    """Everything an account was asked for, oldest first by when it *began*: the journal's order is that of the ends.

    ``same`` are the attempts by what was asked for, ``runs`` their repetitions.
    """

    attempts: tuple[Attempt, ...]
    same: tuple[tuple[Attempt, ...], ...]
    runs: tuple[Run, ...]

    def to(self, endpoint: str) -> list[Attempt]:
        """The attempts at one endpoint."""
        return [attempt for attempt in self.attempts if attempt.exchange.endpoint == endpoint]

    def downloads(self) -> dict[str, list[Attempt]]:
        """The downloads of each image, by its name."""
        found: dict[str, list[Attempt]] = {}
        for attempt in self.to("download"):
            found.setdefault(image_name(target(attempt.exchange)), []).append(attempt)
        return found


def arrange(exchanges: Iterable[Exchange]) -> Traffic:
    """`Traffic` of exchanges that belong to one account."""
    ordered = sorted(exchanges, key=lambda exchange: (exchange.began, exchange.id))
    attempts = tuple(attempt_of(exchange) for exchange in ordered)
    same = same_requests([attempt for attempt in attempts if attempt.exchange.endpoint])
    return Traffic(attempts, tuple(map(tuple, same)), tuple(run for group in same for run in runs(group)))


def target(exchange: Exchange) -> str:
    """Path and query as the client sent them."""
    return exchange.target.decode("latin-1")


def image_name(url: str) -> str:
    """The name that an image's URL and its downloads share, whatever proxy or encoding the client put between."""
    return unquote(url.partition("?")[0]).rpartition("/")[2]


def expires(url: str) -> int | None:
    """The second at which an image URL ends to be valid."""
    (value,) = parse_qs(url.partition("?")[2]).get("Expires", [""])[:1]
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 15 else None
