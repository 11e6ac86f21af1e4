"""Fault rules, scenarios and the verdict over the admin API, scoped to one account or to all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockServer

RULE = {"when": {"endpoint": "generate"}, "fault": {"kind": "status_code", "code": 1002}, "times": 1}
Call = Callable[..., Any]


@pytest.fixture
def own() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def admin(own: MockServer, http: httpx.Client) -> Call:
    """Call the admin API of a server of its own; `key` chooses the account."""

    def call(method: str, path: str, body: Any = None, *, key: str | None = None, status: int = 200) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = http.request(method, f"{own.url}/_mock/{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return call


@pytest.fixture
def code(own: MockServer, http: httpx.Client) -> Callable[[str], int]:
    """The status code that a call with that key gets."""

    def ask(key: str) -> int:
        body = {"model": "image-01", "prompt": "x"}
        headers = {"Authorization": f"Bearer {key}"}
        answer = http.post(f"{own.url}/v1/image_generation", json=body, headers=headers)
        found: int = answer.json()["base_resp"]["status_code"]
        return found

    return ask


def test_a_rule_of_one_account(admin: Call, code: Callable[[str], int]) -> None:
    added = admin("POST", "faults", RULE, key="sk-api-alice")
    assert (code("sk-api-bob-key"), code("sk-api-alice"), code("sk-api-alice")) == (0, 1002, 0)
    (listed,) = admin("GET", "faults", key="sk-api-alice")["faults"]
    assert listed == {"id": added["id"], **RULE, "matched": 2, "fired": 1, "left": 0}
    assert admin("GET", "faults", key="sk-api-bob-key") == {"faults": [], "paused": False}


def test_a_rule_of_all_is_also_one_of_accounts_to_come(admin: Call, code: Callable[[str], int]) -> None:
    assert code("sk-api-alice") == 0
    number = admin("POST", "faults", RULE)["id"]
    assert [code("sk-api-alice"), code("sk-api-alice"), code("sk-api-newcomer")] == [1002, 0, 1002]
    said = admin("GET", "faults")
    assert said["faults"] == [{"id": number, **RULE}]
    assert [item["faults"][0]["fired"] for item in said["accounts"]] == [1, 1]
    admin("DELETE", f"faults/{number}")
    assert admin("GET", "faults") == {"faults": [], "paused": False, "accounts": []}
    assert code("sk-api-another") == 0


def test_rules_are_replaced_together_or_not_at_all(admin: Call) -> None:
    admin("POST", "faults", RULE, key="sk-api-alice")
    wrong = [RULE, {"fault": {"kind": "hng"}}]
    error = admin("PUT", "faults", wrong, key="sk-api-alice", status=400)["error"]
    assert error.startswith("[1].fault.kind: unknown kind 'hng'; did you mean 'hang'?")
    assert len(admin("GET", "faults", key="sk-api-alice")["faults"]) == 1
    for body in ([RULE, RULE], {"faults": [RULE, RULE]}):
        assert len(admin("PUT", "faults", body, key="sk-api-alice")["ids"]) == 2
    assert len(admin("GET", "faults", key="sk-api-alice")["faults"]) == 2
    admin("DELETE", "faults", key="sk-api-alice")
    assert admin("GET", "faults", key="sk-api-alice") == {"faults": [], "paused": False}


@pytest.mark.parametrize("body", [3, "x", None, {"rules": []}, {"faults": {}}])
def test_what_is_no_list_of_rules_is_refused(admin: Call, body: Any) -> None:
    assert "the body " in admin("PUT", "faults", body, status=400)["error"]


def test_a_rule_that_is_not_there_cannot_be_taken_out(admin: Call) -> None:
    assert admin("DELETE", "faults/77", status=404) == {"error": "no fault rule '77'; GET /_mock/faults lists them"}


def test_a_scenario_by_name_and_in_full(admin: Call, code: Callable[[str], int]) -> None:
    assert admin("POST", "scenario", {"name": "1008x1"}, key="sk-api-alice")["scenario"] == "1008x1"
    assert [code("sk-api-alice"), code("sk-api-alice")] == [1008, 0]
    whole = {"name": "mine", "account": {"balance_usd": 0}, "rules": [RULE]}
    assert len(admin("POST", "scenario", whole, key="sk-api-alice")["ids"]) == 1
    assert [code("sk-api-alice"), code("sk-api-alice")] == [1002, 1008]
    admin("POST", "scenario", {"name": "1033"})
    assert [code("sk-api-alice"), code("sk-api-newcomer")] == [1033, 1033]


def test_the_latest_scenario_goes_first(admin: Call, code: Callable[[str], int]) -> None:
    for name in ("1008x1", "1033"):
        admin("POST", "scenario", {"name": name}, key="sk-api-alice")
    assert [code("sk-api-alice"), code("sk-api-alice")] == [1033, 1033]


def test_a_scenario_for_all_sets_what_accounts_to_come_have(admin: Call, code: Callable[[str], int]) -> None:
    admin("POST", "scenario", {"account": {"balance_usd": 0, "profile": {"counts": "integer"}}})
    assert code("sk-api-newcomer") == 1008
    assert admin("GET", "account", key="sk-api-newcomer")["switches"]["counts"] == "integer"
    admin("POST", "reset")
    assert code("sk-api-newcomer") == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"name": "partial-failur"}, "no scenario 'partial-failur'; did you mean 'partial-failure'?"),
        ({"name": "x", "rules": [{"fault": {"kind": "hng"}}]}, "rules[0].fault.kind: unknown kind 'hng'"),
        ({"account": {"rpmm": 3}}, "account.rpmm: 'rpmm' is not an account setting; did you mean 'rpm'?"),
        ({"account": {"profile": "cnn"}}, "account.profile: unknown profile 'cnn'; did you mean 'cn'?"),
        ({"account": {"profile": {"count": "x"}}}, "unknown profile switch 'count'; did you mean 'counts'?"),
        ({}, "has no effect: give `rules`, `account` or both"),
        ({"name": "/etc/passwd"}, "no scenario '/etc/passwd'"),
    ],
)
def test_a_wrong_scenario_is_refused(admin: Call, body: Any, error: str) -> None:
    assert error in admin("POST", "scenario", body, status=400)["error"]


def test_every_scenario_is_listed_and_a_broken_file_told(tmp_path: Path, http: httpx.Client) -> None:
    (tmp_path / "mine.yaml").write_text("rules: [{fault: {kind: hang}}]")
    (tmp_path / "broken.yaml").write_text("rules: [{fault: {kind: hng}}]")
    with MockServer(scenario_dir=str(tmp_path)) as server:
        said = http.get(f"{server.url}/_mock/scenario").json()
    names = {item["name"] for item in said["scenarios"]}
    assert {"mine", "1002", "black-friday"} <= names
    assert len(said["errors"]) == 1
    assert "broken.yaml, line 1: rules[0].fault.kind: unknown kind 'hng'" in said["errors"][0]


def test_the_verdict_is_that_of_one_account_or_of_each(admin: Call, code: Callable[[str], int]) -> None:
    assert admin("GET", "verdict") == {"findings": [], "requests": 0}
    for key in ("sk-api-mock-1008--alice", "sk-api-good-one"):
        code(key)
        code(key)
    assert admin("GET", "verdict", key="sk-api-good-one")["findings"] == []
    (finding,) = admin("GET", "verdict")["findings"]
    assert (finding["rule"], finding["level"]) == ("retried-what-cannot-succeed", "MUST")
    assert admin("GET", "verdict")["requests"] == 4
