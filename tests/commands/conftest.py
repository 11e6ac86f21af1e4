"""The command, pointed at a server of its own or at one account of the common one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer
from tests.commands.command import Run, run

Command = Callable[..., Run]


@pytest.fixture
def command(server: MockServer, account: MockAccount) -> Command:
    """The command for the account of this test."""
    assert account.base_url()
    return partial(run, MINIMAX_MOCK_URL=account.base_url(), MINIMAX_MOCK_KEY=account.api_key)


@pytest.fixture
def own() -> Iterator[MockServer]:
    """A server that this test has for itself."""
    with MockServer() as running:
        yield running


@pytest.fixture
def all_of(own: MockServer) -> Command:
    """The command for all accounts of a server of its own."""
    return partial(run, MINIMAX_MOCK_URL=own.url)


@pytest.fixture
def ask(http: httpx.Client) -> Callable[..., httpx.Response]:
    """Post a request to any server with any key."""

    def post(url: str, key: str, **fields: Any) -> httpx.Response:
        body = {"model": "image-01", "prompt": "a lighthouse at dawn"} | fields
        return http.post(f"{url}/v1/image_generation", json=body, headers={"Authorization": f"Bearer {key}"})

    return post
