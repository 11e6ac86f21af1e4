"""The files that are shipped: complete, effective, found, and limited where that has a meaning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mock_server.core.profile import Profile, profile_named, with_answers
from mock_server.core.reasons import REASONS
from mock_server.faults.library import Library
from mock_server.faults.scenario import ScenarioError
from mock_server.faults.scenario_file import read_file
from mock_server.fixture_files import fixtures

LIBRARY = Library()
FILES = sorted((fixtures() / "scenarios").iterdir(), key=lambda file: file.stem)
NAMES = [file.stem for file in FILES]
CODES = sorted({str(reason.code) for reason in REASONS.values()})


def test_a_checkout_has_the_files_beside_the_package() -> None:
    assert fixtures() == Path(__file__).parents[2] / "fixtures"
    assert LIBRARY.names() == [*CODES, *NAMES]
    assert len(NAMES) > 50


@pytest.mark.parametrize("name", [*CODES, *NAMES])
def test_a_scenario_says_what_why_whence_and_what_then(name: str) -> None:
    scenario = LIBRARY.get(name)
    assert scenario.name == name
    for text in (scenario.title, scenario.reproduces, scenario.source, scenario.good_client):
        assert len(text) > 3
        assert not re.search(r"\{\w", text), "a placeholder"
    assert len(scenario.title) <= 100
    assert "\n" not in scenario.title
    assert not scenario.title.endswith(".")
    assert scenario.title[0].islower() or scenario.title.startswith(("HTTP", "URL"))
    assert scenario.reproduces.endswith((".", "?"))
    assert scenario.good_client.endswith(".")


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_shipped_file_tells_where_it_is_known_from(file: Path) -> None:
    source = read_file(file).source
    assert any(word in source for word in ("https://", "recorded", "assumed", "documentation", "regression test"))


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_shipped_file_works_as_a_prompt_too(file: Path) -> None:
    scenario = read_file(file)
    assert set(scenario.account) <= {"profile"}
    answers = scenario.account.get("profile", {})
    changed = with_answers(Profile(), answers) if isinstance(answers, dict) else profile_named(answers)
    assert scenario.rules or changed != Profile()


@pytest.mark.parametrize("name", [*CODES, *NAMES])
def test_a_scenario_of_rules_can_be_limited_to_some_calls(name: str) -> None:
    scenario = LIBRARY.get(name)
    if scenario.account:
        with pytest.raises(ScenarioError, match="it sets the account's profile"):
            LIBRARY.get(f"{name}x5")
        return
    limited = LIBRARY.get(f"{name}x5")
    assert limited.name == f"{name}x5"
    assert all(rule.times is not None and rule.times <= 5 for rule in limited.rules)
    assert LIBRARY.get(f"{name}x5") is limited


def test_no_two_shipped_files_do_the_same() -> None:
    by_effect: dict[str, list[str]] = {}
    for file in FILES:
        scenario = read_file(file)
        by_effect.setdefault(str((scenario.account, scenario.rules)), []).append(file.stem)
    assert [names for names in by_effect.values() if len(names) > 1] == []
