"""Every broken client has its bug, and only that."""

from __future__ import annotations

import pytest

from mock_server import MockAccount, MockServer
from tests.contract.clients import shown
from tests.contract.clients.bench import Bench, account_of, factory_of
from tests.contract.clients.corpus import BROKEN, CORRECT, PROPERTIES, property_of
from tests.contract.clients.shown import errors, network, request, retry, success
from tests.contract.clients.smoke import SMOKE

SHOWN: dict[str, shown.Shown] = request.SHOWN | success.SHOWN | errors.SHOWN | retry.SHOWN | network.SHOWN
GOOD = CORRECT["httpx"].adapter


@pytest.fixture
def bench(account: MockAccount, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(account, monkeypatch)


@pytest.fixture
def shared_bench(minimax_mock_server: MockServer, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Always the same account, so that what the correct client does need be seen but once."""
    return Bench(minimax_mock_server.account("sk-api-smoke"), monkeypatch)


@pytest.fixture(scope="module")
def good() -> dict[str, list[object]]:
    """What the correct client does, by situation; filled when it is first asked for."""
    return {}


def test_every_broken_client_is_shown() -> None:
    assert set(SHOWN) == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_the_bug_shows(bench: Bench, name: str) -> None:
    case = SHOWN[name]
    assert not case.wrong(bench.see(GOOD, case.situation))
    tries = range(3)  # the verdict measures pauses, and a busy machine stretches one
    assert any(case.wrong(bench.see(BROKEN[name].adapter, case.situation)) for _ in tries)


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_but_the_bug_shows(shared_bench: Bench, good: dict[str, list[object]], name: str) -> None:
    touched = set()
    for where, situation in SMOKE.items():
        if where not in good:
            good[where] = account_of(shared_bench.see(GOOD, situation))
        if good[where] != account_of(shared_bench.see(BROKEN[name].adapter, situation)):
            touched.add(where)
    assert touched == SHOWN[name].smoke


def test_two_clients_that_are_alike_cannot_be_told_apart(shared_bench: Bench) -> None:
    for situation in SMOKE.values():
        assert account_of(shared_bench.see(GOOD, situation)) == account_of(shared_bench.see(GOOD, situation))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_client_looks_like_an_adapter(name: str) -> None:
    factory = factory_of(BROKEN[name].adapter)
    assert set(factory.describe(ValueError("x"))) == {"code", "category", "message", "retryable"}


def test_every_property_has_clients_that_break_it() -> None:
    assert {property_of(check) for broken in BROKEN.values() for check in broken.caught_by} == set(PROPERTIES)
