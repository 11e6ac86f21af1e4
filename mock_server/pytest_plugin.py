"""Fixtures for tests of clients. Every pytest run where this is installed imports it, so it imports nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mock_server.client import MockAccount, MockServer


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "minimax_mock(scenario=..., **settings): what the account of the minimax_mock fixture has",
    )


@pytest.fixture(scope="session")
def minimax_mock_server() -> Iterator[MockServer]:
    """One emulator for the whole run, on a free port."""
    from mock_server.client import MockServer

    with MockServer() as server:
        yield server


@pytest.fixture
def minimax_mock(minimax_mock_server: MockServer, request: pytest.FixtureRequest) -> MockAccount:
    """A fresh account for this test alone: ``.api_key``, ``.base_url()``, ``.journal()``, ``.advance(seconds)``.

    Its key comes from the test's id, so that a test sees the same draws in every run.
    """
    from hashlib import sha256

    key = f"sk-api-test-{sha256(request.node.nodeid.encode()).hexdigest()[:16]}"
    account = minimax_mock_server.account(key)
    account.reset()
    for marker in reversed(list(request.node.iter_markers("minimax_mock"))):
        if marker.args:
            msg = f"the minimax_mock marker takes settings by name only, got {marker.args!r}"
            raise pytest.UsageError(msg)
        account.prepare(marker.kwargs)
    return account
