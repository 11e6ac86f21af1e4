"""A service that is taken as it is, live or not: nothing is injected, every call goes through a meter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from msgspec import Struct

from contract_tests.targets.guard import Guard, Purse, Terms, bill, dollars
from contract_tests.targets.interface import Facts, Target
from contract_tests.targets.meter import Meter, Notice, Upstream
from contract_tests.targets.pace import WINDOW_SECONDS, Pace


class Patience(Struct, frozen=True):
    """Seconds: for an answer of the service, whose own limit is 60; for a client, whose call may have to wait for its
    turn first; and for a client that tries again.
    """

    answer: float = 75.0
    client: float = 75.0 + WINDOW_SECONDS
    again: float = 60.0


class Place(Struct, frozen=True):
    """A service: what it is called, where it is, the key for it, and whether it is the live one."""

    name: str
    url: str
    key: str
    live: bool = False


class ServiceAccount:
    """The only account there is, as one question sees it."""

    def __init__(self, meter: Meter, key: str) -> None:
        self._meter = meter
        self.api_key = key
        self._forgotten = 0

    @property
    def base_url(self) -> str:
        """See `Account`: the meter's."""
        return self._meter.url

    def journal(self) -> list[dict[str, Any]]:
        """See `Account`: what went through the meter."""
        return self._meter.exchanges[self._forgotten :]

    def forget(self) -> None:
        """See `Account`."""
        self._forgotten = len(self._meter.exchanges)

    def findings(self) -> list[dict[str, Any]]:
        """See `Account`: a service says nothing."""
        return []

    def advance(self, seconds: float) -> None:
        """See `Account`."""
        _refuse(f"moving the clock by {seconds:g} s")

    def add_rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """See `Account`."""
        _refuse(f"{len(rules)} fault rules")

    def clear_rules(self) -> None:
        """See `Account`: there are none."""

    def configure(self, **settings: Any) -> None:
        """See `Account`."""
        _refuse(", ".join(settings))

    def ledger(self) -> dict[str, Any]:
        """See `Account`."""
        _refuse("a ledger")


def _refuse(what: str) -> NoReturn:
    msg = f'{what}: a service is taken as it is; the check needs "injection"'
    raise NotImplementedError(msg)


class Service:
    """The live service, or any server that speaks its endpoint.

    `twin` is a target that is asked the same; `notice` is called with each exchange.
    """

    injects = False

    def __init__(
        self, place: Place, purse: Purse, *, pace: Pace | None = None, patience: Patience | None = None,
        twin: Target | None = None, notice: Notice | None = None,
    ) -> None:  # fmt: skip
        patience = patience or Patience()
        self.name = place.name
        self.twin = twin
        self.timeout = patience.client
        self.grace = patience.again
        self.secrets = (place.key,)
        self._place = place
        self._purse = purse
        self._pace = pace or Pace()
        self._notice = notice
        self._upstream = Upstream(place.url, patience.answer)
        self._meter: Meter | None = None
        self._seen = 0

    def account(self, **settings: Any) -> ServiceAccount:
        """See `Target`."""
        if settings:
            _refuse(", ".join(settings))
        return self.question(Terms())

    def question(self, terms: Terms, api_key: str | None = None) -> ServiceAccount:
        """See `Target`. Whoever had the account before can send nothing more; returns when a call may be sent."""
        self._hang_up()
        self._pace.wait_for_room()
        guard = Guard(self._purse, terms, self._place.key, strangers_pay=not self._place.live)
        self._meter = Meter(self._upstream, guard, self._pace, self.secrets, notice=self._notice)
        return ServiceAccount(self._meter, api_key or self._place.key)

    def _hang_up(self) -> None:
        if self._meter is not None:
            self._meter.close()
            self._seen += self._meter.requests
            self._meter = None

    @property
    def reached(self) -> bool:
        """See `Target`."""
        return self._seen + (self._meter.requests if self._meter else 0) > 0

    def affords(self, images: int) -> bool:
        """See `Target`."""
        return images <= self._purse.left

    @property
    def spent_usd(self) -> float:
        """See `Target`: an upper bound."""
        return float(dollars(self._purse.images).removeprefix("$"))

    @property
    def bill(self) -> str:
        """See `Target`."""
        return bill(self.name, self._purse, self._pace.waited)

    @property
    def curl(self) -> str:
        """See `Target`."""
        return f'curl {self._place.url}/v1/image_generation -H "Authorization: Bearer $MINIMAX_API_KEY"'

    def profiles(self, name: str) -> tuple[str, ...]:
        """See `Target`: those of the twin; a service has its own, whatever it is."""
        return ("io",) if self.twin is None else self.twin.profiles(name)

    def facts(self, image: bytes) -> Facts | None:  # noqa: ARG002
        """See `Target`: its images say nothing of their requests."""
        return None

    def close(self) -> None:
        """See `Target`."""
        self._hang_up()
        if self.twin is not None:
            self.twin.close()
