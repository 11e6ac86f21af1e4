"""The pictures of docs/dashboard.md, made of the pages as they are: fixed clock, seed, address and window."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.dashboard.conftest import PHONE, Clients, Open

pytestmark = pytest.mark.e2e
FOLDER = Path(__file__).parents[2] / "docs" / "images"
NOON = 1_893_499_200
"""2030-01-01, 12:00 UTC."""
KEEP = 0.01
"""A file stays as it is while fewer of its pixels than this differ: durations do from run to run."""


def traffic(clients: Clients) -> None:
    """A day in the life of an emulator, at noon."""
    now = clients.admin("POST", "clock", json={"freeze": True})["now"]
    clients.admin("POST", "clock", json={"advance": NOON - now})
    clients.admin("PATCH", "account", json={"balance_usd": 25, "rpm": 10})
    urls = clients.generate(n=3, aspect_ratio="16:9").json()["data"]["image_urls"]
    clients.download(urls[0])
    clients.fal(num_images=2)
    clients.generate("sk-api-carol", prompt="水墨山水，远处有一座灯塔", aspect_ratio="21:9")
    clients.generate("sk-api-carol", prompt="<script>alert('a prompt is text')</script>")
    for _ in range(4):
        clients.generate("sk-api-mock-1008--dave", prompt="a red boat")
    clients.admin("POST", "scenario", json={"name": "1002x2"})
    clients.admin(
        "POST", "faults", json={"fault": {"kind": "partial", "failed": 2}, "when": {"n": 5}, "name": "strict"}
    )
    for n in (1, 1, 5, 2):
        clients.generate(prompt="a lighthouse in a storm", n=n)


def opened_exchange(page: Any) -> None:
    page.locator(".list-row", has_text="水墨").click()
    page.get_by_role("heading", name="Scenario").wait_for()


def account(page: Any) -> None:
    page.locator("#scope").select_option(index=1)
    page.get_by_role("img", name="of 10 requests").wait_for()


def switches(page: Any) -> None:
    account(page)
    page.locator("table.switches").evaluate("table => table.scrollIntoView()")


def played(page: Any) -> None:
    page.get_by_label("prompt required").fill("a lighthouse at dawn, oil on canvas")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("region", name="Answer").get_by_role("heading", name="Scenario").wait_for()
    page.get_by_text("answered with HTTP 200").wait_for(state="hidden")


def nothing(page: Any) -> None:
    page.locator(".list-row img, .scenarios li, .finding").locator("visible=true").first.wait_for()


SHOTS: dict[str, tuple[str, Callable[[Any], None], dict[str, Any]]] = {
    "journal": ("journal", nothing, {}),
    "journal-dark": ("journal", nothing, {"color_scheme": "dark"}),
    "exchange": ("journal", opened_exchange, {}),
    "faults": ("faults", nothing, {}),
    "account": ("account", account, {}),
    "switches": ("account", switches, {}),
    "playground": ("playground", played, {}),
    "verdict": ("verdict", nothing, {}),
    "phone": ("journal", nothing, {"viewport": PHONE, "color_scheme": "dark"}),
}


@pytest.mark.parametrize("name", SHOTS)
def test_a_page_looks_as_the_documentation_shows_it(name: str, open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    traffic(clients)
    where, prepare, options = SHOTS[name]
    page = open_page(where, reduced_motion="reduce", **options)
    prepare(page)
    for picture in page.locator("main img:visible").all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    size = page.viewport_size
    taken = page.screenshot(animations="disabled", caret="hide")
    with Image.open(io.BytesIO(taken)) as image:
        assert image.size == (size["width"], size["height"])
        colours = image.convert("RGB").quantize(64).getcolors()
        assert len(colours) > 8, "the page is empty"
    file = FOLDER / f"dashboard-{name}.png"
    if not file.exists() or _different(file.read_bytes(), taken):
        file.write_bytes(taken)
    assert file.stat().st_size < 1_000_000


def _different(old: bytes, new: bytes) -> bool:
    with Image.open(io.BytesIO(old)) as before, Image.open(io.BytesIO(new)) as after:
        if before.size != after.size:
            return True
        difference = ImageChops.difference(before.convert("L"), after.convert("L")).point(
            lambda value: 255 * (value > 24)
        )
        return difference.histogram()[255] > KEEP * before.width * before.height
