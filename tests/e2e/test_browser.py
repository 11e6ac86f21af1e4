"""What a real browser may and may not do with the admin API."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_server import MockServer

pytestmark = pytest.mark.e2e

TOKEN = "correct-horse-battery"
ASK = """async ([method, path]) => {
  try { const answer = await fetch(path, {method}); return [answer.status, await answer.text()]; }
  catch (error) { return [0, String(error)]; }
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for which a stranger's name leads to this machine, as after DNS rebinding."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
        started = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=[rules, "--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


def test_a_rebound_page_can_neither_read_nor_change(browser: Any) -> None:
    with MockServer() as server:
        page = browser.new_page()
        page.goto(f"http://evil.example:{urlsplit(server.url).port}/")
        for method, path in [("GET", "/_mock/journal"), ("GET", "/_mock/events"), ("POST", "/_mock/reset")]:
            status, text = page.evaluate(ASK, [method, path])
            assert status == 403, (method, path)
            assert "--admin-hosts evil.example" in text


def test_a_page_of_another_origin_can_neither_read_nor_change(browser: Any) -> None:
    with MockServer() as server, MockServer() as other:
        server.account("sk-api-kept-account").describe()
        page = browser.new_page()
        page.goto(f"{other.url}/")
        for method, path in [("GET", "/_mock/account"), ("POST", "/_mock/reset"), ("DELETE", "/_mock/journal")]:
            status, text = page.evaluate(ASK, [method, server.url + path])
            assert status == 0, text
        assert len(server._engine.state.accounts()) == 1


def test_its_own_pages_can_and_a_link_with_the_token_lets_in(browser: Any) -> None:
    with MockServer(admin_token=TOKEN) as server:
        page = browser.new_context().new_page()
        page.goto(f"{server.url}/_mock/")
        assert "the admin API needs the admin token" in page.content()
        page.goto(f"{server.url}/_mock/?token={TOKEN}")
        assert page.url == f"{server.url}/_mock/"
        assert "minimax-mock" in page.title()
        assert page.evaluate(ASK, ["POST", "/_mock/reset"])[0] == 200
        assert page.evaluate("document.cookie") == ""


def test_the_stream_is_read_by_an_event_source(browser: Any) -> None:
    with MockServer() as server:
        page = browser.new_context().new_page()
        page.goto(f"{server.url}/_mock/")
        page.evaluate("""() => new Promise(done => {
          window.told = [];
          const source = new EventSource("/_mock/events");
          window.both = new Promise(heard => {
            for (const name of ["exchange", "cleared"])
              source.addEventListener(name, event => {
                if (told.push([name, event.lastEventId, JSON.parse(event.data)]) === 2) heard(told);
              });
          });
          source.onopen = done;
        })""")
        page.evaluate(ASK, ["GET", "/nothing"])
        server.reset()
        (first, number, exchange), cleared = page.evaluate("both")
        assert (first, number, exchange["path"]) == ("exchange", exchange["id"], "/nothing")
        assert cleared == ["cleared", number, {"account": None}]
