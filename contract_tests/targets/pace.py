"""No more calls than the service allows: who comes too soon waits, and never fails for it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable

CALLS = 10
"""So many calls a minute are allowed (documented: rate limits, Image Generation)."""
WINDOW_SECONDS = 61.0
"""A minute, and one second for calls that are longer under way than others."""


class Pace:
    """When the next call may be sent, for every thread. The clock and both ways of waiting can be replaced."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        calls: int = CALLS,
    ) -> None:
        """`calls`: so many a minute."""
        self._clock = clock
        self.sleep = sleep
        self.pause = pause
        self.calls = calls
        self._sent: deque[float] = deque(maxlen=calls)
        self._lock = threading.Lock()
        self.waited = 0.0

    def _next(self, now: float) -> float:
        return now if len(self._sent) < self.calls else max(now, self._sent[0] + WINDOW_SECONDS)

    def book(self) -> float:
        """Take the next place; how many seconds to wait for it."""
        with self._lock:
            now = self._clock()
            at = self._next(now)
            self._sent.append(at)
            self.waited += at - now
            return at - now

    def wait_for_room(self) -> None:
        """Return when a call could be sent at once, so that a client does not spend its own timeout on waiting."""
        now = self._clock()
        wait = self._next(now) - now
        if wait > 0:
            self.waited += wait
            self.sleep(wait)


def waiting(calls: int, a_minute: int = CALLS) -> float:
    """How many seconds so many calls wait, when they take no time themselves."""
    return max(calls - 1, 0) // a_minute * WINDOW_SECONDS
