"""All that changes while the emulator runs, behind atomic operations.

``State`` is the seam: a caller never sees a lock, a dictionary or a counter, so that another implementation can share
the state between processes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from threading import RLock
from typing import Any, Protocol

from mock_server.account import Account
from mock_server.album import Album
from mock_server.clock import Clock
from mock_server.core.credentials import Secret, label
from mock_server.core.reasons import Refusal
from mock_server.feed import Feed, Watch
from mock_server.journal import ENTRY_BYTES, Exchange, without
from mock_server.settings import Settings
from mock_server.shelf import Shelf

JOURNAL_BYTES = 12 * 1024 * 1024
IMAGE_BYTES = 6 * 1024 * 1024
MAX_ACCOUNTS = 10_000

log = logging.getLogger("minimax_mock")


class State(Protocol):
    """The operations that faces, dispatch and admin are written against; each is atomic."""

    clock: Clock
    """The clock that every account's clock runs on."""

    def account(self, name: str, *, named: bool = False) -> Account:
        """The account of a key, or of a name in a path; made on first use."""

    def known(self, name: str) -> Account | None:
        """The account of that key, name or label, if there is one."""

    def accounts(self) -> list[Account]:
        """Every account, oldest first."""

    def ordinal(self, account: Account, fingerprint: bytes) -> int:
        """How often the account sent this body before."""

    def admit(self, account: Account, now: float, model: str | None, images: int) -> Refusal | None:
        """Count a call against the rate limits, or refuse it; then refuse what the token plan does not have."""

    def release(self, account: Account, now: float, images: int) -> None:
        """Take back the call that was admitted at `now` for `images`, where refused calls do not count."""

    def charge(self, account: Account, now: float, price: int, images: int) -> bool:
        """Take the price of `images`, or nothing and False."""

    def change(self, account: Account, changes: Mapping[str, Any]) -> None:
        """Change settings of one account."""

    def change_all(self, changes: Mapping[str, Any]) -> None:
        """Change settings of every account, present and future."""

    def move_clock(self, clock: Clock, *, advance: float | None = None, freeze: bool | None = None) -> None:
        """Advance, stop or let go one account's clock, or the one that all run on."""

    def describe(self, account: Account) -> dict[str, Any]:
        """One account as the admin API shows it."""

    def remember(self, key: str, album: Album) -> None:
        """Keep the images of one answer under what their URLs share."""

    def album(self, key: str) -> Album | None:
        """The images under that key, if still kept."""

    def next_exchange(self) -> int:
        """A number for a new journal entry."""

    def append(self, exchange: Exchange) -> None:
        """Write one journal entry; never raises."""

    def exchanges(self, owner: str | None = None) -> Iterator[Exchange]:
        """Journal entries of one account or of all, oldest first."""

    def exchange(self, number: int) -> Exchange | None:
        """One journal entry, if still kept."""

    def clear_journal(self, owner: str | None = None) -> None:
        """Forget the journal of one account or of all."""

    def watch(self, owner: str | None, wake: Callable[[], None], since: int | None = None) -> Watch:
        """Follow the journal of one account or of all; `wake` is called, from any thread, when there is news."""

    def end_watches(self) -> None:
        """Let every watch end, because the server stops."""

    def reset(self, account: Account | None = None) -> None:
        """Put one account, or everything, back to how it started."""


class MemoryState:
    """`State` in the memory of one process."""

    def __init__(self, settings: Settings, start: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """`start` gives some keys settings of their own, which a reset goes back to."""
        self.clock = Clock()
        self._settings = self._first_settings = settings
        self._start = dict(start or {})
        self._lock = RLock()
        self._accounts: dict[str, Account] = {}
        self._journal: Shelf[int, Exchange] = Shelf(JOURNAL_BYTES)
        self._albums: Shelf[str, Album] = Shelf(IMAGE_BYTES)
        self._numbers = count(1)
        self._feed = Feed(self._lock, self._journal, JOURNAL_BYTES // ENTRY_BYTES + 1)
        self._admin = Secret(settings.admin_token, "of the admin API") if settings.admin_token else None
        for name in self._start:
            self.account(name)

    def account(self, name: str, *, named: bool = False) -> Account:
        """See `State`."""
        account = self._accounts.get(name)
        return account if account is not None else self._new_account(name, named=named)

    def _new_account(self, name: str, *, named: bool) -> Account:
        with self._lock:
            if name in self._accounts:
                return self._accounts[name]
            if len(self._accounts) >= MAX_ACCOUNTS:
                self._forget_oldest()
            account = Account(name, name if named else label(name), self._settings, Clock(self.clock.now))
            if name in self._start:
                account.change(self._start[name])
            self._accounts[name] = account
            return account

    def _forget_oldest(self) -> None:
        """Make room for a new account: drop the oldest that nobody configured."""
        oldest = next((item for item in self._accounts.values() if not item.customised), None)
        if oldest is not None:
            log.warning("more than %d accounts: forgetting %s, which has default settings", MAX_ACCOUNTS, oldest.label)
            self._forget(oldest)
            self._feed.cleared(oldest.name, oldest.label)

    def _forget(self, account: Account) -> None:
        del self._accounts[account.name]
        self._journal.drop(account.name)
        self._albums.drop(account.name)

    def known(self, name: str) -> Account | None:
        """See `State`."""
        with self._lock:
            found = self._accounts.get(name)
            return found or next((item for item in self._accounts.values() if item.label == name), None)

    def accounts(self) -> list[Account]:
        """See `State`."""
        with self._lock:
            return list(self._accounts.values())

    def ordinal(self, account: Account, fingerprint: bytes) -> int:
        """See `State`."""
        with self._lock:
            return account.ordinal(fingerprint)

    def admit(self, account: Account, now: float, model: str | None, images: int) -> Refusal | None:
        """See `State`."""
        with self._lock:
            return account.admit(now, model, images)

    def release(self, account: Account, now: float, images: int) -> None:
        """See `State`."""
        with self._lock:
            account.release(now, images)

    def charge(self, account: Account, now: float, price: int, images: int) -> bool:
        """See `State`."""
        with self._lock:
            return account.charge(now, price, images)

    def change(self, account: Account, changes: Mapping[str, Any]) -> None:
        """See `State`."""
        with self._lock:
            account.change(changes)

    def change_all(self, changes: Mapping[str, Any]) -> None:
        """See `State`."""
        with self._lock:
            trial = Account("", "", self._settings, self.clock)
            trial.change(changes)
            for account in self._accounts.values():
                account.change(changes)
            self._settings = trial.settings

    def move_clock(self, clock: Clock, *, advance: float | None = None, freeze: bool | None = None) -> None:
        """See `State`."""
        with self._lock:
            if freeze is not None:
                clock.freeze(freeze)
            if advance is not None:
                clock.advance(advance)

    def describe(self, account: Account) -> dict[str, Any]:
        """See `State`."""
        with self._lock:
            return account.as_dict()

    def remember(self, key: str, album: Album) -> None:
        """See `State`."""
        with self._lock:
            self._albums.put(album.owner, key, album, album.cost)

    def album(self, key: str) -> Album | None:
        """See `State`."""
        return self._albums.get(key)

    def next_exchange(self) -> int:
        """See `State`."""
        return next(self._numbers)

    def append(self, exchange: Exchange) -> None:
        """See `State`."""
        heads = len(exchange.request_head) + len(exchange.response_head)
        cost = len(exchange.request_body) + len(exchange.response_body) + heads + ENTRY_BYTES
        if self._admin is not None:
            exchange = without(exchange, self._admin)
        with self._lock:
            self._journal.put(exchange.owner, exchange.id, exchange, cost)
            if self._feed.watches:
                self._feed.appended(exchange)

    def exchanges(self, owner: str | None = None) -> Iterator[Exchange]:
        """See `State`."""
        with self._lock:
            return iter(list(self._journal.of(owner)))

    def exchange(self, number: int) -> Exchange | None:
        """See `State`."""
        return self._journal.get(number)

    def clear_journal(self, owner: str | None = None) -> None:
        """See `State`."""
        with self._lock:
            self._journal.drop(owner)
            account = self._accounts.get(owner) if owner is not None else None
            self._feed.cleared(owner, account.label if account else None)

    def watch(self, owner: str | None, wake: Callable[[], None], since: int | None = None) -> Watch:
        """See `State`."""
        return self._feed.watch(owner, wake, since)

    def end_watches(self) -> None:
        """See `State`."""
        self._feed.end()

    def reset(self, account: Account | None = None) -> None:
        """See `State`."""
        with self._lock:
            for item in [account] if account is not None else list(self._accounts.values()):
                with suppress(KeyError):
                    self._forget(item)
            if account is None:
                self.clock = Clock()
                self._settings = self._first_settings
                self._journal.drop(None)
                self._albums.drop(None)
            self._feed.cleared(account.name if account else None, account.label if account else None)
            for name in self._start:
                self.account(name)
