"""Which requests repeat an earlier one, and after what pause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from mock_server.core.limits import RATE_WINDOW_SECONDS
from mock_server.journal import Exchange
from mock_server.judge.answers import Answer, answer_of
from mock_server.judge.heads import header

WINDOW = RATE_WINDOW_SECONDS
"""The same request within so many seconds after an answer is its repetition, later it is a new wish."""
SIMULTANEOUS = 0.0005
"""A request that begins so few seconds after another ended was on its way already: nobody reads an answer that fast."""
NOTICE = 1.0
"""How long it may take until the server sees that a client has left; meanwhile its next attempt may have begun."""

_DISTINCT = (b"host", b"authorization", b"content-type", b"range")
"""Headers that make it another request: a client may well try its other host or key, or mend what was refused."""


class Attempt(Struct, frozen=True):
    """One exchange and how it ended."""

    exchange: Exchange
    answer: Answer

    @property
    def ended(self) -> float:
        """On the scale of ``Exchange.began``."""
        return self.exchange.began + self.exchange.duration


class Run(Struct, frozen=True):
    """One request and its repetitions, oldest first. All but the last failed."""

    attempts: tuple[Attempt, ...]

    @property
    def pauses(self) -> tuple[float, ...]:
        """How long the client waited before each repetition."""
        return tuple(pause(before, after) for before, after in pairwise(self.attempts))

    @property
    def ids(self) -> tuple[int, ...]:
        """The exchanges."""
        return tuple(attempt.exchange.id for attempt in self.attempts)


def attempt_of(exchange: Exchange) -> Attempt:
    """`exchange` with its ending."""
    return Attempt(exchange, answer_of(exchange))


def same_requests(attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    """`attempts`, which come oldest first, sorted by what was asked for."""
    groups: dict[tuple[object, ...], list[Attempt]] = {}
    for attempt in attempts:
        exchange = attempt.exchange
        heads = tuple(header(exchange.request_head, name) for name in _DISTINCT)
        key = (exchange.endpoint, exchange.face, exchange.method, exchange.target, heads, exchange.request_body)
        groups.setdefault(key, []).append(attempt)
    return list(groups.values())


def pause(before: Attempt, after: Attempt) -> float:
    """Seconds between the end of one attempt and the beginning of the next.

    A test moves the account's clock in place of waiting, or stops it while the client waits: the longer of the two
    times is what the client may have meant.
    """
    real = after.exchange.began - before.ended
    shown = after.exchange.at - before.exchange.at - before.exchange.duration
    return max(real, shown, 0.0)


def runs(same: Sequence[Attempt]) -> Iterator[Run]:
    """The runs of repetitions among attempts of the same request.

    Where any of them overlap nobody can tell who repeated whom, so that none counts.
    """
    for stretch in _stretches(same):
        if overlap(stretch):
            continue
        run: list[Attempt] = []
        for attempt in stretch:
            run.append(attempt)
            if attempt.answer.ending == "success":
                yield Run(tuple(run))
                run = []
        if run:
            yield Run(tuple(run))


def overlap(same: Sequence[Attempt]) -> bool:
    """Whether any attempt began before an earlier one had ended."""
    latest = float("-inf")
    for attempt in same:
        if attempt.exchange.began < latest + SIMULTANEOUS:
            return True
        latest = max(latest, attempt.ended - (NOTICE if attempt.answer.ending == "left" else 0.0))
    return False


def _stretches(same: Sequence[Attempt]) -> Iterator[list[Attempt]]:
    """`same`, divided where nothing came for longer than the window."""
    stretch: list[Attempt] = []
    last: Attempt | None = None
    for attempt in same:
        if last is not None and pause(last, attempt) > WINDOW:
            yield stretch
            stretch, last = [], None
        stretch.append(attempt)
        last = attempt if last is None or attempt.ended > last.ended else last
    if stretch:
        yield stretch
