"""Requests composed and sent in all faces, with the picture, the exact exchange, and code that does the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.dashboard.conftest import PUBLIC, Clients, Open

pytestmark = pytest.mark.e2e
FACES = {
    "minimax": ("minimax", "/v1/image_generation", "ImageGenerationRequest"),
    "fal": ("fal", "/fal/run/fal-ai/minimax/image-01", "MinimaxImage01Input"),
    "openai": ("openai", "/openai/v1/images/generations", "ImagesRequest"),
}
PICTURE = "https://example.com/face.jpg"


def face_of(page: Any, name: str) -> Any:
    """The page with that face's form."""
    page.locator("#face").select_option(name)
    page.get_by_label("prompt required").wait_for()
    path = FACES[name][1]
    page.get_by_label("curl line").first.get_by_text(f"http://{PUBLIC}{path} ").wait_for()
    return page


def send(page: Any) -> Any:
    page.get_by_role("button", name="Send").click()
    answer = page.get_by_role("region", name="Answer")
    answer.get_by_role("heading", name="Scenario").wait_for()
    return answer


@pytest.mark.parametrize("face", FACES)
def test_a_request_is_sent_and_its_picture_and_exchange_are_shown(face: str, open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    name, path, _ = FACES[face]
    page = face_of(open_page("playground"), face)
    page.get_by_label("prompt required").fill("a <b>boat</b> 小船")
    answer = send(page)
    expect(answer.locator(".pictures img")).to_have_js_property("naturalWidth", 1024)
    expect(answer.get_by_label("Request as it went over the wire")).to_contain_text(f"POST {path} HTTP/1.1")
    expect(answer.locator(".prompt-whole")).to_have_text("a <b>boat</b> 小船")
    (exchange,) = clients.admin("GET", "journal")["exchanges"]
    assert (exchange["face"], exchange["prompt"], exchange["status"]) == (name, "a <b>boat</b> 小船", 200)
    expect(answer.get_by_label("Answer as it went over the wire")).to_contain_text(exchange["response"]["body"])
    assert exchange["request"]["body"] == page.locator("#body").input_value()


@pytest.mark.parametrize("face", FACES)
def test_the_form_has_every_field_of_the_face(face: str, open_page: Open, clients: Clients) -> None:
    contract, _, model = FACES[face]
    schemas = clients.admin("GET", f"contract/{contract}.json")["components"]["schemas"]
    wanted = next(schema for name, schema in schemas.items() if name.endswith(model))["properties"]
    page = face_of(open_page("playground"), face)
    form = page.get_by_role("region", name="Request").locator(".fields").first
    found = form.locator(":scope > .field [name], :scope > fieldset > legend")
    assert found.evaluate_all("all => all.map(item => item.name ?? item.textContent)") == list(wanted)


def test_all_fields_of_the_native_face_reach_the_wire(open_page: Open, clients: Clients) -> None:
    page = face_of(open_page("playground"), "minimax")
    form = page.get_by_role("region", name="Request")
    fields = {
        "width": "1024", "height": "512", "seed": "9007199254740993", "n": "2",
        "subject_reference": json.dumps([{"type": "character", "image_file": PICTURE}]), "style_weight": "0.5",
    }  # fmt: skip
    for name, value in fields.items():
        form.get_by_label(name, exact=True).fill(value)
    for name, word in {"response_format": "base64", "prompt_optimizer": "true", "aigc_watermark": "false"}.items():
        form.get_by_label(name, exact=True).select_option(word)
    form.get_by_label("model required").select_option("image-01")
    form.get_by_label("style_type required").select_option(index=1)
    send(page)
    (exchange,) = clients.admin("GET", "journal")["exchanges"]
    sent = json.loads(exchange["request"]["body"])
    assert sent.pop("style")["style_weight"] == 0.5
    assert sent == {
        "model": "image-01", "prompt": "a lighthouse at dawn", "width": 1024, "height": 512, "seed": 9007199254740993,
        "n": 2, "response_format": "base64", "prompt_optimizer": True, "aigc_watermark": False,
        "subject_reference": [{"type": "character", "image_file": PICTURE}],
    }  # fmt: skip
    assert [image["seed"] for image in exchange["images"]] == [9007199254740993] * 2


def test_what_is_wrong_can_be_sent_too(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    page = face_of(open_page("playground"), "minimax")
    form = page.get_by_role("region", name="Request")
    form.get_by_label("n", exact=True).fill("12")
    expect(send(page)).to_contain_text("2013 invalid params")
    page.locator("#body").fill("{")
    page.get_by_role("button", name="Send").click()
    wire = page.get_by_role("region", name="Answer").get_by_label("Request as it went over the wire")
    expect(wire).to_have_text(re.compile(r"\{$"))
    assert clients.admin("GET", "journal")["exchanges"][1]["request"]["body"] == "{"


def test_a_broken_connection_shows_the_exchange_all_the_same(open_page: Open, clients: Clients) -> None:
    from playwright.sync_api import expect

    clients.admin("POST", "faults", json={"fault": {"kind": "hang_up"}})
    page = face_of(open_page("playground"), "minimax")
    answer = send(page)
    expect(answer).to_contain_text("Not all of it was sent.")
    expect(page.get_by_role("status")).to_have_text("no answer came")
    sent = len(clients.admin("GET", "journal?view=ids")["exchanges"])
    assert ("repeats a request" in answer.text_content()) == (sent > 1)
    assert any("ERR_EMPTY_RESPONSE" in line for line in open_page.told)  # type: ignore[attr-defined]
    open_page.told.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
@pytest.mark.parametrize("face", FACES)
def test_the_code_does_the_same(language: str, face: str, open_page: Open, clients: Clients) -> None:
    page = face_of(open_page("playground"), face)
    page.get_by_label("prompt required").fill('it\'s "a" $boat\n小船 \\')
    page.locator("#key").fill("sk-api-o'brien")
    line = page.get_by_role("region", name="Request").get_by_label(f"{language} line").text_content()
    line = line.replace(PUBLIC, urlsplit(clients.server.url).netloc)
    node = shutil.which("node")
    assert node, "install node: apt-get install nodejs"
    programs = {
        "curl": ["bash", "-c", line],
        "Python": [sys.executable, "-c", line],
        "JavaScript": [node, "--input-type=module", "-e", line],
    }
    done = subprocess.run(programs[language], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    (exchange,) = clients.admin("GET", "journal")["exchanges"]
    assert (exchange["face"], exchange["prompt"]) == (face, 'it\'s "a" $boat\n小船 \\')
    assert (exchange["status"], len(exchange["images"])) == (200, 1)
    assert exchange["account"] == clients.admin("GET", "accounts")["accounts"][0]


def test_copying_puts_the_line_into_the_clipboard(open_page: Open, clients: Clients) -> None:
    page = open_page("playground", permissions=["clipboard-read", "clipboard-write"])
    face_of(page, "minimax")
    page.get_by_role("button", name="Copy curl").click()
    page.get_by_text("copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("curl line").first.text_content()
