"""Calls are not kept apart, or leave something behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from tests.contract.clients.broken.bug import bug
from tests.contract.clients.httpx_client import Call, Client


@bug(
    "Images are gathered in a list of the object, so that calls at the same time get each other's.", "load.not-mixed-up"
)
class MixesConcurrentCalls(Client):
    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self.found: list[Any] = []
        return super().__call__(request)

    def images(self, call: Call, items: list[str]) -> list[Any]:
        for item in items:
            self.found += super().images(call, [item])
        return list(self.found)


@bug("Fields of an earlier call (a seed, a size) are sent again with the next one.", "request.nothing-kept")
class KeepsFieldsOfLastCall(Client):
    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        super().__init__(base_url, api_key, timeout)
        self.options: dict[str, Any] = {}

    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self.options.update(request)
        return dict(self.options)


@bug("Each call opens connections that are never closed.", "load.no-leaks")
class LeaksSockets(Client):
    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        super().__init__(base_url, api_key, timeout)
        self.sessions: list[httpx.Client] = []

    @contextmanager
    def open(self, request: Mapping[str, Any]) -> Iterator[Call]:
        with self.deadline() as deadline:
            self.sessions.append(httpx.Client(verify=self.tls))
            yield Call(request, deadline, self.sessions[-1])

    def __del__(self) -> None:
        for session in self.sessions:  # or a test run ends in warnings of unclosed sockets
            session.close()


@bug("An attribute of the object counts what failed, and is never set back.", "blocked.told-per-call")
class AddsUpFailures(Client):
    total = 0

    def failed(self, call: Call, said: Mapping[str, Any], items: list[str]) -> int:
        self.total += super().failed(call, said, items)
        return self.total
