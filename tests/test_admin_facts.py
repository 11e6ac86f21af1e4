"""What forms need to know of accounts, profiles and limits; and fault rules that rest."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer
from mock_server.claims import of_switches
from mock_server.core.profile import PROFILES, SWITCHES
from mock_server.settings import PER_ACCOUNT
from tests.wire import Generate


@pytest.fixture
def admin(account: MockAccount, http: httpx.Client) -> Any:
    def call(method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {account.api_key}"}
        return http.request(method, f"{account.base_url()}/_mock/{path}", headers=headers, **options).json()

    return call


def test_profiles_come_with_their_questions_and_claims(admin: Any) -> None:
    said = admin("GET", "profiles")
    assert [item["name"] for item in said["profiles"]] == list(PROFILES)
    known = of_switches()
    for item, row in zip(said["switches"], SWITCHES, strict=True):
        claim = known[row.field]
        assert (item["field"], item["question"], item["answers"]) == (row.field, row.question, list(row.answers))
        assert (item["claim"], item["says"]) == (claim.id, claim.says)
        assert (item["grade"], item["source"]) == (claim.grade, claim.source)


def test_the_schema_has_every_setting_of_an_account(admin: Any) -> None:
    properties = admin("GET", "schema/account")["properties"]
    assert list(properties) == list(PER_ACCOUNT)
    assert properties["rpm"]["type"] == ["integer", "null"]
    assert properties["limits"]["enum"] == ["none", "documented"]
    assert (properties["balance_usd"]["minimum"], properties["fault_header"]["type"]) == (0, "boolean")


def test_the_use_of_limits_is_told_with_its_times(admin: Any, generate: Generate) -> None:
    admin("PATCH", "account", json={"rpm": 2, "plan_images": 10})
    now = admin("POST", "clock", json={"freeze": True})["now"]
    for _ in range(3):
        generate(n=2)
    use = admin("GET", "account/usage")
    assert use["now"] == now
    assert (use["calls"]["limit"], use["calls"]["used"], use["calls"]["seconds"]) == (2, 2, 60)
    assert use["calls"]["counts"] == [[now, now, 1], [now, now + 60, 1], [now, now + 60, 1]]
    assert use["images"]["limit"] is None
    assert use["plan_images"]["counts"] == [[now, now + 5 * 3600, 2]] * 2
    admin("POST", "clock", json={"advance": 61})
    use = admin("GET", "account/usage")
    assert (use["calls"]["used"], len(use["calls"]["counts"])) == (0, 3)


def test_the_use_of_limits_is_that_of_one_account(http: httpx.Client, server: MockServer) -> None:
    answer = http.get(f"{server.url}/_mock/account/usage")
    assert (answer.status_code, "say whose" in answer.json()["error"]) == (400, True)


def test_accounts_are_listed_by_their_labels_and_latest(http: httpx.Client) -> None:
    with MockServer() as server:
        labels = [server.account(f"sk-api-number-{number}").describe()["account"] for number in range(3)]
        assert http.get(f"{server.url}/_mock/accounts").json() == {"accounts": labels}
        latest = http.get(f"{server.url}/_mock/account?limit=2").json()["accounts"]
        assert [item["account"] for item in latest] == labels[1:]
        assert http.get(f"{server.url}/_mock/account?limit=0").status_code == 400


def code(generate: Generate) -> int:
    found: int = generate().json()["base_resp"]["status_code"]
    return found


def test_paused_rules_neither_fire_nor_count(admin: Any, generate: Generate) -> None:
    admin("POST", "faults", json={"fault": {"kind": "status_code", "code": 1002}, "times": 2})
    assert code(generate) == 1002
    assert admin("POST", "faults/pause", json={"paused": True}) == {"paused": True}
    assert [code(generate), code(generate)] == [0, 0]
    listed = admin("GET", "faults")
    assert (listed["paused"], listed["faults"][0]["matched"], listed["faults"][0]["left"]) == (True, 1, 1)
    assert admin("GET", "account")["faults_paused"] is True
    assert generate(prompt="x [[mock:1008]]").json()["base_resp"]["status_code"] == 1008
    assert admin("POST", "faults/pause", json={"paused": False}) == {"paused": False}
    assert [code(generate), code(generate)] == [1002, 0]


def test_a_pause_for_all_is_also_one_of_accounts_to_come_until_a_reset(http: httpx.Client) -> None:
    with MockServer(scenario="1008") as server:

        def outcome(key: str) -> int:
            headers, body = {"Authorization": f"Bearer {key}"}, {"model": "image-01", "prompt": "x"}
            answer = http.post(f"{server.url}/v1/image_generation", json=body, headers=headers).json()
            return int(answer["base_resp"]["status_code"])

        assert outcome("sk-api-first") == 1008
        http.post(f"{server.url}/_mock/faults/pause", json={"paused": True})
        assert [outcome("sk-api-first"), outcome("sk-api-second")] == [0, 0]
        http.post(f"{server.url}/_mock/faults/pause?account=sk-api-first", json={"paused": False})
        assert [outcome("sk-api-first"), outcome("sk-api-second")] == [1008, 0]
        server.reset()
        assert [outcome("sk-api-first"), outcome("sk-api-second")] == [1008, 1008]


def test_the_python_account_pauses_its_rules(account: MockAccount, generate: Generate) -> None:
    account.add_fault("status_code", code=1002)
    account.pause_faults()
    assert code(generate) == 0
    account.pause_faults(False)
    assert code(generate) == 1002


@pytest.mark.parametrize("body", [{}, {"paused": "yes"}, {"paused": None}, {"pause": True}])
def test_a_wrong_pause_is_refused(admin: Any, body: dict[str, Any]) -> None:
    assert "paused" in admin("POST", "faults/pause", json=body)["error"]
