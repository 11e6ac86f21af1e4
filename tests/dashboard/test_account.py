"""Balance, limits over time, profile with its questions, seed, clock; and the verdict."""

from __future__ import annotations

import pytest

from mock_server.core.credentials import label
from tests.dashboard.conftest import PUBLIC, Clients, Open

pytestmark = pytest.mark.e2e
ALICE = {"Authorization": "Bearer sk-api-alice"}


def test_balance_and_seed_of_an_account(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.admin("PATCH", "account", headers=ALICE, json={"balance_usd": 1, "seed": 42})
    clients.generate(n=2)
    page = open_page("account")
    page.get_by_label("The account of a key").fill("sk-api-alice")
    page.get_by_role("button", name="Open").click()
    tiles = page.locator(".tiles")
    for text in ("$0.993", "$0.007", "42"):
        expect(tiles).to_contain_text(text)
    clients.generate(n=2)
    expect(tiles).to_contain_text("$0.986")
    seed = page.get_by_role("region", name="Settings").get_by_label("seed")
    expect(seed).to_have_value("42")
    seed.fill("9223372036854775807")
    page.get_by_role("button", name="Save").click()
    expect(tiles).to_contain_text("9223372036854775807")
    assert clients.admin("GET", "account", headers=ALICE)["seed"] == 9223372036854775807


def test_every_setting_can_be_changed_and_emptied(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.admin("GET", "account", headers=ALICE)
    page = open_page("account")
    page.locator("#scope").select_option(index=1)
    form = page.get_by_role("region", name="Settings")
    declared = clients.admin("GET", "schema/account")["properties"]
    for name in declared:
        if name != "profile":
            expect(form.get_by_label(name, exact=True)).to_be_visible()
    form.get_by_label("rpm").fill("7")
    form.get_by_label("fault_header").select_option("true")
    form.get_by_role("button", name="Save").click()
    page.get_by_text("saved: rpm, fault_header").wait_for()
    found = clients.admin("GET", "account", headers=ALICE)
    assert (found["rpm"], found["fault_header"]) == (7, True)
    form.get_by_label("rpm").fill("")
    form.get_by_role("button", name="Save").click()
    page.get_by_text("saved: rpm", exact=True).wait_for()
    assert clients.admin("GET", "account", headers=ALICE)["rpm"] is None


def test_limits_are_drawn_with_their_use_over_time(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.admin("PATCH", "account", headers=ALICE, json={"rpm": 10, "images_per_minute": 30})
    clients.admin("POST", "clock", headers=ALICE, json={"freeze": True})
    for _ in range(4):
        clients.generate(n=3)
    page = open_page("account")
    page.locator("#scope").select_option(index=1)
    charts = page.get_by_role("region", name="Limits")
    expect(charts.get_by_role("img", name="4 of 10 requests in 60 s")).to_be_visible()
    expect(charts.get_by_role("img", name="12 of 30 images in 60 s")).to_be_visible()
    expect(charts).to_contain_text("images of the plan: no limit")
    flat = charts.locator(".curve").first.get_attribute("d")
    clients.generate()
    expect(charts.get_by_role("img", name="5 of 10 requests in 60 s")).to_be_visible()
    assert charts.locator(".curve").first.get_attribute("d") != flat
    page.get_by_role("button", name="+1 h").click()
    expect(charts.get_by_role("img", name="0 of 10 requests in 60 s")).to_be_visible()


def test_each_switch_stands_for_a_question_and_a_claim(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    from mock_server.claims import of_switches
    from mock_server.core.profile import SWITCHES

    clients.generate()
    page = open_page("account")
    page.locator("#scope").select_option(index=1)
    table = page.locator("table.switches tbody")
    expect(table.get_by_role("row")).to_have_count(len(SWITCHES))
    known = of_switches()
    for row, switch in zip(table.get_by_role("row").all(), SWITCHES, strict=True):
        claim = known[switch.field]
        assert row.get_by_role("rowheader").inner_text() == switch.field
        assert switch.question.replace("`", "") in row.inner_text()
        cell = row.locator(".claim")
        assert cell.locator("div").first.inner_text() == claim.says
        assert cell.locator(".source").inner_text() == f"{claim.grade}: {claim.source} ({claim.id})"
    counts = table.get_by_label("counts: are metadata counts")
    expect(counts).to_have_value("string")
    counts.select_option("integer")
    page.get_by_text("counts: integer").wait_for()
    assert clients.generate().json()["metadata"]["success_count"] == 1
    expect(page.get_by_label("All answers at once")).to_have_value("counts-as-integers")
    page.get_by_label("All answers at once").select_option("io")
    page.get_by_text("profile io").wait_for()
    assert clients.generate().json()["metadata"]["success_count"] == "1"


def test_the_clock_goes_an_hour_a_day_and_stands(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    url = clients.generate().json()["data"]["image_urls"][0]
    before = clients.admin("GET", "clock", headers=ALICE)["now"]
    page = open_page("account")
    page.locator("#scope").select_option(index=1)
    page.get_by_role("button", name="+1 h").click()
    page.get_by_text("an hour later").wait_for()
    expect(page.locator(".clock")).to_contain_text("60 min ahead of this machine")
    assert clients.download(url).status_code == 200
    page.get_by_role("button", name="+24 h").click()
    page.get_by_text("a day later").wait_for()
    assert 90_000 <= clients.admin("GET", "clock", headers=ALICE)["now"] - before < 90_600
    assert clients.download(url).status_code == 403
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator(".clock")).to_contain_text("frozen")
    assert clients.admin("GET", "clock", headers=ALICE)["frozen"] is True
    page.get_by_role("button", name="Let it run").click()
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    assert clients.admin("GET", "clock")["offset"] == pytest.approx(0, abs=1)


def test_without_an_account_the_page_lists_them_all(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    keys = ("sk-api-one-key", "sk-api-two-key")
    for key in keys:
        clients.generate(key)
    page = open_page("account")
    table = page.get_by_role("region", name="Accounts")
    for key in keys:  # a page of the test before may have asked for its account once more after the reset
        expect(table.locator("tbody").get_by_role("row").filter(has_text=label(key))).to_have_count(1)
    page.get_by_role("button", name="+1 h").click()
    page.get_by_text("an hour later").wait_for()
    assert clients.admin("GET", "clock")["offset"] == pytest.approx(3600, abs=60)
    table.get_by_role("button").first.click()
    expect(page.locator(".tiles")).to_be_visible()


def test_the_verdict_leads_from_each_finding_to_its_exchanges(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.generate("sk-api-good-client")
    clients.admin("POST", "scenario", json={"name": "1008"}, headers=ALICE)
    for _ in range(3):
        clients.generate()
    verdict = clients.admin("GET", "verdict", headers=ALICE)
    assert verdict["findings"]
    page = open_page("verdict")
    account = clients.admin("GET", "account", headers=ALICE)["account"]
    section = page.locator("section.verdict", has=page.get_by_role("heading", name=account))
    expect(section.locator(".finding")).to_have_count(len(verdict["findings"]))
    for number, finding in enumerate(verdict["findings"]):
        shown = section.locator(".finding").nth(number)
        for text in (finding["level"], finding["rule"], finding["message"]):
            expect(shown).to_contain_text(text)
        links = shown.locator("p a[href^='#journal/']").all_inner_texts()
        assert links == finding["exchanges"]
    expect(page.locator("section.verdict", has_text="Nothing found")).to_contain_text("sk-api*")
    section.locator(".finding a").first.click()
    expect(page.get_by_role("heading", name=f"Exchange {verdict['findings'][0]['exchanges'][0]}")).to_be_visible()
    assert page.url.startswith(f"http://{PUBLIC}/_mock/#journal/")
