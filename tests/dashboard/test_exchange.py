"""One exchange opened: the wire, the pictures, the lines that repeat it, the scenario that is made of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.dashboard.conftest import PUBLIC, Clients, Open

pytestmark = pytest.mark.e2e
KEY = 'sk-api-it\'s-a-"key"-of-alice'
PROMPT = 'it\'s a "lighthouse", $HOME and `id`\nat dawn 灯塔 \\ %s'

GATEWAY = {"fault": {"kind": "http_status", "status": 502}, "name": "gateway", "times": 1}


def opened(open_page: Open, clients: Clients, number: str | None = None) -> Any:
    """The panel with an exchange, the latest unless a number is given."""
    number = number or clients.admin("GET", "journal?view=ids")["exchanges"][-1]
    page = open_page(f"journal/{number}")
    panel = page.get_by_role("region", name="Exchange", exact=True)
    panel.get_by_role("heading", name="Scenario").wait_for()
    return page, panel


def test_request_and_answer_as_they_went_over_the_wire(open_page: Open, clients: Clients) -> None:
    answer = clients.generate(KEY, prompt=PROMPT)
    _, panel = opened(open_page, clients)
    request = panel.get_by_label("Request as it went over the wire").text_content()
    assert request.startswith("POST /v1/image_generation HTTP/1.1\n")
    assert "\ncontent-type: application/json\n" in request
    assert request.endswith("\n\n" + answer.request.content.decode())
    assert KEY not in panel.text_content()
    assert "authorization: Bearer <key sk-api*" in request
    shown = panel.get_by_label("Answer as it went over the wire").text_content()
    assert shown.startswith("HTTP/1.1 200\ncontent-type: application/json; charset=utf-8\n")
    assert shown.endswith("\n\n" + answer.text)
    assert f"trace-id: {answer.headers['trace-id']}" in shown


def test_pictures_at_full_size_are_those_that_were_sent(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    answer = clients.generate(n=2, aspect_ratio="21:9")
    page, panel = opened(open_page, clients)
    pictures = panel.locator(".pictures img")
    expect(pictures).to_have_count(2)
    for number, url in enumerate(answer.json()["data"]["image_urls"]):
        expect(pictures.nth(number)).to_have_js_property("naturalWidth", 1344)
        expect(pictures.nth(number)).to_have_js_property("naturalHeight", 576)
        source = urlsplit(pictures.nth(number).get_attribute("src"))
        assert page.request.get(f"{clients.server.url}{source.path}").body() == clients.download(url).content


@pytest.mark.parametrize("language", ["curl", "Python"])
def test_a_line_repeats_the_request(language: str, open_page: Open, clients: Clients) -> None:
    clients.generate(KEY, prompt=PROMPT, n=2)
    _, panel = opened(open_page, clients)
    line = panel.get_by_label(f"{language} line").text_content()
    assert "the journal has no keys" in panel.text_content()
    line = line.replace(PUBLIC, urlsplit(clients.server.url).netloc)
    command = ["bash", "-c", line] if language == "curl" else [sys.executable, "-c", line]
    env = {**os.environ, "MINIMAX_MOCK_KEY": KEY, "NO_PROXY": "*"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert '"status_msg":"success"' in done.stdout
    first, again = clients.admin("GET", "journal")["exchanges"]
    assert (again["prompt"], again["n"], again["account"]) == (PROMPT, 2, first["account"])
    assert again["request"]["body"] == first["request"]["body"]


def test_a_scenario_is_made_of_it_and_works(open_page: Open, clients: Clients) -> None:
    clients.admin("POST", "faults", json=GATEWAY)
    assert clients.generate(prompt="the unlucky one").status_code == 502
    clients.admin("DELETE", "faults")
    page, panel = opened(open_page, clients)
    panel.get_by_role("button", name="Make this a scenario").click()
    editor = panel.get_by_label("Scenario, as JSON")
    content = json.loads(editor.input_value())
    assert content["rules"][0]["when"]["prompt"] == "the unlucky one"
    assert content["rules"][0]["fault"]["status"] == 502
    with page.expect_download() as download:
        panel.get_by_role("button", name="Save as file").click()
    assert json.loads(download.value.path().read_text()) == content
    assert download.value.suggested_filename == f"{content['name']}.json"
    content["rules"][0]["times"] = 1
    editor.fill(json.dumps(content))
    panel.get_by_role("button", name="Apply to all").click()
    page.get_by_text(f"{content['name']} is at work for all accounts").wait_for()
    assert clients.generate(prompt="another").status_code == 200
    assert clients.generate(prompt="the unlucky one").status_code == 502
    assert clients.generate(prompt="the unlucky one").status_code == 200
    editor.fill('{"rules": [{"fault": {"kind": "hng"}}]}')
    panel.get_by_role("button", name="Apply to all").click()
    page.get_by_text("did you mean 'hang'?").wait_for()
    open_page.told.clear()  # type: ignore[attr-defined]  # the browser notes the 400


def test_an_exchange_that_is_gone_says_so(open_page: Open, clients: Clients) -> None:
    clients.generate()
    page = open_page("journal/999999")
    page.get_by_text("no exchange '999999' in the journal").wait_for()
    assert any("404" in line for line in open_page.told)  # type: ignore[attr-defined]
    open_page.told.clear()  # type: ignore[attr-defined]
    page.get_by_role("button", name="Close").click()
    assert page.url.endswith("#journal")
