"""A browser, an emulator, and clients that talk to it; no page may ask strangers for anything or complain."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mock_server import MockServer

PUBLIC = "localhost:8484"
"""What the browser calls the emulator, whose real port is another each time: pictures and lines stay the same."""
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
Open = Callable[..., Any]


class Clients:
    """Requests as clients of the three faces send them."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self._http = httpx.Client(base_url=server.url, headers={"Host": PUBLIC}, trust_env=False, timeout=30)

    def close(self) -> None:
        self._http.close()

    def generate(self, key: str = "sk-api-alice", **fields: Any) -> httpx.Response:
        body = {"model": "image-01", "prompt": "a lighthouse at dawn"} | fields
        return self._http.post("/v1/image_generation", json=body, headers={"Authorization": f"Bearer {key}"})

    def fal(self, key: str = "fal-key-of-bob", **fields: Any) -> httpx.Response:
        body = {"prompt": "a fox in the snow"} | fields
        return self._http.post("/fal/run/fal-ai/minimax/image-01", json=body, headers={"Authorization": f"Key {key}"})

    def download(self, url: str) -> httpx.Response:
        parts = urlsplit(url)
        return self._http.get(f"{parts.path}?{parts.query}")

    def admin(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, f"/_mock/{path}", **options)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def emulator() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def clients(emulator: MockServer) -> Iterator[Clients]:
    emulator.reset()
    found = Clients(emulator)
    yield found
    found.close()
    emulator.reset()


@pytest.fixture(scope="module")
def browser(emulator: MockServer) -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    chromium = shutil.which("chromium")
    assert chromium, "install chromium: apt-get install chromium"
    expect.set_options(timeout=15_000)
    rules = f"--host-resolver-rules=MAP {PUBLIC} 127.0.0.1:{urlsplit(emulator.url).port}"
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=[rules, "--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any, clients: Clients) -> Iterator[Open]:
    """Opens a page of the dashboard in a window of its own; what it complains about, or asks strangers for, fails."""
    contexts, told, asked = [], [], []

    def opened(page_name: str = "journal", **options: Any) -> Any:
        usual = {"viewport": DESK, "timezone_id": "UTC", "locale": "en-GB", "color_scheme": "light"}
        context = browser.new_context(**(usual | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://{PUBLIC}/_mock/#{page_name}")
        page.get_by_text("live", exact=True).wait_for()
        return page

    opened.told, opened.asked = told, asked  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert told == []
    assert {urlsplit(url).netloc for url in asked if not url.startswith("blob:")} <= {PUBLIC}
