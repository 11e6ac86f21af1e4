"""A local emulator in the part of the live service, and clients to drive against it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from contract_tests.adapters.python import PythonAdapter
from contract_tests.bench import Bench
from contract_tests.observed import Observed
from contract_tests.targets.guard import Purse
from contract_tests.targets.interface import Target
from contract_tests.targets.pace import Pace
from contract_tests.targets.service import Patience, Place, Service
from mock_server import MockServer

KEY = "sk-api-real-key-0123456789abcdef"
Act = Callable[[Callable[..., httpx.Response], dict[str, Any]], Any]


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def pause(self, seconds: float) -> None:
        if seconds:
            self.sleep(seconds)
        await asyncio.sleep(0)

    def pace(self) -> Pace:
        return Pace(clock=lambda: self.now, sleep=self.sleep, pause=self.pause)


def service(
    server: MockServer | str, limit: float = 0.07, *, clock: Clock | None = None, live: bool = True,
    twin: Target | None = None,
) -> Service:  # fmt: skip
    url = server if isinstance(server, str) else server.url
    pace = (clock or Clock()).pace()
    patience = Patience(answer=1.0, client=2.0, again=-3.5)  # the bench adds four seconds for a client that repeats
    return Service(Place("live", url, KEY, live), Purse(limit), pace=pace, patience=patience, twin=twin)


def client(act: Act) -> PythonAdapter:
    """A client that does `act(post, request)`; `post` sends a body, with the key and to the URL that it was given."""

    def create(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], Any]:
        def post(body: Mapping[str, Any], key: str = api_key) -> httpx.Response:
            url, headers = f"{base_url}/v1/image_generation", {"Authorization": f"Bearer {key}"}
            return httpx.post(url, json=dict(body), headers=headers, timeout=timeout, trust_env=False)

        return lambda request: act(post, dict(request))

    return PythonAdapter("mine", create)


def ask(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
    """What a client does that leaves images to its user, and gives errors as the service words them."""
    answer = post(request | {"response_format": "url"}).json()
    if answer["base_resp"]["status_code"]:
        raise ValueError(answer["base_resp"])
    return list(answer["data"]["image_urls"])


def observed(target: Target, act: Act = ask) -> Observed:
    adapter = client(act)
    adapter.unsupported = frozenset({"response_format"})
    return Observed(Bench(adapter, target, seed=1, max_examples=1))
