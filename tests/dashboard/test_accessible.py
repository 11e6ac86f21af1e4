"""Everybody can use it: axe, keyboard alone, small windows, light and dark; and nothing foreign runs in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.conftest import DESK, PHONE, PUBLIC, Clients, Open

pytestmark = pytest.mark.e2e
AXE = Path(__file__).parents[1] / "contract" / "report" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ["journal", "journal/LATEST", "faults", "account", "playground", "verdict"]


def traffic(clients: Clients) -> None:
    clients.generate(n=3)
    clients.generate("sk-api-mock-1008", prompt="<b>bold</b> 水墨")
    for _ in range(3):
        clients.generate("sk-api-mock-1008")
    clients.admin("PATCH", "account", json={"rpm": 10})
    clients.admin("POST", "faults", json={"fault": {"kind": "hang_up"}, "when": {"prompt": "never"}})


def settled(page: Any, name: str) -> None:
    """Wait until the page shows what it is about."""
    signs = {
        "journal": ".list-rows .list-row", "journal/LATEST": ".panel h3 >> text=Scenario", "faults": ".scenarios li",
        "account": ".tiles", "playground": "#page-playground .snippet", "verdict": ".finding",
    }  # fmt: skip
    page.locator("#scope").select_option(index=1 if name == "account" else 0)
    page.locator(signs[name]).first.wait_for()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_and_is_accessible(
    colours: str, size: dict[str, int], open_page: Open, clients: Clients
) -> None:
    assert AXE.exists(), "run `make e2e`, which installs axe-core"
    traffic(clients)
    page = open_page(viewport=size, color_scheme=colours)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for name in PAGES:
        latest = clients.admin("GET", "journal?view=ids")["exchanges"][-1]
        page.evaluate("name => { location.hash = name; }", name.replace("LATEST", latest))
        settled(page, name)
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room == size["width"], name
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        broken = [(rule["id"], rule["help"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]]
        assert broken == [], name


def focused(page: Any) -> str:
    found: str = page.evaluate(
        "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        " || document.activeElement.getAttribute('aria-label')"
    )
    return found


def test_the_journal_is_used_with_the_keyboard_alone(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    for number in range(60):
        clients.generate(prompt=f"picture {number}")
    page = open_page()
    expect(page.get_by_text("60 exchanges", exact=True)).to_be_visible()
    order = []
    for _ in range(12):
        page.keyboard.press("Tab")
        order.append(focused(page))
    assert order[:7] == ["To the content", "Journal", "Faults", "Account", "Playground", "Verdict", "Account"]
    assert order[7:11] == ["Face", "Outcome", "Text", "Clear"]
    assert page.evaluate("document.activeElement.getAttribute('role')") == "grid"
    active = page.locator(".list-row[aria-selected=true]")
    for key, prompt in (
        ("ArrowDown", 58),
        ("End", 0),
        ("ArrowUp", 1),
        ("PageUp", None),
        ("Home", 59),
        ("ArrowDown", 58),
    ):
        page.keyboard.press(key)
        expect(active).to_have_count(1)
        assert page.locator(".list").get_attribute("aria-activedescendant") == active.get_attribute("id")
        if prompt is not None:
            expect(active).to_contain_text(f"picture {prompt}")
        expect(active).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Exchange [0-9]+"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Exchange", exact=True)).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "grid"
    page.keyboard.press("ArrowDown")
    expect(active).to_contain_text("picture 57")


def test_a_fault_is_set_with_the_keyboard_alone(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    page = open_page("faults")
    page.get_by_label("Kind of fault").focus()
    page.keyboard.type("hang_")
    page.keyboard.press("Tab")
    for _ in range(9):
        if focused(page) == "Add to all":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is at work for all accounts")
    assert clients.admin("GET", "faults")["faults"][0]["fault"] == {"kind": "hang_up"}


def test_new_exchanges_are_told_politely_and_together(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    page = open_page()
    said = page.get_by_role("status")
    assert said.get_attribute("aria-live") == "polite"
    for _ in range(5):
        clients.generate()
    expect(said).to_have_text("5 new exchanges")


def test_rows_tell_their_place_among_all(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    for _ in range(40):
        clients.generate()
    page = open_page()
    grid = page.get_by_role("grid", name="Exchanges, newest first")
    expect(grid).to_have_attribute("aria-rowcount", "41")
    places = grid.locator(".list-rows .list-row").evaluate_all("rows => rows.map(row => row.ariaRowIndex)")
    assert places == [str(number) for number in range(2, len(places) + 2)]


def test_nothing_inline_and_nothing_foreign_runs(open_page: Open, clients: Clients) -> None:
    page = open_page()
    page.evaluate("""() => {
        window.hit = [];
        document.addEventListener('securitypolicyviolation', event => hit.push(event.effectiveDirective));
        const add = (tag, props) => document.body.append(Object.assign(document.createElement(tag), props));
        add('script', {textContent: 'window.ran = true'});
        add('script', {src: 'https://evil.example/x.js'});
        add('style', {textContent: 'body { display: none }'});
        add('img', {src: 'https://evil.example/x.png'});
        add('iframe', {src: '/_mock/'});
        add('base', {href: 'https://evil.example/'});
        fetch('https://evil.example/').catch(() => {});
    }""")
    page.wait_for_timeout(300)
    hit = set(page.evaluate("window.hit"))
    assert {"script-src-elem", "style-src-elem", "img-src", "frame-src", "base-uri", "connect-src"} <= hit
    assert page.evaluate("window.ran") is None
    page.evaluate("document.querySelectorAll('base, body > img, body > iframe').forEach(item => item.remove())")
    open_page.told.clear()  # type: ignore[attr-defined]  # the browser says what it blocked
    open_page.asked.clear()  # type: ignore[attr-defined]
    assert page.url.startswith(f"http://{PUBLIC}/")
