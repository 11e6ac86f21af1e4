"""The live journal: what is shown of each exchange, filters, and that nothing is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.dashboard.conftest import PUBLIC, Clients, Open

pytestmark = pytest.mark.e2e
HOSTILE = "<script>document.title='pwned'</script><img src=x onerror=alert(1)>"
CHINESE = "水墨山水，远处有一座灯塔"


def rows(page: Any) -> Any:
    return page.get_by_role("grid").locator(".list-rows").get_by_role("row")


def texts(page: Any) -> list[str]:
    """The rows from top to bottom."""
    found: list[str] = rows(page).all_inner_texts()
    return found


def test_exchanges_stream_in_with_what_is_to_know_of_each(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    page = open_page()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    clients.generate(n=5, aspect_ratio="16:9")
    row = rows(page).first
    expect(row).to_contain_text("minimax")
    for part in ("generate", "sk-api*", "a lighthouse at dawn", "image-01 n=5 1280×720", "ok", "+2"):
        expect(row).to_contain_text(part)
    assert re.search(r"\d\d:\d\d:\d\d", row.inner_text())
    assert re.search(r"\d+(\.\d+)? m?s", row.inner_text())
    assert row.locator("img").count() == 3
    expect(row.get_by_role("img", name="image 1, 1280 by 720")).to_be_visible()
    expect(row.locator("img").first).to_have_js_property("naturalWidth", 192)
    clients.generate("sk-api-mock-1002x1")
    expect(rows(page)).to_have_count(2)
    expect(rows(page).first).to_contain_text("1002 rate limited")
    expect(rows(page).first.locator(".fault")).to_have_text("status_code")
    clients.fal(num_images=2)
    expect(rows(page).first).to_contain_text("a fox in the snow")
    expect(rows(page).first.locator("img")).to_have_count(2)


def test_looking_at_thumbnails_writes_no_journal(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.generate(n=3)
    page = open_page()
    expect(rows(page).first.locator("img")).to_have_count(3)
    for number in range(3):
        expect(rows(page).first.locator("img").nth(number)).to_have_js_property("naturalWidth", 192)
    assert len(clients.admin("GET", "journal")["exchanges"]) == 1


def test_filters_by_account_face_outcome_and_text(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.generate(prompt="a red boat")
    clients.generate("sk-api-carol", prompt="a green boat")
    clients.generate(n=0, prompt="no boat")
    clients.fal(prompt="a fal boat")
    clients.admin("POST", "faults", json={"fault": {"kind": "partial", "failed": 1}, "times": 1})
    clients.generate(n=3, prompt="two boats")
    page = open_page()
    expect(rows(page)).to_have_count(5)

    def shown(*prompts: str) -> None:
        expect(rows(page)).to_have_count(len(prompts))
        for row, prompt in zip(texts(page), prompts, strict=True):
            assert prompt in row

    filters = page.get_by_role("search")
    filters.get_by_label("Face").select_option("fal")
    shown("a fal boat")
    filters.get_by_label("Face").select_option("")
    filters.get_by_label("Outcome").select_option("refused")
    shown("no boat")
    filters.get_by_label("Outcome").select_option("partial")
    shown("two boats")
    filters.get_by_label("Outcome").select_option("")
    filters.get_by_label("Text").fill("BOATS")
    shown("two boats")
    filters.get_by_label("Text").fill("")
    carol = clients.admin("GET", "account", headers={"Authorization": "Bearer sk-api-carol"})["account"]
    page.locator("#scope").select_option(carol)
    shown("a green boat")
    expect(page.get_by_text("1 of 5 exchanges")).to_be_visible()
    filters.get_by_label("Text").fill("nothing like this")
    expect(page.get_by_text("No exchange is like that.")).to_be_visible()


def test_markup_and_chinese_are_shown_as_text(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    for prompt in (HOSTILE, CHINESE):
        clients.generate(prompt=prompt)
    page = open_page()
    expect(rows(page).nth(0)).to_contain_text(CHINESE)
    expect(rows(page).nth(1)).to_contain_text(HOSTILE)
    for number, prompt in ((1, HOSTILE), (0, CHINESE)):
        rows(page).nth(number).click()
        panel = page.get_by_role("region", name="Exchange")
        expect(panel.locator(".prompt-whole")).to_have_text(prompt)
        expect(panel.get_by_label("Request as it went over the wire")).to_contain_text(prompt)
    page.goto(f"http://{PUBLIC}/_mock/#faults")
    page.goto(f"http://{PUBLIC}/_mock/#verdict")
    assert page.locator("main script, main [onerror]").count() == 0
    assert "minimax-mock" in page.title()


def test_a_reload_and_a_second_window_have_all_that_the_journal_has(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    for number in range(12):
        clients.generate(prompt=f"picture {number}")
    first, second = open_page(), open_page()
    for page in (first, second):
        expect(rows(page)).to_have_count(12)
    clients.generate(prompt="seen by both")
    for page in (first, second):
        expect(rows(page).first).to_contain_text("seen by both")
    before = texts(first)
    first.reload()
    expect(rows(first)).to_have_count(13)
    assert texts(first) == texts(second) == before
    for picture in first.locator(".list-rows img").all():  # a picture that is cleared while it loads is a 404
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    first.get_by_role("button", name="Clear").click()
    for page in (first, second):
        expect(page.get_by_text("Nothing yet.")).to_be_visible()


def test_what_the_journal_made_room_for_leaves_every_window(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.generate(prompt="the first of all")
    page = open_page()
    expect(rows(page)).to_have_count(1)
    for _ in range(60):  # 250 KB each, of which the journal keeps 12 MiB
        clients.generate(prompt="x" * 250_000)
    kept = len(clients.admin("GET", "journal?view=ids")["exchanges"])
    assert kept < 61
    expect(page.get_by_text(f"{kept} exchanges")).to_be_visible()
    other = open_page()
    expect(other.get_by_text(f"{kept} exchanges")).to_be_visible()


def test_the_emulator_may_go_and_come_back(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.generate(prompt="before")
    page = open_page()
    expect(rows(page)).to_have_count(1)
    page.context.set_offline(True)
    clients.generate(prompt="meanwhile")
    page.context.set_offline(False)
    clients.generate(prompt="after")
    expect(rows(page)).to_have_count(3)
    assert ["after" in texts(page)[0], "meanwhile" in texts(page)[1], "before" in texts(page)[2]] == [True] * 3
