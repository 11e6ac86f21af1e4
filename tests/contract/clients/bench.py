"""Drives a client against an account, and notes what it told its user and what it sent."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from mock_server import MockAccount, inspect
from tests.contract.clients import httpx_client
from tests.contract.clients.deadline import Deadline

ASK = {"model": "image-01", "prompt": "a lighthouse at dawn"}
Fault = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Situation:
    """What the service does, and what a user asks for, in order or at the same time."""

    asked: Sequence[Mapping[str, Any]] = (ASK,)
    faults: Sequence[Fault] = ()
    profile: str = "io"
    timeout: float = 20.0
    together: bool = False
    scenario: str = ""


@dataclass(slots=True)
class Seen:
    """What could be seen of a client: answers to its user, exchanges with the service, pauses."""

    answers: list[dict[str, Any] | list[Any] | Exception] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    told: list[Mapping[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)
    """Rules of the verdict that the client broke, of level MUST."""
    advice: list[str] = field(default_factory=list)
    """The same of level SHOULD."""
    open_sockets: int = 0

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Generations that were sent."""
        return [it for it in self.exchanges if it["endpoint"] == "generate"]

    @property
    def gets(self) -> list[dict[str, Any]]:
        """Downloads that were sent."""
        return [it for it in self.exchanges if it["endpoint"] == "download"]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What the generations said."""
        return [json.loads(it["request"]["body"]) for it in self.posts]

    @property
    def error(self) -> Exception | None:
        """The last error, if the last call ended in one."""
        last = self.answers[-1]
        return last if isinstance(last, Exception) else None

    def images(self, call: int = -1) -> list[Any]:
        """The images of a call; none of one that failed."""
        answer = self.answers[call]
        return [] if isinstance(answer, Exception) else answer["images"] if isinstance(answer, dict) else answer

    def failed(self, call: int = -1) -> int | None:
        """How many images the client said are missing."""
        answer = self.answers[call]
        return answer["failed"] if isinstance(answer, dict) else None

    def indices(self) -> list[int]:
        """The place in its album that each image shows."""
        return [inspect(image).index for image in self.images()]

    def category(self) -> str | None:
        """What the user is told of the last error."""
        return self.told[-1].get("category")


Factory = Callable[[str, str, float], Callable[[Mapping[str, Any]], Any]]


def factory_of(adapter: str) -> Factory:
    """What an adapter ``module:factory`` names."""
    module, _, name = adapter.partition(":")
    return getattr(import_module(module), name)


class Bench:
    """One account, and a clock of which nobody needs to wait for the ticks."""

    def __init__(self, account: MockAccount, monkeypatch: pytest.MonkeyPatch) -> None:
        self.account = account
        self._pauses: list[float] = []
        self._sockets: list[socket.socket] = []
        monkeypatch.setattr(httpx_client, "time", SimpleNamespace(sleep=self._sleep))
        watch = Deadline.watch

        def noted(deadline: Deadline, connection: socket.socket) -> None:
            self._sockets.append(connection)
            watch(deadline, connection)

        monkeypatch.setattr(Deadline, "watch", noted)

    def _sleep(self, seconds: float) -> None:
        self._pauses.append(seconds)
        self.account.advance(seconds)

    def see(self, adapter: str | Factory, situation: Situation) -> Seen:
        """Put a new client into the situation. The account starts afresh, so that every client sees the same draws."""
        self.account.reset()
        self.account.configure(profile=situation.profile)
        for kind, parameters in situation.faults:
            self.account.add_fault(kind, **parameters)
        if situation.scenario:
            self.account.scenario(situation.scenario)
        self._pauses.clear()
        self._sockets.clear()
        factory = factory_of(adapter) if isinstance(adapter, str) else adapter
        generate = factory(self.account.base_url(), self.account.api_key, situation.timeout)
        seen = Seen()
        began = time.monotonic()
        seen.answers = self._answers(generate, situation)
        seen.seconds = time.monotonic() - began
        describe = getattr(factory, "describe", None)
        seen.told = [describe(it) if describe and isinstance(it, Exception) else {} for it in seen.answers]
        seen.pauses = list(self._pauses)
        seen.open_sockets = sum(it.fileno() != -1 for it in self._sockets)
        seen.exchanges = self.account.journal()
        for finding in self.account.verdict()["findings"]:
            (seen.findings if finding["level"] == "MUST" else seen.advice).append(finding["rule"])
        return seen

    @staticmethod
    def _answers(generate: Callable[[Mapping[str, Any]], Any], situation: Situation) -> list[Any]:
        def call(request: Mapping[str, Any]) -> Any:
            try:
                return generate(dict(request))
            except Exception as error:  # noqa: BLE001 - whatever escapes is what the user gets
                return error

        if not situation.together:
            return [call(request) for request in situation.asked]
        with ThreadPoolExecutor(len(situation.asked)) as pool:
            return list(pool.map(call, situation.asked))


def account_of(seen: Seen) -> list[Any]:
    """Everything that is the same when two clients behave alike."""
    told = [dict(it) if it else None for it in seen.told]
    outcomes = [
        (type(it).__name__, str(it)) if isinstance(it, Exception) else _digests(it) for it in seen.answers
    ]  # fmt: skip
    return [outcomes, told, seen.pauses, [_wire(it) for it in seen.exchanges]]


def _digests(answer: Any) -> Any:
    images = answer["images"] if isinstance(answer, dict) else answer
    digests = [it if isinstance(it, str) else sha256(it).hexdigest() for it in images]
    return digests, answer.get("failed") if isinstance(answer, dict) else None


def _wire(exchange: Mapping[str, Any]) -> Any:
    headers = {name.lower(): value for name, value in exchange["request"]["headers"]}
    kept = {name: headers.get(name) for name in ("authorization", "content-type", "host")}
    path = re.sub(r"\d{4}-\d\d-\d\d|(?<=Expires=)\d+|(?<=Signature=)[^&]+", "...", exchange["path"])
    return exchange["method"], path, kept, exchange["request"].get("body"), exchange["status"]
