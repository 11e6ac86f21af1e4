"""The bench on which one client is tried: it opens clients, makes calls, and remembers the latest for the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import Struct

from contract_tests.adapters.interface import Adapter, AdapterError, Client, Failure, Images, Outcome, TooLate
from contract_tests.checks import Check
from contract_tests.faces.interface import Face
from contract_tests.faces.minimax import FACE as MINIMAX
from contract_tests.targets.interface import Account, Target

Rule = Mapping[str, Any]

TIMEOUT = 5.0
"""Seconds that a client may wait where nothing holds an answer back."""
SHORT_TIMEOUT = 0.5
"""Seconds that a client may wait where something does."""
MARGIN = 4.0
"""Seconds more, for a client that tries again, until it is given up. Half a dozen tries with short pauses fit."""
CHECK_SECONDS = 8.0
"""After so long a check tries no new cases: a slow client gets fewer."""
RETRYABLE = frozenset(item.code for item in MINIMAX.transient)


class Case(Struct, frozen=True):
    """What was asked, and under which circumstances."""

    request: dict[str, Any]
    rules: tuple[Rule, ...] = ()
    profile: Any = "io"

    def scenario(self) -> dict[str, Any]:
        """The circumstances as a scenario."""
        account = {"account": {"profile": self.profile}} if self.profile != "io" else {}
        return account | ({"rules": [dict(rule) for rule in self.rules]} if self.rules else {})


class Run(Struct):
    """One case carried out: what the client said, and what went over the wire."""

    case: Case
    outcome: Outcome
    account: Account
    exchanges: list[dict[str, Any]]
    face: Face = MINIMAX
    pauses_are_real: bool = False

    @property
    def generations(self) -> list[dict[str, Any]]:
        """The calls for images, as they went over the wire."""
        return self.face.generations(self.exchanges)

    @property
    def downloads(self) -> list[dict[str, Any]]:
        """The downloads."""
        return [item for item in self.exchanges if item["endpoint"] == "download"]

    @property
    def may_try_again(self) -> bool:
        """Whether the last answer was one after which a client may well pause for longer than it was waited for."""
        last = self.exchanges[-1] if self.exchanges and self.pauses_are_real else {"status": None, "status_code": None}
        return last["status_code"] in RETRYABLE or last["status"] == 429 or (last["status"] or 0) >= 500

    def images(self) -> Images:
        """The images. Raises `AssertionError` when the client failed."""
        assert isinstance(self.outcome, Images), f"the client failed where it should not: {told(self.outcome)}"
        return self.outcome

    def failure(self, why: str) -> Failure:
        """The failure. Raises `AssertionError` when the client reported success, though `why`, or did not come back."""
        if isinstance(self.outcome, TooLate) and self.may_try_again:
            pytest.skip(
                "the client was about to try again, and its pauses cannot be skipped: try it with fewer attempts"
            )
        assert not isinstance(self.outcome, TooLate), f"the client did not come back in time, though {why}"
        count = len(self.outcome.images) if isinstance(self.outcome, Images) else 0
        assert isinstance(self.outcome, Failure), f"the client reported success with {count} images, though {why}"
        return self.outcome


def told(outcome: Outcome) -> str:
    """An outcome in one line."""
    if isinstance(outcome, Failure):
        return f"{outcome.kind}: {outcome.message}"[:300]
    if isinstance(outcome, TooLate):
        return f"no answer within {outcome.seconds:g} s"
    return f"{len(outcome.images)} images"


class Bench:
    """One adapter and one target, for a whole run."""

    def __init__(
        self, adapter: Adapter, target: Target, *, seed: int, max_examples: int, profiles: Sequence[Any] = ("io",),
        face: Face = MINIMAX,
    ) -> None:  # fmt: skip
        self.adapter = adapter
        self.target = target
        self.face = face
        self.seed = seed
        self.max_examples = max_examples
        self.profiles = tuple(profiles)
        self.latest: Run | None = None
        self.tried = 0
        self._hands_on_urls: bool | None = None
        self._check = ""
        self._ends = 0.0

    def begin(self, check: str) -> None:
        """Forget the last check."""
        self.latest, self.tried, self._check = None, 0, check
        self._ends = time.monotonic() + CHECK_SECONDS

    def can_send(self, field: str) -> bool:
        """Whether the client can send that field of a request."""
        return field not in self.adapter.unsupported

    def cannot_try(self, check: Check) -> str:
        """Why a check could say nothing of this client on this target; empty when it can."""
        if check.id in self.face.without:
            return self.face.without[check.id]
        for field in check.fields:
            if not self.can_send(field):
                return f"the client cannot send {field}"
        if "injection" in check.needs and not self.target.injects:
            return f"needs faults, which {self.target.name} does not have"
        if "describes" in check.needs and not self.adapter.describes:
            return "the client does not describe its errors"
        if "timeout" in check.needs and not self.can_send("timeout"):
            return "the client cannot be told how long to wait"
        if "sockets" in check.needs and not self.adapter.process_ids:
            return "each call has a process of its own"
        if "images" in check.needs and self.hands_on_urls:
            return "the client leaves downloading to its user"
        return ""

    @property
    def hands_on_urls(self) -> bool:
        """Whether the client leaves downloading to its user; found out by one call."""
        if self._hands_on_urls is None:
            outcome = self.call({"model": "image-01", "prompt": "a lighthouse at dawn"}).outcome
            images = outcome.images if isinstance(outcome, Images) else ()
            self._hands_on_urls = bool(images) and all(isinstance(image, str) for image in images)
        return self._hands_on_urls

    def explore(self, *strategies: SearchStrategy[Any], share: float = 1.0) -> Callable[[Callable[..., None]], None]:
        """Try a property with drawn values, at once; hypothesis shrinks what fails. `share` of the usual examples."""
        examples = max(1, round(self.max_examples * share))

        def run(holds: Callable[..., None]) -> None:
            known: dict[str, tuple[BaseException | None, Run | None]] = {}

            def limited(values: tuple[Any, ...]) -> None:
                """Try a case once; the same again gives the same, also when there is no time for others any more."""
                key = repr(values)
                if key not in known:
                    if time.monotonic() >= self._ends:
                        return
                    known[key] = self._tried(holds, values)
                error, self.latest = known[key]
                if error is not None:
                    raise error

            limited.__name__ = self._check.replace(".", "_").replace("-", "_")
            tried = hypothesis.given(st.tuples(*strategies))(limited)
            tried = hypothesis.settings(
                max_examples=examples, database=None, deadline=None, report_multiple_bugs=False, print_blob=False,
                suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
            )(tried)  # fmt: skip
            hypothesis.seed(crc32(f"{self.seed} {self._check}".encode()))(tried)()

        return run

    def _tried(self, holds: Callable[..., None], values: tuple[Any, ...]) -> tuple[BaseException | None, Run | None]:
        try:
            holds(*values)
        except Exception as error:  # noqa: BLE001, raised again for every repetition of the case
            return error, self.latest
        return None, self.latest

    def account(self, case: Case) -> Account:
        """A fresh account under the circumstances of a case."""
        account = self.target.account(**({"profile": case.profile} if case.profile != "io" else {}))
        if case.rules:
            self.add_rules(account, case.rules)
        return account

    def add_rules(self, account: Account, rules: Sequence[Rule]) -> None:
        """Let something go wrong, as it would in the dialect of the client."""
        account.add_rules([self.face.rule(rule) for rule in rules])

    def open(self, account: Account, *, timeout: float = TIMEOUT, base_url: str | None = None) -> Client:
        """A client of that account. Its own waiting passes on the account's clock where the adapter can do that."""
        return self.adapter.open(base_url or account.base_url, account.api_key, timeout, sleep=account.advance)

    def call(
        self, request: Mapping[str, Any], *rules: Rule, profile: Any = "io", timeout: float = TIMEOUT,
        base_url: str | None = None,
    ) -> Run:  # fmt: skip
        """One call by a fresh client of a fresh account."""
        case = Case(dict(request), tuple(self.face.rule(rule) for rule in rules), profile)
        account = self.account(case)
        client = self.open(account, timeout=timeout, base_url=base_url)
        try:
            return self.ask(client, account, case, timeout=timeout)
        finally:
            client.close()

    def ask(self, client: Client, account: Account, case: Case, *, timeout: float = TIMEOUT) -> Run:
        """One more call by a client that is open already; the exchanges are all that the account saw."""
        self.tried += 1
        self.latest = Run(case, TooLate(0), account, [], self.face)
        outcome = client.generate(case.request, within=timeout + MARGIN)
        pauses_are_real = not self.adapter.skips_pauses
        self.latest = Run(case, outcome, account, account.journal(), self.face, pauses_are_real)
        return self.latest


__all__ = ["AdapterError", "Bench", "Case", "Run"]
