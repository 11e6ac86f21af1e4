"""The pages in a real browser: on a phone and at a desk, in light and in dark, with nothing but the keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from contract_tests.drift.findings import Finding
from contract_tests.drift.model import Drift, Told
from contract_tests.drift.page import html
from contract_tests.report.files import join, write
from contract_tests.report.model import Report, Result
from tests.contract.report.samples import AGAIN, EXCHANGE, FAILED, NASTY, REPORT

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
PROPERTIES = ("images", "errors", "retries", "downloads", "limits", "wire")


def sample(name: str, version: str | None, salt: int) -> Report:
    """A report as long as real ones, with long words and hostile text in it."""
    hostile = "".join(NASTY)
    headers = {"headers": [["x-long", "a" * 300], ["x-hostile", hostile]], "body": '{"long":"' + "水" * 400 + '"}'}
    exchange = EXCHANGE | {"path": "/oss/" + "a" * 300, "faults": ["cut_body"], "whole": False, "response": headers}
    again = structs.replace(AGAIN, command="minimax-mock check " + "x" * 300, request={"prompt": hostile})
    kinds = ("passed", "passed", "failed", "skipped", "passed", "error")
    results = [
        Result(
            id=f"{group}.what-the-client-does-{number}",
            level="SHOULD" if number % 3 == 0 else "MUST",
            sentence="The client does what its user asked for, and says so when it could not.",
            status=kinds[(number * 7 + at + salt) % 6],  # type: ignore[arg-type]
            reason="" if kinds[(number * 7 + at + salt) % 6] == "passed" else "It did something else: " + "word" * 60,
            examples=60,
            profile="io" if number else "cn",
        )
        for at, group in enumerate(PROPERTIES)
        for number in range(5)
    ]
    worst = structs.replace(FAILED, reproduce=again, exchanges=(EXCHANGE, exchange), reason=hostile)
    return structs.replace(
        REPORT, client_name=name, client_version=version, results=(FAILED, worst, *results), spent_usd=0.0105
    )


def drift_page() -> str:
    """A drift report with each outcome, and hostile text in it."""
    hostile = "".join(NASTY)
    found = [
        Finding("string-counts", "contradicted", "it moved", ["string"], ["integer"], "service", ("image-url",),
                {"counts": "integer"}),
        Finding("wording-n", "contradicted", hostile, "n must be", hostile + "word" * 80, "emulator", ("n-10",)),
        Finding("seed", "confirmed", "", "the same picture", "the same picture", "", ("image-base64", "download")),
        Finding("rate-limit", "could not look", "no call decides it (not on demand)" + "a" * 90),
    ]  # fmt: skip
    about = ("A sentence on how the service behaves.", "recorded", "a source", "2026-11-21", "minimax")
    told = [Told(item, *about) for item in found]
    started = "2026-11-21T22:00:00+00:00"
    return html(Drift("http://127.0.0.1:8484", "io", started, 9.5, 35, 2, 0.007, 0.01, tuple(told)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    names = ["reference", "requests-snippet", "minimax-mcp", "a" * 80, "水墨-client", "<script>alert(1)</script>"]
    several = [sample(name, None if at == 1 else "1.0", at) for at, name in enumerate(names)]
    for at, report in enumerate(several):
        write(report, folder / str(at))
    write(REPORT, folder / "small")
    (folder / "matrix.html").write_text(join([folder / str(at) for at in range(len(names))]), encoding="utf-8")
    (folder / "lone.html").write_text(join([folder / "small"]), encoding="utf-8")
    (folder / "drift.html").write_text(drift_page(), encoding="utf-8")
    made = {"index": "0/index.html", "small": "small/index.html", "matrix": "matrix.html", "lone": "lone.html"}
    made |= {"drift": "drift.html"}
    return {name: (folder / path).as_uri() for name, path in made.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.parametrize("name", ["index", "small", "matrix", "lone", "drift"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_page_fits_and_is_accessible(
    name: str, colours: str, size: dict[str, int], pages: dict[str, str], browser: Any
) -> None:
    assert AXE.exists(), "run `make e2e`, which installs axe-core"
    context = browser.new_context(viewport=size, color_scheme=colours)
    page = context.new_page()
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name])
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    assert (told, asked) == ([], [pages[name]])
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room == size["width"]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    broken = [(rule["id"], rule["help"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]]
    assert broken == []
    context.close()


def test_a_cell_leads_to_its_details_without_a_script(pages: dict[str, str], browser: Any) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["matrix"])
    cell = page.locator(".cell.must a").first
    target = cell.get_attribute("href")
    cell.focus()
    page.keyboard.press("Enter")
    heading = page.locator(f"[id='{target.removeprefix('#')}']")
    assert heading.is_visible()
    assert 0 <= heading.bounding_box()["y"] < PHONE["height"]
    context.close()


def test_the_first_column_stays_while_the_table_scrolls(pages: dict[str, str], browser: Any) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(pages["matrix"])
    before = page.locator(".matrix tbody th[scope=row]").first.bounding_box()["x"]
    page.evaluate("document.querySelector('.wide').scrollLeft = 400")
    assert page.locator(".matrix tbody th[scope=row]").first.bounding_box()["x"] == before
    assert page.locator(".matrix thead th").first.bounding_box()["x"] == before


def test_the_first_tab_skips_to_the_results(pages: dict[str, str], browser: Any) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(pages["index"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the results"
    assert page.locator(".skip").bounding_box()["x"] >= 0
