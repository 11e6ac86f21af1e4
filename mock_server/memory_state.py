"""`State` in the memory of one process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from threading import RLock
from typing import Any

from mock_server.account import Account
from mock_server.album import Album
from mock_server.clock import Clock
from mock_server.core.credentials import Secret, label
from mock_server.core.reasons import Refusal
from mock_server.faults.library import Library, in_key
from mock_server.faults.plan import Call, Hit
from mock_server.faults.rule import Rule, as_dict
from mock_server.faults.scenario import Scenario, ScenarioError
from mock_server.faults.stages import Stage
from mock_server.feed import Feed, Watch
from mock_server.jobs import JobBook
from mock_server.journal import ENTRY_BYTES, Exchange, without
from mock_server.prompt_plan import PromptPlan
from mock_server.settings import SettingError, Settings
from mock_server.shelf import Shelf
from mock_server.uploads import UploadShelf

JOURNAL_BYTES = 12 * 1024 * 1024
IMAGE_BYTES = 6 * 1024 * 1024
MAX_ACCOUNTS = 10_000

log = logging.getLogger("minimax_mock")


class MemoryState:
    """Accounts, journal and images behind one lock. What the methods do is said at `State`."""

    def __init__(
        self,
        settings: Settings,
        start: Mapping[str, Mapping[str, Any]] | None = None,
        library: Library | None = None,
        scenarios: Sequence[Scenario] = (),
    ) -> None:
        """`start` gives some keys settings of their own, `scenarios` are for all, the first one taking precedence.

        A reset goes back to both.
        """
        self.clock = Clock()
        self._first_settings = settings
        self._scenarios = tuple(scenarios)
        self._library = library or Library()
        self._start = dict(start or {})
        self._rule_numbers = count(1)
        self._lock = RLock()
        self._accounts: dict[str, Account] = {}
        self._journal: Shelf[int, Exchange] = Shelf(JOURNAL_BYTES)
        self._albums: Shelf[str, Album] = Shelf(IMAGE_BYTES)
        self.jobs = JobBook()
        self.uploads = UploadShelf()
        self._numbers = count(1)
        self._feed = Feed(self._lock, self._journal, JOURNAL_BYTES // ENTRY_BYTES + 1)
        self._admin = Secret(settings.admin_token, "of the admin API") if settings.admin_token else None
        self._begin()

    def _begin(self) -> None:
        """What there is before the first call."""
        self._common: list[tuple[str, Rule]] = []
        self._template = Account("", "", self._first_settings, self.clock)
        for scenario in reversed(self._scenarios):
            self.load(None, scenario)
        for name in self._start:
            self.account(name)

    def account(self, name: str, *, named: bool = False) -> Account:
        account = self._accounts.get(name)
        return account if account is not None else self._new_account(name, named=named)

    def _new_account(self, name: str, *, named: bool) -> Account:
        with self._lock:
            if name in self._accounts:
                return self._accounts[name]
            if len(self._accounts) >= MAX_ACCOUNTS:
                self._forget_oldest()
            template = self._template
            account = Account(name, name if named else label(name), template.settings, Clock(self.clock.now))
            account.profile, account.paused = template.profile, template.paused
            account.add_rules(self._common)
            if name in self._start:
                self.change(account, self._start[name])
            magic = in_key(name)
            if magic:
                self._load_magic(account, magic)
            self._accounts[name] = account
            return account

    def _load_magic(self, account: Account, name: str) -> None:
        try:
            self._apply(account, self._library.get(name))
        except ScenarioError as error:
            account.trouble = str(error)

    def _forget_oldest(self) -> None:
        """Make room for a new account: drop the oldest that nobody configured."""
        oldest = next((item for item in self._accounts.values() if not item.customised), None)
        if oldest is not None:
            log.warning("more than %d accounts: forgetting %s, which has default settings", MAX_ACCOUNTS, oldest.label)
            self._forget(oldest)
            self._feed.cleared(oldest.name, oldest.label)

    def _forget(self, account: Account) -> None:
        del self._accounts[account.name]
        self._drop(account.name)

    def _drop(self, owner: str | None) -> None:
        for kept in (self._journal, self._albums, self.jobs, self.uploads):
            kept.drop(owner)

    def known(self, name: str) -> Account | None:
        with self._lock:
            found = self._accounts.get(name)
            return found or next((item for item in self._accounts.values() if item.label == name), None)

    def accounts(self) -> list[Account]:
        with self._lock:
            return list(self._accounts.values())

    def ordinal(self, account: Account, fingerprint: bytes) -> int:
        with self._lock:
            return account.ordinal(fingerprint)

    def admit(self, account: Account, now: float, model: str | None, images: int) -> Refusal | None:
        with self._lock:
            return account.admit(now, model, images)

    def release(self, account: Account, now: float, images: int) -> None:
        with self._lock:
            account.release(now, images)

    def refund(self, account: Account, now: float, price: int, images: int) -> None:
        with self._lock:
            account.refund(now, price, images)

    def charge(self, account: Account, now: float, price: int, images: int) -> bool:
        with self._lock:
            return account.charge(now, price, images)

    def change(self, account: Account, changes: Mapping[str, Any]) -> None:
        with self._lock:
            account.change(changes)
            account.customised = True

    def change_all(self, changes: Mapping[str, Any]) -> None:
        with self._lock:
            for account in (self._template, *self._accounts.values()):
                account.change(changes)

    def rules(self, account: Account | None) -> list[dict[str, Any]]:
        with self._lock:
            if account is None:
                return [{"id": number, **as_dict(rule)} for number, rule in self._common]
            return [entry.as_dict() for entry in account.rules.entries] if account.rules else []

    def _numbered(self, rules: Sequence[Rule]) -> list[tuple[str, Rule]]:
        return [(str(next(self._rule_numbers)), rule) for rule in rules]

    def add_rules(self, account: Account | None, rules: Sequence[Rule]) -> list[str]:
        with self._lock:
            numbered = self._numbered(rules)
            if account is None:
                self._common += numbered
            for item in self._concerned(account):
                item.add_rules(numbered)
            return [number for number, _ in numbered]

    def set_rules(self, account: Account | None, rules: Sequence[Rule]) -> list[str]:
        with self._lock:
            numbered = self._numbered(rules)
            if account is None:
                self._common = numbered
            for item in self._concerned(account):
                item.set_rules(numbered)
            return [number for number, _ in numbered]

    def remove_rule(self, account: Account | None, number: str) -> bool:
        with self._lock:
            removed = [item.remove_rule(number) for item in self._concerned(account)]
            if account is None:
                removed.append(any(number == known for known, _ in self._common))
                self._common = [(known, rule) for known, rule in self._common if known != number]
            return any(removed)

    def pause_rules(self, account: Account | None, paused: bool | None = None) -> bool:
        with self._lock:
            for item in () if paused is None else (account or self._template, *self._concerned(account)):
                item.paused = bool(paused)
            return (account or self._template).paused

    def _concerned(self, account: Account | None) -> list[Account]:
        if account is None:
            return list(self._accounts.values())
        account.customised = True
        return [account]

    def load(self, account: Account | None, scenario: Scenario) -> list[str]:
        with self._lock:
            if account is not None:
                account.customised = True
                return self._apply(account, scenario)
            numbered = self._numbered(scenario.rules)
            if scenario.account:
                self.change_all(scenario.account)
            self._common = numbered + self._common
            for item in self._accounts.values():
                item.add_rules(numbered, first=True)
            return [number for number, _ in numbered]

    def _apply(self, account: Account, scenario: Scenario) -> list[str]:
        if scenario.account:
            account.change(scenario.account)
        numbered = self._numbered(scenario.rules)
        account.add_rules(numbered, first=True)
        return [number for number, _ in numbered]

    def prompt_plan(self, account: Account, prompt: str, name: str) -> PromptPlan | str:
        with self._lock:
            try:
                return account.prompt_plan(prompt, self._library.get(name))
            except (ScenarioError, SettingError) as error:
                return str(error)

    def has_fault(self, account: Account, stage: Stage, call: Call) -> bool:
        with self._lock:
            return account.has_fault(stage, call)

    def take_fault(self, account: Account, stage: Stage, call: Call, subject: Any) -> Hit | None:
        with self._lock:
            return account.take_fault(stage, call, subject)

    def move_clock(self, clock: Clock, *, advance: float | None = None, freeze: bool | None = None) -> None:
        with self._lock:
            clock.move(advance, freeze)

    def describe(self, account: Account, *, usage: bool = False) -> dict[str, Any]:
        with self._lock:
            return account.usage() if usage else account.as_dict()

    def remember(self, key: str, album: Album) -> None:
        with self._lock:
            self._albums.put(album.owner, key, album, album.cost)

    def album(self, key: str) -> Album | None:
        return self._albums.get(key)

    def next_exchange(self) -> int:
        return next(self._numbers)

    def append(self, exchange: Exchange) -> None:
        cost = exchange.cost
        if self._admin is not None:
            exchange = without(exchange, self._admin)
        with self._lock:
            self._journal.put(exchange.owner, exchange.id, exchange, cost)
            if self._feed.watches:
                self._feed.appended(exchange)

    def exchanges(self, owner: str | None = None) -> Iterator[Exchange]:
        with self._lock:
            return iter(list(self._journal.of(owner)))

    def exchange(self, number: int) -> Exchange | None:
        return self._journal.get(number)

    def clear_journal(self, owner: str | None = None) -> None:
        with self._lock:
            self._journal.drop(owner)
            account = self._accounts.get(owner) if owner is not None else None
            self._feed.cleared(owner, account.label if account else None)

    def watch(self, owner: str | None, wake: Callable[[], None], since: int | None = None) -> Watch:
        return self._feed.watch(owner, wake, since)

    def end_watches(self) -> None:
        self._feed.end()

    def reset(self, account: Account | None = None) -> None:
        with self._lock:
            for item in [account] if account is not None else list(self._accounts.values()):
                with suppress(KeyError):
                    self._forget(item)
            if account is None:
                self.clock = Clock()
                self._drop(None)
            self._feed.cleared(account.name if account else None, account.label if account else None)
            if account is None:
                self._begin()
            elif account.name in self._start:
                self.account(account.name)
