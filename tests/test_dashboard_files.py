"""The files of the dashboard: served with a strict policy, cached rightly, small, and without anything inline."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from mock_server import MockServer
from mock_server.admin.pages import FOLDER

FILES = sorted(FOLDER.iterdir())
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_served_and_asked_for_again(file: Path, http: httpx.Client, server: MockServer) -> None:
    url = f"{server.url}/_mock/" if file.name == "index.html" else f"{server.url}/_mock/dashboard/{file.name}"
    answer = http.get(url)
    assert (answer.status_code, answer.content) == (200, file.read_bytes())
    kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    assert answer.headers["content-type"].split(";")[0] == kinds[file.suffix]
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"
    again = http.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fguard.py", "%2e%2e/guard.py", "pages.py"])
def test_no_other_file_is_served(name: str, http: httpx.Client, server: MockServer) -> None:
    assert http.get(f"{server.url}/_mock/dashboard/{name}").status_code == 404


def test_the_folder_without_a_slash_leads_to_the_page(http: httpx.Client, server: MockServer) -> None:
    answer = http.get(f"{server.url}/_mock")
    assert answer.status_code == 307
    assert httpx.URL(f"{server.url}/_mock").join(answer.headers["location"]) == f"{server.url}/_mock/"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_short_and_makes_no_markup_from_text(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc", text)
    addresses = re.findall(r"https?://[^\s\"'`)]+", text)
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}  # a name, not an address
    if file.suffix == ".html":
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", text)


def test_every_file_that_is_imported_exists() -> None:
    for file in FILES:
        if file.suffix == ".js":
            for name in re.findall(r'from "\./([^"]+)"', file.read_text(encoding="utf-8")):
                assert (FOLDER / name).exists(), f"{file.name} imports {name}"
