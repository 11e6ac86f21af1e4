"""A store of values of many owners under one budget of bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

K = TypeVar("K", int, str)
T = TypeVar("T")


class _Owner:
    """What one owner keeps: keys with their costs, oldest first, and the sum."""

    __slots__ = ("cost", "order")

    def __init__(self) -> None:
        self.order: deque[tuple[Any, int]] = deque()
        self.cost = 0


class Shelf(Generic[K, T]):
    """Values by key, oldest first. When the budget is exceeded, owners lose their oldest beyond an equal share.

    So a busy account cannot push out what a quiet one wrote. The caller holds the lock.
    """

    __slots__ = ("_budget", "_owners", "_values", "evicted", "used")

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._values: dict[K, T] = {}
        self._owners: dict[str, _Owner] = {}
        self.used = 0
        self.evicted = 0

    def put(self, owner: str, key: K, value: T, cost: int) -> None:
        """Keep `value` under `key`, at `cost` bytes; a value dearer than the whole budget is kept until the next."""
        shelf = self._owners.get(owner)
        if shelf is None:
            shelf = self._owners[owner] = _Owner()
        if key in self._values:
            self._forget(shelf, key)
        self._values[key] = value
        shelf.order.append((key, cost))
        shelf.cost += cost
        self.used += cost
        if self.used > self._budget:
            self._make_room(key)

    def get(self, key: K) -> T | None:
        """The value under `key`, if it is still kept."""
        return self._values.get(key)

    def of(self, owner: str | None) -> Iterator[T]:
        """The values of one owner, or of all, oldest first."""
        if owner is None:
            return iter(list(self._values.values()))
        shelf = self._owners.get(owner)
        return iter([self._values[key] for key, _ in shelf.order] if shelf else [])

    def drop(self, owner: str | None) -> None:
        """Forget what one owner has, or everything."""
        for name in [owner] if owner is not None else list(self._owners):
            shelf = self._owners.pop(name, None)
            if shelf is not None:
                self.used -= shelf.cost
                for key, _ in shelf.order:
                    del self._values[key]

    def _forget(self, shelf: _Owner, key: K) -> None:
        """Take out one entry, to be put again."""
        entry = next(item for item in shelf.order if item[0] == key)
        shelf.order.remove(entry)
        shelf.cost -= entry[1]
        self.used -= entry[1]
        del self._values[key]

    def _make_room(self, newest: K) -> None:
        """Evict down to fifteen sixteenths, so that it is rare: first what owners hold beyond an equal share."""
        target = self._budget * 15 // 16
        for share in (target // len(self._owners), 0):
            for name, shelf in sorted(self._owners.items(), key=lambda item: item[1].cost, reverse=True):
                while self.used > target and shelf.cost > share and shelf.order and shelf.order[0][0] != newest:
                    key, cost = shelf.order.popleft()
                    del self._values[key]
                    self.used -= cost
                    shelf.cost -= cost
                    self.evicted += 1
                if not shelf.order:
                    del self._owners[name]
