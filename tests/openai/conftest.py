"""Calls of the OpenAI-compatible face over a real socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_server import MockAccount


class Gateway:
    """One account's calls; keyword arguments of `images` are fields of the body, ``...`` leaves one out."""

    def __init__(self, account: MockAccount, http: httpx.Client) -> None:
        self.account = account
        self.http = http
        self.url = account.base_url("openai")
        self.key = {"Authorization": f"Bearer {account.api_key}"}

    def images(self, path: str = "/images/generations", **fields: Any) -> httpx.Response:
        body = {"model": "minimax/minimax-image-01", "prompt": "a lighthouse at dawn"} | fields
        return self.post(path, json={name: value for name, value in body.items() if value is not ...})

    def post(self, path: str, **request: Any) -> httpx.Response:
        return self.http.post(self.url + path, **{"headers": self.key, **request})

    def get(self, path: str, **request: Any) -> httpx.Response:
        return self.http.get(self.url + path, **{"headers": self.key, **request})


@pytest.fixture
def gateway(account: MockAccount, http: httpx.Client) -> Gateway:
    return Gateway(account, http)
