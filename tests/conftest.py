"""One emulator for the run, and a client that talks to it over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer
from tests.wire import Generate


@pytest.fixture(scope="session")
def server() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def account(minimax_mock: MockAccount) -> MockAccount:
    return minimax_mock


@pytest.fixture
def generate(account: MockAccount, http: httpx.Client) -> Generate:
    """Post a request as the account of this test; keyword arguments are fields of the body."""

    def post(**fields: Any) -> httpx.Response:
        body = {"model": "image-01", "prompt": "a lighthouse at dawn"} | fields
        body = {name: value for name, value in body.items() if value is not ...}
        headers = {"Authorization": f"Bearer {account.api_key}"}
        return http.post(f"{account.base_url()}/v1/image_generation", json=body, headers=headers)

    return post
