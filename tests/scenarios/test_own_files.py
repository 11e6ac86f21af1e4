"""Scenarios of a user's own: found by name and by path, and explained by file, line and field when they are wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockServer
from mock_server.faults.scenario import ScenarioError
from mock_server.faults.scenario_file import read_text
from mock_server.settings import SettingError
from tests.scenarios.caller import PROMPT, Caller

OWN = "title: ours\nrules:\n  - fault: {kind: status_code, code: 1039}\n    times: 1\n"


@contextmanager
def caller(key: str = "sk-api-ours", **settings: Any) -> Iterator[Caller]:
    with MockServer(**settings) as server, httpx.Client(trust_env=False) as client:
        yield Caller(server.account(key), client)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ours.yaml").write_text(OWN)
    return tmp_path


def test_a_folder_makes_its_names_usable_in_keys(folder: Path) -> None:
    with caller("sk-api-mock-ours--alice", scenario_dir=str(folder)) as found:
        assert [found.code(), found.code()] == [1039, 0]
        assert found.faults(2) == [["status_code"], []]


def test_a_folder_makes_its_names_usable_in_prompts(folder: Path) -> None:
    with caller(scenario_dir=str(folder)) as found:
        prompts = ("a cat [[mock:ours]]", "a cat [[mock:ours]]", "a dog [[mock:ours]]", "a dog")
        assert [found.code(prompt=prompt) for prompt in prompts] == [1039, 0, 1039, 0]


def test_a_folder_makes_its_names_usable_as_option_and_keeps_the_shipped_ones(folder: Path) -> None:
    with caller(scenario_dir=str(folder), scenario="ours") as found:
        assert [found.code(prompt=f"{PROMPT} [[mock:1008]]"), found.code(), found.code()] == [1008, 1039, 0]


@pytest.mark.parametrize("suffix", ["yaml", "yml", "json"])
def test_a_path_is_a_scenario(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"ours.{suffix}"
    rule = {"fault": {"kind": "status_code", "code": 1041}}
    file.write_text(json.dumps({"rules": [rule]}, indent=2) if suffix == "json" else OWN.replace("1039", "1041"))
    with caller(scenario=str(file)) as found:
        assert found.code() == 1041


def test_a_path_below_the_working_directory_is_a_scenario(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    with caller(scenario=f"{folder.name}/ours.yaml") as found:
        assert found.code() == 1039


def test_a_file_without_its_suffix_is_no_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(SettingError, match="no scenario 'ours'"):
        MockServer(scenario="ours")


@pytest.mark.parametrize("name", ["our outage", "断网", "-"])
def test_a_file_may_be_called_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.yaml").write_text(OWN)
    with caller(scenario=str(tmp_path / f"{name}.yaml")) as found:
        assert found.code() == 1039
    with caller(scenario_dir=str(tmp_path)) as found:
        assert found.code(prompt=f"a cat [[mock:{name}]]") == 1039


@pytest.mark.parametrize("name", ["hang", "1002"])
def test_an_own_file_takes_precedence_over_what_is_shipped(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.json").write_text('{"rules": [{"fault": {"kind": "status_code", "code": 1033}}]}')
    with caller(f"sk-api-mock-{name}", scenario_dir=str(tmp_path)) as found:
        assert found.code() == 1033
        assert found.code(prompt=f"{PROMPT} [[mock:{name}x1]]") == 1033
    with caller(scenario_dir=str(tmp_path), scenario=f"{name}x1") as found:
        assert [found.code(), found.code()] == [1033, 0]


def test_a_name_that_looks_limited_is_found_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "1920x1080.yaml").write_text(OWN)
    with caller("sk-api-mock-1920x1080", scenario_dir=str(tmp_path)) as found:
        assert found.code() == 1039


def test_an_own_file_may_set_more_of_the_account_for_a_key_but_not_for_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "poor.yaml").write_text("account: {balance_usd: 0.0035, profile: {counts: integer}}\n")
    with caller("sk-api-mock-poor", scenario_dir=str(tmp_path)) as found:
        assert found.said()["metadata"] == {"failed_count": 0, "success_count": 1}
        assert found.code() == 1008
    with caller(scenario_dir=str(tmp_path)) as found:
        base = found.said(prompt="a cat [[mock:poor]]")["base_resp"]
        told = "scenario 'poor' sets 'balance_usd' of the account: name it in a key, not in a prompt"
        assert base == {"status_code": 2013, "status_msg": f"invalid params, minimax-mock: {told}"}


def test_a_wrong_file_in_the_folder_is_told_to_whoever_names_it(folder: Path) -> None:
    (folder / "broken.yaml").write_text("title: x\nrules:\n  - fault: {kind: hangs}\n")
    told = f"{folder}/broken.yaml, line 3: rules[0].fault.kind: unknown kind 'hangs'; did you mean 'hang'? valid: 'd"
    with caller("sk-api-mock-broken", scenario_dir=str(folder)) as found:
        base = found.said()["base_resp"]
        assert base["status_code"] == 2049
        assert base["status_msg"].startswith(f"minimax-mock: {told}")
    with caller("sk-api-mock-ours", scenario_dir=str(folder)) as found:
        assert found.code() == 1039, "the others are not concerned"
    with pytest.raises(SettingError) as caught:
        MockServer(scenario_dir=str(folder), scenario="broken")
    assert str(caught.value).startswith(told)


WRONG = {
    "rules:\n  - fault: {kind: cut_body, after: 3}\n": (
        "own.yaml, line 2: rules[0].fault: unknown field 'after'; did you mean 'after_bytes'? valid: 'after_bytes'"
    ),
    "title: t\nrulez: []\n": (
        "own.yaml, line 2: unknown field 'rulez'; did you mean 'rules'? valid: 'name', 'title', 'reproduces', "
        "'source', 'good_client', 'account', 'rules'"
    ),
    "rules:\n  - when: {endpoint: generate}\n    fault:\n      kind: http_status\n      status: 99\n": (
        "own.yaml, line 5: rules[0].fault.status: must be a whole number of at least 200 and at most 599, got 99"
    ),
    "rules:\n  - fault: {kind: hang}\n  - fault: {kind: hang}\n    times: 0\n": (
        "own.yaml, line 4: rules[1].times: must be a whole number of at least 1 and at most 1000000, got 0"
    ),
    "rules:\n  - when: {endpoint: download}\n    fault: {kind: partial}\n": (
        "own.yaml, line 2: rules[0]: can never fire: partial does not act on 'download'; valid: 'generate'"
    ),
    "rules:\n  - when: {between: [10, 5]}\n    fault: {kind: hang}\n": (
        "own.yaml, line 2: rules[0].when.between: can never fire: ends before it begins, got [10.0, 5.0]"
    ),
    "rules:\n  - times: 2\n": "own.yaml, line 2: rules[0]: needs 'fault'",
    "rules:\n  - fault: {kind: slow_body}\n": (
        "own.yaml, line 2: rules[0].fault: slow_body takes bytes_per_second or seconds, got none of them"
    ),
    "rules:\n  - fault: {kind: slow_body, seconds: 1, bytes_per_second: 1}\n": (
        "own.yaml, line 2: rules[0].fault: slow_body takes bytes_per_second or seconds, got both"
    ),
    "account:\n  rpm: ten\n": "own.yaml, line 2: account.rpm: rpm must be int or null, got 'ten'",
    "account:\n  profile:\n    error_data: 'null'\n    counts: numbers\n": (
        "own.yaml, line 4: account.profile.counts: profile switch 'counts' cannot be 'numbers'; valid: 'string', "
        "'integer'"
    ),
    "account:\n  port: 80\n": (
        "own.yaml, line 2: account.port: 'port' is not an account setting; valid: 'profile', 'seed', 'latency', "
        "'jobs', 'region', 'balance_usd', 'limits', 'rpm', 'images_per_minute', 'plan_name', 'plan_images', "
        "'plan_models', 'fault_header'"
    ),
    "rules:\n  - when: {endpoint: generate}\n    fault: {kind: hang}\n    fault: {kind: reset}\n": (
        "own.yaml, line 4: 'fault' is there a second time"
    ),
    "title: &loop [*loop]\nrules: []\n": "own.yaml, line 1: title: must be text, got [[...]]",
    "rules: hang\n": "own.yaml, line 1: rules: must be a list of rules, got 'hang'",
    "title: nothing\n": "own.yaml, line 1: has no effect: give `rules`, `account` or both",
    "- fault: {kind: hang}\n": "own.yaml, line 1: must be an object, got [{'fault': {'kind': 'hang'}}]",
    "": "own.yaml, line 1: must be an object, got None",
    "rules: [\n": "own.yaml, line 2: not YAML: did not find expected node content",
    "rules:\n\t- fault: {kind: hang}\n": "own.yaml, line 2: not YAML: found character that cannot start any token",
    "title: !!python/name:os.system\n": (
        "own.yaml, line 1: not YAML: could not determine a constructor for the tag "
        "'tag:yaml.org,2002:python/name:os.system'"
    ),
    "name: a b\nrules: [{fault: {kind: hang}}]\n": (
        "own.yaml, line 1: name: must be text like ^[A-Za-z0-9][A-Za-z0-9._-]*$, got 'a b'"
    ),
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_what_is_wrong_is_told_by_file_line_and_field(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "own.yaml", name="own")
    assert str(caught.value) == told
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(SettingError) as at_start:
        MockServer(scenario=str(tmp_path / "own.yaml"))
    assert str(at_start.value) == f"{tmp_path}/{told}"
