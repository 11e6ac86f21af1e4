"""Fixtures for tests of clients. Every pytest run where this is installed imports it, so it imports nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mock_server.client import MockAccount, MockServer


OFFLINE = "minimax_mock_offline"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option of ``pytest.ini`` that marks every test."""
    parser.addini(OFFLINE, "fail every test that tries to reach a live host of the service", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line(
        "markers",
        "minimax_mock(scenario=..., redirect=False, **settings): what the account of the minimax_mock fixture has; "
        "with redirect=True, what this process means for the live service goes there",
    )
    config.addinivalue_line("markers", f"{OFFLINE}: fail the test when it tries to reach a live host of the service")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Guard the fixtures."""
    return (yield from _guarded(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Guard the test."""
    return (yield from _guarded(item))


def _guarded(item: pytest.Item) -> Generator[None]:
    """Fail what tried to reach a live host, also when it kept the error to itself."""
    if item.get_closest_marker(OFFLINE) is None and not item.config.getini(OFFLINE):
        return (yield)
    from mock_server.intercept.in_process import guarded

    reached: list[str] = []
    try:
        with guarded(reached):
            return (yield)
    finally:
        if reached:
            hosts = ", ".join(dict.fromkeys(reached))
            pytest.fail(
                f"the test tried to reach {hosts}; @pytest.mark.minimax_mock(redirect=True) with the fixture "
                "minimax_mock sends that to an emulator",
                pytrace=False,
            )


@pytest.fixture(scope="session")
def minimax_mock_server() -> Iterator[MockServer]:
    """One emulator for the whole run, on a free port."""
    from mock_server.client import MockServer

    with MockServer() as server:
        yield server


@pytest.fixture
def minimax_mock(minimax_mock_server: MockServer, request: pytest.FixtureRequest) -> Iterator[MockAccount]:
    """A fresh account for this test alone: ``.api_key``, ``.base_url()``, ``.journal()``, ``.advance(seconds)``.

    Its key comes from the test's id, so that a test sees the same draws in every run.
    """
    from hashlib import sha256

    key = f"sk-api-test-{sha256(request.node.nodeid.encode()).hexdigest()[:16]}"
    account = minimax_mock_server.account(key)
    account.reset()
    redirect = False
    for marker in reversed(list(request.node.iter_markers("minimax_mock"))):
        if marker.args:
            msg = f"the minimax_mock marker takes settings by name only, got {marker.args!r}"
            raise pytest.UsageError(msg)
        settings = dict(marker.kwargs)
        redirect = settings.pop("redirect", redirect)
        account.prepare(settings)
    if redirect is True:
        from mock_server.intercept.in_process import redirected

        with redirected(minimax_mock_server.url, key):
            yield account
    elif redirect is False:
        yield account
    else:
        msg = f"redirect of the minimax_mock marker is True or False, got {redirect!r}"
        raise pytest.UsageError(msg)
