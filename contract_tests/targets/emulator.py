"""The emulator as a target: started and stopped by the run, every example with an account of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import structs

from contract_tests.faces.interface import Face
from contract_tests.faces.minimax import FACE as MINIMAX
from contract_tests.targets.guard import Terms
from contract_tests.targets.interface import Facts
from mock_server import MockAccount, MockServer, NotOurImageError, inspect
from mock_server.core.profile import PROFILES, Profile, profile_named


class EmulatedAccount:
    """An account of the emulator."""

    def __init__(self, account: MockAccount, face: str) -> None:
        self._account = account
        self._face = face
        self.api_key = account.api_key

    @property
    def base_url(self) -> str:
        """See `Account`."""
        return self._account.base_url(self._face)

    def journal(self) -> list[dict[str, Any]]:
        """See `Account`."""
        return self._account.journal()

    def findings(self) -> list[dict[str, Any]]:
        """See `Account`."""
        found: list[dict[str, Any]] = self._account.verdict()["findings"]
        return found

    def advance(self, seconds: float) -> None:
        """See `Account`."""
        self._account.advance(seconds)

    def add_rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """See `Account`."""
        for rule in rules:
            self._account.add_fault(rule)

    def clear_rules(self) -> None:
        """See `Account`."""
        self._account.clear_faults()

    def forget(self) -> None:
        """See `Account`."""
        self._account.clear_journal()

    def configure(self, **settings: Any) -> None:
        """See `Account`."""
        self._account.configure(**settings)

    def ledger(self) -> dict[str, Any]:
        """See `Account`."""
        said = self._account.describe()
        return {name: said[name] for name in ("images", "balance_usd")}


class Emulator:
    """An emulator of this process on a free port."""

    name = "emulator"
    injects = True
    reached = True
    twin = None
    timeout = 5.0
    grace = 0.0
    secrets = ()
    spent_usd = 0.0
    bill = ""

    def __init__(self, seed: int = 0, profile: str = "io", face: Face = MINIMAX) -> None:
        """`profile` is that of accounts that are asked questions."""
        self._server = MockServer(seed=seed % 2**63).start()
        self._numbers = count(1)
        self._profile = profile
        self._face = face

    @property
    def curl(self) -> str:
        """See `Target`."""
        prefix = "" if self._face is MINIMAX else f"/{self._face.name}"
        scheme = self._face.scheme.title()
        return f"curl http://127.0.0.1:8484{prefix}{self._face.path} -H 'Authorization: {scheme} any-key'"

    def account(self, **settings: Any) -> EmulatedAccount:
        """See `Target`."""
        key = f"sk-api-contract-{next(self._numbers):06d}"
        account = self._server.account(key, **(dict(self._face.account) | settings))
        return EmulatedAccount(account, self._face.name)

    def question(self, terms: Terms, api_key: str | None = None) -> EmulatedAccount:  # noqa: ARG002
        """See `Target`."""
        if api_key is None:
            return self.account(profile=self._profile)
        account = self._server.account(api_key, **(dict(self._face.account) | {"profile": self._profile}))
        return EmulatedAccount(account, self._face.name)

    def affords(self, images: int) -> bool:  # noqa: ARG002
        """See `Target`."""
        return True

    def profiles(self, name: str) -> tuple[str, ...]:
        """The profile called `name`, or all that spell answers in their own way. Raises `ProfileError`."""
        if name != "all":
            profile_named(name)
            return (name,)
        usual, others = Profile(), set(Profile.__struct_fields__) - self._face.spelling
        return tuple(
            name
            for name, profile in PROFILES.items()
            if all(getattr(profile, field) == getattr(usual, field) for field in others)
        )

    def facts(self, image: bytes) -> Facts | None:
        """See `Target`."""
        try:
            found = inspect(image)
        except NotOurImageError:
            return None
        return Facts(found.prompt, found.width, found.height, found.seed, found.index)

    def close(self) -> None:
        """See `Target`."""
        self._server.stop()


@contextmanager
def knowing(key: str, profile: str, answers: Mapping[str, str]) -> Iterator[str]:
    """The URL of an emulator that knows `key` alone, has that profile, and other answers than its to some switches."""
    switches = structs.asdict(profile_named(profile)) | dict(answers)
    with TemporaryDirectory(prefix="minimax-mock-") as folder:
        accounts, file = Path(folder, "accounts.json"), Path(folder, "profile.json")
        accounts.write_text(json.dumps([{"key": key}]), encoding="utf-8")
        file.write_text(json.dumps(switches), encoding="utf-8")
        with MockServer(keys="strict", accounts=str(accounts), profile=str(file), no_admin=True) as server:
            yield server.url
