"""The contract tests tried on known clients: every bug is caught where it should be, no correct client fails."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Iterator

import pytest

from contract_tests.adapters.resolve import resolve
from contract_tests.bench import Bench
from contract_tests.catalogue import all_checks, all_functions
from contract_tests.checks import Check, check_of
from contract_tests.targets.emulator import Emulator
from tests.contract.clients.corpus import BROKEN, CORRECT, PROPERTIES, Broken, Correct, property_of

EXAMPLES_FOR_A_BUG = 8
EXAMPLES_FOR_A_CORRECT_CLIENT = 4
LEFT_OUT = {
    "damage": {"download.broken-image"},
    "size": {"download.wrong-size"},
    "count": {"blocked.not-silent"},
}
"""What a correct client may leave to its user → the checks, all of level SHOULD, that tell it so."""


pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
"""A client may well have the bug of not closing its sockets; which test the collector then runs in is chance."""


@pytest.fixture(scope="module")
def target() -> Iterator[Emulator]:
    running = Emulator(1)
    yield running
    running.close()
    gc.collect()  # what these clients left open must not be found in a test that comes after


def trials(target: Emulator, spec: str, wanted: Iterable[str], examples: int) -> Iterator[tuple[Check, str]]:
    """Each of the `wanted` checks that can be tried on a client, with why it failed; empty if it did not."""
    adapter = resolve(spec)
    bench = Bench(adapter, target, seed=1, max_examples=examples, profiles=target.profiles("all"))
    try:
        functions = all_functions()
        for name in wanted:
            function = functions[name]
            check = check_of(function)
            assert check is not None
            if bench.cannot_try(check):
                continue
            bench.begin(name)
            try:
                function(bench)
            except AssertionError as error:
                yield check, str(error)
            except pytest.skip.Exception as reason:
                yield check, f"it said nothing of this client: {reason}"
            else:
                yield check, ""
    finally:
        adapter.close()


def test_the_corpus_is_large() -> None:
    assert len(BROKEN) >= 25
    assert len([client for client in CORRECT.values() if not set(client.without) & set(LEFT_OUT)]) >= 5


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "client"), BROKEN.items(), ids=list(BROKEN))
def test_a_bug_is_caught_where_it_should_be(name: str, client: Broken, target: Emulator) -> None:
    levels = {"MUST"} if client.level == "MUST" else {"MUST", "SHOULD"}
    tried = trials(target, client.adapter, client.caught_by, EXAMPLES_FOR_A_BUG)
    found = [check.id for check, why in tried if why and check.level in levels]
    assert found == list(client.caught_by), client.bug


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "client"), [item for item in CORRECT.items() if not item[1].needs], ids=lambda item: str(item)[:20]
)
def test_a_correct_client_fails_nothing(name: str, client: Correct, target: Emulator) -> None:
    check_correct(client, target)


@pytest.mark.e2e
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "client"), [item for item in CORRECT.items() if item[1].needs], ids=lambda item: str(item)[:20]
)
def test_a_correct_client_in_another_language_fails_nothing(name: str, client: Correct, target: Emulator) -> None:
    missing = [tool for tool in client.needs.split() if shutil.which(tool) is None]
    assert missing == [], f"install {missing}"
    check_correct(client, target)


def check_correct(client: Correct, target: Emulator) -> None:
    allowed = set[str]().union(*(LEFT_OUT.get(part, set()) for part in client.without))
    every = [item.id for item in all_checks() if property_of(item.id) in PROPERTIES and "twin" not in item.needs]
    tried = trials(target, client.adapter, every, EXAMPLES_FOR_A_CORRECT_CLIENT)
    failed = {check: why for check, why in tried if why}
    assert {check.id: why for check, why in failed.items() if check.id not in allowed} == {}
    assert {check.level for check in failed} <= {"SHOULD"}
