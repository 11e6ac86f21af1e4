"""A store of values of many owners under one budget of bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Values by number, oldest first. When the budget is exceeded, owners lose their oldest beyond an equal share.

    So a busy account cannot push out what a quiet one wrote. The caller holds the lock.
    """

    __slots__ = ("_budget", "_costs", "_order", "_values", "evicted", "used")

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._values: dict[int, tuple[str, T, int]] = {}
        self._order: dict[str, deque[int]] = {}
        self._costs: dict[str, int] = {}
        self.used = 0
        self.evicted = 0

    def put(self, owner: str, key: int, value: T, cost: int) -> None:
        """Keep `value` under `key`, at `cost` bytes; a value dearer than the whole budget is kept until the next."""
        self._values[key] = (owner, value, cost)
        order = self._order.get(owner)
        if order is None:
            order = self._order[owner] = deque()
            self._costs[owner] = 0
        order.append(key)
        self._costs[owner] += cost
        self.used += cost
        if self.used > self._budget:
            self._make_room(key)

    def get(self, key: int) -> T | None:
        """The value under `key`, if it is still kept."""
        entry = self._values.get(key)
        return None if entry is None else entry[1]

    def of(self, owner: str | None) -> Iterator[T]:
        """The values of one owner, or of all, oldest first."""
        keys = list(self._values if owner is None else self._order.get(owner, ()))
        return (self._values[key][1] for key in keys if key in self._values)

    def drop(self, owner: str | None) -> None:
        """Forget what one owner has, or everything."""
        for key in self._order.pop(owner, ()) if owner is not None else ():
            self.used -= self._values.pop(key)[2]
        self._costs.pop(owner or "", None)
        if owner is None:
            self._values.clear()
            self._order.clear()
            self._costs.clear()
            self.used = 0

    def _make_room(self, newest: int) -> None:
        """Evict down to fifteen sixteenths, so that it is rare: first what owners hold beyond an equal share."""
        target = self._budget * 15 // 16
        for share in (target // len(self._costs), 0):
            for owner in sorted(self._costs, key=self._costs.__getitem__, reverse=True):
                order = self._order[owner]
                while self.used > target and self._costs[owner] > share and order and order[0] != newest:
                    cost = self._values.pop(order.popleft())[2]
                    self.used -= cost
                    self._costs[owner] -= cost
                    self.evicted += 1
                if not order:
                    del self._order[owner], self._costs[owner]
