"""Each deliberate bug is caught, by an assertion of the test that is named for it."""

from __future__ import annotations

import re

import pytest

from tests.mutation.accounts import ACCOUNTS
from tests.mutation.disturbances import DISTURBANCES
from tests.mutation.mutant import Mutant
from tests.mutation.oracle import ORACLE
from tests.mutation.service import SERVICE
from tests.mutation.trial import ROOT, Trial

MUTANTS = (*SERVICE, *ACCOUNTS, *DISTURBANCES, *ORACLE)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(tmp_path_factory.mktemp("mutants"))


def test_the_table_is_of_the_present_source() -> None:
    assert len(MUTANTS) == len({mutant.name for mutant in MUTANTS})
    for mutant in MUTANTS:
        source = (ROOT / mutant.file).read_text(encoding="utf-8")
        compile(mutant.of(source), mutant.file, "exec")
        file, test = mutant.caught_by.partition("[")[0].split("::")
        assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"no test {mutant.caught_by}"


def test_without_a_bug_every_named_test_passes(trial: Trial) -> None:
    tests = sorted({mutant.caught_by for mutant in MUTANTS})
    result = trial.run(*tests)
    assert (result.failures, result.errors) == ((), ()), result.output
    assert result.tests >= len(tests)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught(trial: Trial, mutant: Mutant) -> None:
    result = trial.run_with(mutant)
    assert result.errors == (), result.output
    assert result.failures, f"survived, as {mutant.caught_by} passes: {mutant.wrong}"
    assert re.match(r"assert|AssertionError|Failed: DID NOT RAISE", result.failures[0]), result.output
