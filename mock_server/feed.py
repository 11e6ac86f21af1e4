"""Tells who watches the journal what happens to it, without keeping any of it.

A watch holds the numbers of exchanges that it has not taken yet, as many as the journal can hold: the exchanges stay in
the journal, and those that it lost before a slow watcher came for them are told as `Lost`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

from msgspec import Struct

from mock_server.journal import Exchange
from mock_server.shelf import Shelf


class Cleared(Struct, frozen=True):
    """The journal of one account (its label), or everything that is watched, was forgotten."""

    account: str | None


class Lost(Struct, frozen=True):
    """So many events can no longer be told."""

    events: int


News = Exchange | Cleared | Lost


class Watch:
    """What one watcher has not been told yet."""

    __slots__ = ("_feed", "_lost", "_queue", "_wake", "ended", "owner")

    def __init__(self, feed: Feed, owner: str | None, wake: Callable[[], None]) -> None:
        self._feed = feed
        self._wake = wake
        self._queue: deque[int | Cleared] = deque()
        self._lost = 0
        self.owner = owner
        self.ended = False

    def put(self, item: int | Cleared) -> None:
        """Add what happened; the caller holds the lock. Wakes the watcher if it knew of nothing new."""
        if len(self._queue) >= self._feed.backlog:
            self._queue.popleft()
            self._lost += 1
        self._queue.append(item)
        if len(self._queue) == 1:
            self.wake()

    def wake(self) -> None:
        """Call the watcher, unless its event loop is closed already."""
        with suppress(RuntimeError):
            self._wake()

    def take(self, limit: int) -> list[News]:
        """What is new, oldest first, about `limit` at most; empty when there is nothing until the next wake."""
        news: list[News] = []
        with self._feed.lock:
            lost, self._lost = self._lost, 0
            while self._queue and len(news) < limit:
                item = self._queue.popleft()
                found = item if isinstance(item, Cleared) else self._feed.journal.get(item)
                if found is None:
                    lost += 1
                    continue
                if lost:
                    news.append(Lost(lost))
                    lost = 0
                news.append(found)
        return [*news, Lost(lost)] if lost else news

    def close(self) -> None:
        """Be told nothing more."""
        with self._feed.lock, suppress(ValueError):
            self._feed.watches.remove(self)


class Feed:
    """All who watch one journal, under the lock of the state that owns it."""

    def __init__(self, lock: AbstractContextManager[Any], journal: Shelf[int, Exchange], backlog: int) -> None:
        self.lock = lock
        self.journal = journal
        self.backlog = backlog
        self.watches: list[Watch] = []

    def watch(self, owner: str | None, wake: Callable[[], None], since: int | None) -> Watch:
        """A watch that begins after exchange `since`, or now.

        Where the journal has nothing as new as `since`, that exchange was cleared or is of an earlier run: the watch
        begins with `Cleared` and all there is.
        """
        watch = Watch(self, owner, wake)
        with self.lock:
            if since is not None:
                if since > max((exchange.id for exchange in self.journal.of(None)), default=0):
                    watch.put(Cleared(None))
                    since = 0
                for exchange in self.journal.of(owner):
                    if exchange.id > since:
                        watch.put(exchange.id)
            self.watches.append(watch)
        return watch

    def appended(self, exchange: Exchange) -> None:
        """An exchange was put into the journal; the caller holds the lock."""
        for watch in self.watches:
            if watch.owner is None or watch.owner == exchange.owner:
                watch.put(exchange.id)

    def cleared(self, owner: str | None, label: str | None) -> None:
        """The journal of `owner`, or of all, was forgotten; the caller holds the lock."""
        for watch in self.watches:
            if owner is None or watch.owner is None or watch.owner == owner:
                watch.put(Cleared(label))

    def end(self) -> None:
        """Let every watch end."""
        with self.lock:
            for watch in self.watches:
                watch.ended = True
                watch.wake()
