"""5,000 exchanges: what the page does in a frame, and what it holds, depends on what is in sight alone."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.dashboard.conftest import Clients, Open

pytestmark = pytest.mark.e2e
MANY = 5000
ROWS = 40
"""More rows than fit on the screen, with those that are kept ready beyond its edges."""

WATCH = """() => {
    window.frames_ = [];
    let nodes = 0;
    new MutationObserver(records => { for (const record of records) nodes += record.addedNodes.length; })
        .observe(document.querySelector('.list-rows'), {childList: true});
    const frame = () => { frames_.push(nodes); nodes = 0; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
}"""
SCROLL = """async steps => {
    const list = document.querySelector('.list');
    for (let step = 0; step <= steps; step += 1) {
        list.scrollTop = (list.scrollHeight - list.clientHeight) * step / steps;
        await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    return document.querySelector('.list-rows').lastElementChild.textContent;
}"""


def fill(clients: Clients) -> None:
    def some(worker: int) -> None:
        connection = HTTPConnection(urlsplit(clients.server.url).netloc)
        headers = {"Authorization": f"Bearer sk-api-worker-{worker}", "Content-Type": "application/json"}
        for number in range(MANY // 10):
            body = json.dumps({"model": "image-01", "prompt": f"boat {worker} {number}"})
            connection.request("POST", "/v1/image_generation", body, headers)
            connection.getresponse().read()
        connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(some, range(10)))


def metrics(page: Any) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    return {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}


def test_5000_exchanges_stay_smooth(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.generate(prompt="the very first")
    page = open_page()
    page.evaluate(WATCH)
    few = metrics(page)
    fill(clients)
    expect(page.get_by_text(f"{MANY + 1} exchanges", exact=True)).to_be_visible(timeout=60_000)
    assert page.locator(".list-row").count() < ROWS
    streamed = page.evaluate("frames_.splice(0)")
    assert max(streamed) < 2 * ROWS, "more than a screen of rows was built in one frame"

    assert "the very first" in page.evaluate(SCROLL, 60)
    scrolled = page.evaluate("frames_.splice(0)")
    assert max(scrolled) < 2 * ROWS
    assert page.locator(".list-row").count() < ROWS

    page.get_by_role("search").get_by_label("Text").press_sequentially("boat 7 499")
    expect(page.get_by_text(f"1 of {MANY + 1} exchanges")).to_be_visible()
    filtered = page.evaluate("frames_.splice(0)")
    assert max(filtered) < 2 * ROWS
    page.get_by_role("search").get_by_label("Text").fill("")

    many = metrics(page)
    assert many["Nodes"] - few["Nodes"] < 3000, "the page holds elements of rows that are out of sight"
    assert (many["JSHeapUsedSize"] - few["JSHeapUsedSize"]) / MANY < 4000, "bytes an exchange"
    for name in ("Nodes", "JSHeapUsedSize"):
        logging.getLogger(__name__).info("%s: %s before, %s with %d exchanges", name, few[name], many[name], MANY)
    page.reload()
    expect(page.get_by_text(f"{MANY + 1} exchanges", exact=True)).to_be_visible(timeout=60_000)
    assert page.locator(".list-row").count() < ROWS


def test_who_has_scrolled_keeps_seeing_the_same_rows(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    for number in range(60):
        clients.generate(prompt=f"picture {number}")
    page = open_page()
    expect(page.get_by_text("60 exchanges", exact=True)).to_be_visible()
    page.evaluate("document.querySelector('.list').scrollTop = 1040")
    row = page.locator(".list-row", has_text="picture 35 ").or_(page.locator(".list-row", has_text="picture 35image"))
    row.first.wait_for()
    before = row.first.bounding_box()
    for number in range(7):
        clients.generate(prompt=f"later {number}")
    expect(page.get_by_text("67 exchanges", exact=True)).to_be_visible()
    expect(page.locator(".list")).to_have_js_property("scrollTop", 1040 + 7 * 52)
    assert row.first.bounding_box() == before
