"""Names that do not exist, or that mean nothing: told with the nearest, wherever they are written."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_server import MockServer
from mock_server.faults.library import Library
from mock_server.settings import SettingError
from tests.scenarios.caller import Caller

COUNT = len(Library().names())
LISTS = f"`minimax-mock scenarios` lists all {COUNT}"
WRONG = {
    "rate-limit-than-ok": f"no scenario 'rate-limit-than-ok'; did you mean 'rate-limit-then-ok'? {LISTS}",
    "Hang": f"no scenario 'Hang'; did you mean 'hang'? {LISTS}",
    "expired-url": f"no scenario 'expired-url'; did you mean 'expired-urls'? {LISTS}",
    "10022": f"no scenario '10022'; did you mean '1002'? {LISTS}",
    "1003x2": f"no scenario '1003'; did you mean '1002'? {LISTS}",
    "1002x": f"no scenario '1002x'; did you mean '1002'? {LISTS}",
    "zzz": f"no scenario 'zzz'; {LISTS}",
    "1002x0": "'1002x0' means no call at all; the least is '1002x1'",
    "counts-as-integersx2": "scenario 'counts-as-integers' cannot be limited to 2 calls: it sets the account's profile",
    "intermittent-system-errorx2": "scenario 'intermittent-system-error' begins after call 2",
}


def told(server: MockServer, key: str, prompt: str) -> Any:
    with httpx.Client(trust_env=False) as client:
        return Caller(server.account(key), client).said(prompt=prompt)["base_resp"]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_key_is_refused_as_a_key(name: str, server: MockServer) -> None:
    for _ in range(2):
        base = told(server, f"sk-api-mock-{name}--anybody", "a cat")
        assert base == {"status_code": 2049, "status_msg": f"minimax-mock: {WRONG[name]}"}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_prompt_is_refused_as_a_parameter(name: str, server: MockServer) -> None:
    for _ in range(2):
        base = told(server, "sk-api-test-names", f"a cat [[mock:{name}]]")
        assert base == {"status_code": 2013, "status_msg": f"invalid params, minimax-mock: {WRONG[name]}"}
    assert told(server, "sk-api-test-names", "a cat")["status_code"] == 0


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_option_stops_the_start(name: str) -> None:
    with pytest.raises(SettingError) as caught:
        MockServer(scenario=name)
    assert str(caught.value) == WRONG[name]


def test_one_wrong_name_of_several_is_told() -> None:
    with pytest.raises(SettingError, match="no scenario 'hangs'; did you mean 'hang'"):
        MockServer(scenario=("1002x1", "hangs"))


def test_an_empty_magic_prompt_is_told(server: MockServer) -> None:
    base = told(server, "sk-api-test-names", "a cat [[mock:]]")
    assert base["status_msg"] == f"invalid params, minimax-mock: no scenario ''; {LISTS}"


def test_a_wrong_folder_stops_the_start() -> None:
    with pytest.raises(SettingError) as caught:
        MockServer(scenario_dir="no/such/folder")
    assert str(caught.value) == "scenario_dir must be a folder, got 'no/such/folder'"


def test_a_wrong_file_stops_the_start() -> None:
    with pytest.raises(SettingError) as caught:
        MockServer(scenario="no/such/file.yaml")
    assert str(caught.value) == "cannot read the scenario file 'no/such/file.yaml': No such file or directory"


@pytest.mark.parametrize("key", ["sk-api-mock-", "sk-api-mock--alice", "sk-api-hammock", "mock"])
def test_a_key_that_only_looks_magic_is_an_ordinary_one(key: str, server: MockServer) -> None:
    assert told(server, key, "a cat")["status_code"] == 0
