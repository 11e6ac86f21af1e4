"""Time as one account sees it: the machine's clock, moved forward or stopped on request."""

from __future__ import annotations

import time
from collections.abc import Callable

MAX_AHEAD_SECONDS = 1000 * 365.25 * 86_400
"""A clock on a clock is then never beyond the year 9999, where dates end."""


class Clock:
    """Unix seconds of one account; URL expiry, rate windows and jobs all follow it.

    It never goes back: an advance must be zero or more seconds.
    """

    __slots__ = ("_frozen_at", "_offset", "_source")

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC, with fractions."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._source() + self._offset

    @property
    def offset(self) -> float:
        """How many seconds this clock is ahead of the machine's."""
        return self.now() - time.time()

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still until it is advanced or let go."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move the clock forward. Raises ``ValueError`` when `seconds` is negative or leads too far ahead."""
        if not 0 <= seconds < float("inf"):
            msg = f"advance takes zero or more seconds, got {seconds!r}: the clock never goes back"
            raise ValueError(msg)
        if self.now() - self._source() + seconds > MAX_AHEAD_SECONDS:
            msg = f"advance takes {MAX_AHEAD_SECONDS:.0f} seconds (1000 years) in all at most, got {seconds!r} more"
            raise ValueError(msg)
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds

    def move(self, advance: float | None, freeze: bool | None) -> None:
        """Stop the clock or let it go, then advance it, as far as either is given. Raises ``ValueError``."""
        if freeze is not None:
            self.freeze(freeze)
        if advance is not None:
            self.advance(advance)

    def freeze(self, frozen: bool) -> None:
        """Stop the clock where it stands, or let it run on from there."""
        if frozen and self._frozen_at is None:
            self._frozen_at = self.now()
        elif not frozen and self._frozen_at is not None:
            self._offset = self._frozen_at - self._source()
            self._frozen_at = None
