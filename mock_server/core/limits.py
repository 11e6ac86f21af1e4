"""Rate and plan limits of one account, over sliding windows of its own clock."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import Any

RATE_WINDOW_SECONDS = 60.0
"""The documented limits are per minute; whether the window slides is assumed."""
PLAN_WINDOW_SECONDS = 5 * 3600.0
"""Token plans count over five hours (recorded: '5-hour usage limit reached')."""
REMEMBERED_COUNTS = 256
"""So many counts that left a window are still shown: four minutes of one call a second."""


class Window:
    """What was used within the last `seconds`, each entry leaving one by one. The caller holds the lock."""

    __slots__ = ("_entries", "_left", "_used", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._entries: deque[tuple[float, int]] = deque()
        self._left: deque[tuple[float, float, int]] = deque(maxlen=REMEMBERED_COUNTS)
        self._used = 0

    def used(self, now: float) -> int:
        """How much the window holds at `now`."""
        while self._entries and self._entries[0][0] <= now - self.seconds:
            at, amount = self._entries.popleft()
            self._left.append((at, at + self.seconds, amount))
            self._used -= amount
        return self._used

    def add(self, now: float, amount: int) -> None:
        """Count `amount` at `now`."""
        self._entries.append((now, amount))
        self._used += amount

    def take_back(self, now: float, amount: int) -> None:
        """Take back `amount` counted at `now`, if it is still there."""
        if (now, amount) in self._entries:
            self._entries.remove((now, amount))
            self._used -= amount

    def keep_latest(self, entries: int) -> None:
        """Drop all but the latest `entries`: no more are needed to tell whether a limit of so many is reached."""
        while len(self._entries) > entries:
            at, amount = self._entries.popleft()
            self._left.append((at, self._entries[-1][0], amount))
            self._used -= amount

    def shown(self, now: float, limit: int | None) -> dict[str, Any]:
        """What a curve of the use over time needs: ``counts`` has when each amount came, when it leaves or left, and
        how much; of those that left, the latest ones.
        """
        used = self.used(now)
        counts = [*self._left, *((at, at + self.seconds, amount) for at, amount in self._entries)]
        return {"limit": limit, "used": used, "seconds": self.seconds, "counts": counts}

    def room_at(self, now: float, limit: int, amount: int = 1) -> float:
        """When `amount` more fit under `limit`; the end of a fresh window when they never do."""
        left = self._used
        for at, used in self._entries:
            left -= used
            if left + amount <= limit:
                return at + self.seconds
        return now + self.seconds

    def resets_at(self, now: float) -> float:
        """When the oldest entry leaves; the end of a fresh window when there is none."""
        return (self._entries[0][0] if self._entries else now) + self.seconds


def iso_seconds(now: float) -> str:
    """``2026-05-15T15:00:00Z``, as in the recorded message of code 2056."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
