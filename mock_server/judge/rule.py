"""What a rule of the verdict is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from mock_server.judge.traffic import Traffic
from mock_server.judge.verdict import Level

DOCUMENTATION = "https://platform.minimax.io/docs/api-reference/image-generation-t2i"
BACKOFF = "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"


class Hit(Struct, frozen=True):
    """A rule broken: what happened, and in which exchanges."""

    message: str
    exchanges: tuple[int, ...]


class Rule(Struct, frozen=True):
    """One property of a client.

    ``summary`` says in a sentence what is wrong, ``explanation`` what the client did, what the live service does, and
    what to do instead. ``source`` is a documentation page, a recording, a public report, or begins with "assumed".
    """

    name: str
    level: Level
    summary: str
    explanation: str
    source: str
    check: Callable[[Traffic], Iterable[Hit]]


class Tally:
    """Exchanges that break a rule in the same way: one hit for all of them."""

    def __init__(self) -> None:
        self._ways: dict[str, list[int]] = {}

    def add(self, way: str, exchange: int) -> None:
        """Count one exchange."""
        self._ways.setdefault(way, []).append(exchange)

    def hits(self, one: str, many: str) -> Iterator[Hit]:
        """A hit for each way; `one` and `many` name the exchanges, as in ``1 request ...``, ``2 requests ...``."""
        for way, exchanges in self._ways.items():
            yield Hit(f"{counted(len(exchanges), one, many)} {way}", tuple(exchanges))


def counted(number: int, one: str, many: str) -> str:
    """``1 time``, ``2 times``."""
    return f"{number} {one if number == 1 else many}"


def quoted(text: str) -> str:
    """What a client sent, safe to print and not longer than a line."""
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
