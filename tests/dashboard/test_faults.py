"""Scenarios with a click, rules with their counts, a form for each kind, pause and clear."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dashboard.conftest import Clients, Open

pytestmark = pytest.mark.e2e


def label(clients: Clients, key: str) -> str:
    found: str = clients.admin("GET", "account", headers={"Authorization": f"Bearer {key}"})["account"]
    return found


def cells(page: Any, row: int = 0) -> list[str]:
    found: list[str] = page.locator("table.rules tbody tr").nth(row).locator("th, td").all_inner_texts()
    return found


def code(clients: Clients, key: str = "sk-api-alice") -> int:
    found: int = clients.generate(key).json()["base_resp"]["status_code"]
    return found


def test_every_scenario_is_there_with_its_explanation(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    known = clients.admin("GET", "scenario")["scenarios"]
    page = open_page("faults")
    items = page.locator(".scenarios > li")
    expect(items).to_have_count(len(known))
    for number, scenario in enumerate(known):
        shown = items.nth(number).text_content()
        for word in ("name", "title", "reproduces", "good_client"):
            assert scenario.get(word, "") in shown, scenario["name"]
    page.get_by_label("Find").fill("black-friday")
    expect(page.locator(".scenarios > li:visible")).to_have_count(1)


def test_one_click_applies_a_scenario_to_an_account_or_to_all(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    alice = label(clients, "sk-api-alice")
    page = open_page("faults")
    page.get_by_role("button", name="Apply to all: 1008").click()
    expect(page.locator("table.rules tbody tr")).to_have_count(1)
    assert [code(clients, "sk-api-alice"), code(clients, "sk-api-new-one")] == [1008, 1008]
    page.get_by_role("button", name="Clear").locator("visible=true").click()
    expect(page.get_by_text("None: every request gets what it deserves.")).to_be_visible()
    page.locator("#scope").select_option(alice)
    page.get_by_role("button", name=f"Apply to {alice}: 1002", exact=True).click()
    expect(page.locator("table.rules tbody tr")).to_have_count(1)
    assert [code(clients, "sk-api-alice"), code(clients, "sk-api-new-one")] == [1002, 0]


def test_rules_tell_how_often_they_fired_and_what_is_left(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    rule = {
        "fault": {"kind": "status_code", "code": 1002},
        "when": {"endpoint": "generate"},
        "times": 3,
        "name": "limit",
    }
    clients.admin("POST", "faults", json=rule)
    page = open_page("faults")
    row = page.locator("table.rules tbody tr")
    expect(row).to_contain_text('limit: status_code {"code": 1002}')
    expect(row.locator("td").nth(6)).to_have_text("3")
    code(clients)
    code(clients)
    expect(row.locator("td").nth(5)).to_have_text("2")
    assert cells(page)[1:8] == [
        "all",
        'limit: status_code {"code": 1002}',
        '{"endpoint": "generate"}',
        "times 3",
        "2",
        "2",
        "1",
    ]
    code(clients, "sk-api-another")
    expect(row.locator("td").nth(6)).to_have_text("1 to 2")
    page.get_by_role("button", name="Remove rule").click()
    expect(page.get_by_text("None: every request gets what it deserves.")).to_be_visible()
    assert code(clients) == 0


def test_rules_rest_while_they_are_paused(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.admin("POST", "faults", json={"fault": {"kind": "status_code", "code": 1002}, "times": 2})
    page, other = open_page("faults"), open_page("faults")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(other.get_by_text("paused", exact=True)).to_be_visible()
    assert [code(clients), code(clients)] == [0, 0]
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("working", exact=True)).to_be_visible()
    assert [code(clients), code(clients), code(clients)] == [1002, 1002, 0]


def test_there_is_a_form_for_every_kind_with_every_parameter(open_page: Open, clients: Clients) -> None:
    schema = clients.admin("GET", "schema/faults")
    page = open_page("faults")
    kind = page.get_by_label("Kind of fault")
    assert kind.locator("option").all_inner_texts() == list(schema["$defs"])
    rule = page.get_by_role("region", name="New rule")
    for name, declared in schema["$defs"].items():
        kind.select_option(name)
        shown = rule.locator("fieldset").first.locator("[name]").evaluate_all("all => all.map(item => item.name)")
        assert shown == [word for word in declared["properties"] if word != "kind"], name
        for word in shown:
            control = rule.locator("fieldset").first.get_by_label(word, exact=word not in declared["required"])
            assert (
                declared["properties"][word]["description"].replace("`", "")
                in page.locator(f"#{control.first.get_attribute('aria-describedby')}").inner_text()
            )


def test_a_rule_is_composed_and_added(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    page = open_page("faults")
    rule = page.get_by_role("region", name="New rule")
    rule.get_by_label("Kind of fault").select_option("http_status")
    rule.get_by_label("status required").fill("503")
    rule.get_by_label("headers").fill('{"Retry-After": "7"}')
    rule.get_by_text("Which calls").click()
    rule.get_by_label("prompt").fill("*boat*")
    rule.get_by_label("nth").fill("1, 3")
    rule.get_by_label("times").fill("5")
    rule.get_by_role("button", name="Add to all").click()
    expect(page.locator("table.rules tbody tr")).to_have_count(1)
    (found,) = clients.admin("GET", "faults")["faults"]
    assert found == {
        "id": found["id"],
        "when": {"prompt": "*boat*", "nth": [1, 3]},
        "fault": {"kind": "http_status", "status": 503, "headers": {"Retry-After": "7"}},
        "times": 5,
    }
    answer = clients.generate(prompt="a boat")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")


def test_a_rule_that_cannot_be_is_refused_with_the_reason(open_page: Open, clients: Clients) -> None:
    page = open_page("faults")
    rule = page.get_by_role("region", name="New rule")
    rule.get_by_label("code required").fill("1003")
    rule.get_by_role("button", name="Add to all").click()
    page.get_by_role("status").get_by_text("code cannot be 1003").wait_for()
    assert clients.admin("GET", "faults")["faults"] == []
    open_page.told.clear()  # type: ignore[attr-defined]  # the browser notes the 400
