"""A cache that forgets what was used longest ago, bounded by the bytes of what it holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Lru(Generic[_K, _V]):
    """Least recently used goes first. ``limit`` is in bytes; what a value weighs is said when it is put."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._entries: OrderedDict[_K, tuple[_V, int]] = OrderedDict()
        self.weight = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: _K) -> _V | None:
        """The value, which becomes the most recently used one."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: _K, value: _V, weight: int) -> None:
        """Remembers a value, unless it alone is heavier than the limit."""
        if weight > self._limit:
            return
        with self._lock:
            former = self._entries.pop(key, None)
            self.weight += weight - (former[1] if former else 0)
            self._entries[key] = (value, weight)
            while self.weight > self._limit:
                self.weight -= self._entries.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._entries.clear()
            self.weight = 0
