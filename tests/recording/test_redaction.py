"""No secret survives, wherever it stands; which was which, does."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.exchanges.format import Exchange, Provenance, read, text
from contract_tests.exchanges.redaction import Redactor
from contract_tests.exchanges.wire import Wire, sent, transcribed
from contract_tests.recording.folder import Folder, FolderError

KEYS = st.text("ABCDEFabcdef0123456789-_./+=", min_size=10, max_size=40).map("sk-api-".__add__)
WORDS = st.text(max_size=12)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SignatureDoesNotMatch</Code><OSSAccessKeyId>LTAI5tSecret</OSSAccessKeyId>
<SignatureProvided>q/sQss+M=</SignatureProvided></Error>"""


def wire(key: str = "sk-api-0123456789", **changes: Any) -> Wire:
    fields: dict[str, Any] = {
        "method": "POST", "host": "api.minimax.io", "path": "/v1/image_generation",
        "headers": [(b"authorization", b"Bearer " + key.encode()), (b"content-type", b"application/json")],
        "body": json.dumps({"model": "image-01", "prompt": "a cat"}).encode(), "status": 200,
        "response_headers": [(b"Content-Type", b"application/json"), (b"Date", b"Wed, 29 Apr 2026 04:22:27 GMT")],
        "response_body": b'{"base_resp":{"status_code":0}}',
    }  # fmt: skip
    return Wire(**fields | changes)


def redacted(*wires: Wire, keys: tuple[str, ...] = ()) -> list[Exchange]:
    redactor = Redactor(keys)
    return [redactor.redacted(transcribed(one, "t", Provenance("recorded", "s"))) for one in wires]


@given(key=KEYS, before=WORDS, after=WORDS)
def test_a_key_is_nowhere(key: str, before: str, after: str) -> None:
    echoed = {"said": f"{before}{key}{after}", "deep": [{key: key}], "base_resp": {"status_code": 1004}}
    calls = [
        wire(key, body=json.dumps({"prompt": f"{before}{key}"}).encode(), path=f"/v1/x?key={quote(key, safe='')}"),
        wire(key, response_body=json.dumps(echoed).encode()),
        wire(key, response_body=f"<html>{before}{key}{after}</html>".encode()),
        wire(key, response_body=json.dumps([key]).encode(), response_headers=[(b"X-Echo", key.encode())]),
    ]
    for exchange in redacted(*calls):
        shown = text(exchange)
        for spelled in (key, quote(key, safe=""), json.dumps(key)[1:-1]):
            assert spelled not in shown
        assert dict(exchange.request.headers)["authorization"] == "Bearer <key:1>"
        assert "API keys: <key:N>" in exchange.redactions


@given(
    order=st.lists(st.sampled_from(["sk-api-aaaaaaaaa", "sk-cp-bbbbbbbbbb", "eyJcccccccccc"]), min_size=1, max_size=8)
)
def test_equal_keys_have_equal_names_and_different_ones_do_not(order: list[str]) -> None:
    names = [dict(one.request.headers)["authorization"] for one in redacted(*map(wire, order))]
    assert [names.index(name) for name in names] == [order.index(key) for key in order]
    assert set(names) == {f"Bearer <key:{number}>" for number in range(1, len(set(order)) + 1)}


def test_a_key_that_no_header_shows_is_known_from_the_environment() -> None:
    (found,) = redacted(wire(body=b'{"prompt": "of my-secret-key-2"}'), keys=("my-secret-key-2",))
    assert found.request.body == {"prompt": "of <key:1>"}


def test_the_store_repeats_access_key_and_signature_in_its_errors() -> None:
    path = "/image_inference_output%2Fx.jpeg?Expires=1777623418&OSSAccessKeyId=LTAI5tSecret&Signature=q%2FsQss%2BM%3D"
    (found,) = redacted(wire(path=path, method="GET", body=b"", status=403, response_body=XML.encode()))
    assert found.request.path.endswith("Expires=1777623418&OSSAccessKeyId=<access-key:1>&Signature=<signature:1>")
    assert "<OSSAccessKeyId><access-key:1></" in found.response.body
    assert "<SignatureProvided><signature:1></" in found.response.body


HIDDEN = {
    "a cookie": ({"response_headers": [(b"Set-Cookie", b"acw_tc=secret-of-mine; path=/")]}, "secret-of-mine"),
    "a group in the session header": (
        {"response_headers": [(b"X-Mm-Request-Id", b"2024530792255857454_17774212171z9k8v")]}, "2024530792255857454",
    ),
    "a session header of another form": ({"response_headers": [(b"X-Mm-Request-Id", b"group2024-x")]}, "group2024"),
    "an account in a header": ({"response_headers": [(b"X-Account-Id", b"4711471147")]}, "4711471147"),
    "an account in a body": ({"response_body": b'{"group_id":4711471147,"note":"of 4711471147"}'}, "4711471147"),
    "a group in the query": ({"path": "/v1/x?GroupId=4711471147"}, "4711471147"),
    "a key in x-api-key": ({"headers": [(b"x-api-key", b"another-secret")]}, "another-secret"),
    "a key of no form": ({"headers": [(b"authorization", b"Bearer one two three")]}, "two"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "secret"), HIDDEN.values(), ids=HIDDEN)
def test_what_tells_who_called_is_hidden(changes: dict[str, Any], secret: str) -> None:
    (found,) = redacted(wire(**changes))
    assert secret not in text(found)
    assert found.redactions


def test_files_are_numbered_and_named_after_what_was_answered(tmp_path: Path) -> None:
    refused = wire(response_body=b'{"base_resp":{"status_code":1002}}')
    folder = Folder(tmp_path, "drift", ["sk-api-0123456789"])
    for exchange in (wire(), refused, wire(path="/", method="GET")):
        folder.add(exchange)
    assert [file.name for file in folder.written] == [
        "0001-generate-200-0.json", "0002-generate-200-1002.json", "0003-download-200-0.json",
    ]  # fmt: skip
    found = read(folder.written[1])
    assert (found.title, found.provenance.source) == ("POST generate: HTTP 200, code 1002", "drift")
    assert str(found.provenance.date) == "2026-04-29"


def test_a_request_of_httpx_is_written_with_its_answer(tmp_path: Path) -> None:
    headers = {"Authorization": "Bearer sk-api-0123456789"}
    request = httpx.Request("POST", "https://api.minimax.io/v1/image_generation?a=%2F", headers=headers, json={"n": 1})
    folder = Folder(tmp_path, "drift")
    folder.add(sent(request, 200, [(b"Vary", b"Accept-Encoding")], b'{"base_resp":{"status_code":2013}}'))
    found = read(folder.written[0])
    assert (found.request.host, found.request.path) == ("api.minimax.io", "/v1/image_generation?a=%2F")
    assert dict(found.request.headers) == {"Authorization": "Bearer <key:1>", "Content-Type": "application/json"}
    assert (found.request.body, found.response.body) == ({"n": 1}, {"base_resp": {"status_code": 2013}})
    assert found.response.headers == (("Vary", "Accept-Encoding"),)


def test_threads_write_files_of_their_own(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "test")
    threads = [threading.Thread(target=lambda: [folder.add(wire()) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(folder.written)) == len(list(tmp_path.iterdir())) == 20
    assert folder.problems == []


def test_a_file_that_cannot_be_written_is_told_and_fails_no_call(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "test")
    (tmp_path / "0001-generate-200-0.json").mkdir()
    assert folder.add(wire()) is None
    assert folder.problems == [f"cannot write {tmp_path / '0001-generate-200-0.json'}: File exists"]
    with pytest.raises(FolderError, match="cannot write recordings to"):
        Folder(tmp_path / "0001-generate-200-0.json" / ("x" * 300), "test")


def test_bodies_that_are_no_json_and_images_that_are_broken_are_kept_as_what_they_are() -> None:
    broken = json.dumps({"data": {"image_base64": ["A" * 100]}}).encode()
    html, picture, compressed = redacted(
        wire(response_body=b"<html>502</html>"),
        wire(response_body=broken),
        wire(response_headers=[(b"Content-Encoding", b"gzip"), (b"Content-Length", b"7")]),
    )
    assert html.response.body == "<html>502</html>"
    assert [(one.format, one.bytes, one.width) for one in picture.images] == [("?", 75, None)]
    assert compressed.response.headers == ()
    assert compressed.redactions[0].startswith("the body is without its Content-Encoding")
    (long,) = redacted(wire(body=json.dumps({"prompt": "a" * 4000}).encode()))
    assert long.request.body == {"prompt": "a" * 4000}
