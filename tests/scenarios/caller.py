"""A small client, and the three ways to meet a scenario with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from mock_server import MockAccount, MockServer

WAYS = ("key", "prompt", "option")
PROMPT = "a lighthouse at dawn"
JSON = "application/json; charset=utf-8"


class Caller:
    """One account of a running emulator, called over a real socket."""

    def __init__(self, account: MockAccount, client: httpx.Client, tag: str = "") -> None:
        self.account = account
        self.client = client
        self.tag = tag

    def call(self, *, timeout: float = 20, prompt: str = PROMPT, **fields: Any) -> httpx.Response:
        """Ask for images; the magic words, if any, stand behind the prompt."""
        body = {"model": "image-01", "prompt": f"{prompt} {self.tag}".strip()} | fields
        headers = {"Authorization": f"Bearer {self.account.api_key}"}
        url = f"{self.account.base_url()}/v1/image_generation"
        return self.client.post(url, json=body, headers=headers, timeout=httpx.Timeout(20, read=timeout))

    def said(self, **fields: Any) -> Any:
        """What an answer of the service itself says."""
        answer = self.call(**fields)
        assert (answer.status_code, answer.headers["content-type"]) == (200, JSON), answer.text
        return answer.json()

    def url(self, **fields: Any) -> str:
        """The URL of an image."""
        return str(self.said(**fields)["data"]["image_urls"][0])

    def fetch(self, url: str, *, timeout: float = 20) -> httpx.Response:
        """Download an image."""
        return self.client.get(url, timeout=httpx.Timeout(20, read=timeout))

    def code(self, **fields: Any) -> int:
        """The status code of an answer of the service itself."""
        return int(self.said(**fields)["base_resp"]["status_code"])

    def journal(self, count: int) -> list[dict[str, Any]]:
        """The latest `count` exchanges. That a client has left is noticed a moment later."""
        deadline = time.monotonic() + 10
        while len(self.account.journal()) < count and time.monotonic() < deadline:
            pass
        entries = self.account.journal()
        assert len(entries) >= count, entries
        return entries[-count:]

    def faults(self, count: int) -> list[list[str]]:
        """The faults of the latest `count` exchanges."""
        return [entry["faults"] for entry in self.journal(count)]

    def spent(self) -> float:
        """US dollars."""
        return float(self.account.describe()["spent_usd"])


@contextmanager
def meeting(way: str, name: str, server: MockServer) -> Iterator[Caller]:
    """A client that meets scenario `name` by key, by prompt or by the server's option."""
    with httpx.Client(trust_env=False) as client:
        if way == "option":
            with MockServer(scenario=name) as own:
                yield Caller(own.account(), client)
            return
        account = server.account(f"sk-api-mock-{name}--{way}" if way == "key" else f"sk-api-test-{name}")
        account.reset()
        yield Caller(account, client, f"[[mock:{name}]]" if way == "prompt" else "")
