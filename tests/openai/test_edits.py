"""``POST /v1/images/edits``: a subject image, as JSON and as a form."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mock_server import MockAccount, inspect
from mock_server.faces.openai import forms
from tests.openai.conftest import Gateway
from tests.openai.test_generations import DATA_URL

FORM = b"multipart/form-data; boundary=xyz"


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, kind)
    return file.getvalue()


def edit(gateway: Gateway, files: Any, **fields: str) -> Any:
    return gateway.post("/images/edits", data={"prompt": "a new hat"} | fields, files=files)


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("PNG", None)])
def test_a_form_with_an_image(gateway: Gateway, kind: str, media_type: str | None) -> None:
    file = ("face", picture(kind), media_type) if media_type else ("face", picture(kind))
    answer = edit(gateway, {"image": file}, n="2", size="1024x1536", seed="5")
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-minimax-mock-size"] == "832x1248 2:3"
    facts = [inspect(gateway.http.get(item["url"]).content) for item in answer.json()["data"]]
    assert [(item.seed, item.index, len(item.references)) for item in facts] == [(5, 0, 1), (5, 1, 1)]


def test_several_images(gateway: Gateway) -> None:
    answer = edit(gateway, [("image[]", ("a.png", picture())), ("image[]", ("b.jpg", picture("JPEG")))])
    assert len(inspect(gateway.http.get(answer.json()["data"][0]["url"]).content).references) == 2
    gateway.account.configure(profile="one-reference")
    assert edit(gateway, [("image[]", ("a.png", picture()))] * 2).json()["error"]["param"] == "image"


def test_json_with_an_image_url(gateway: Gateway) -> None:
    answer = gateway.images("/images/edits", image_url=DATA_URL, response_format="b64_json")
    assert answer.status_code == 200
    assert gateway.images("/images/edits").json()["error"]["param"] == "image_url"


def test_the_same_json_on_both_paths_is_read_for_each(gateway: Gateway) -> None:
    assert [gateway.images(path).status_code for path in ("/images/generations", "/images/edits")] == [200, 400]


def test_the_journal_keeps_digests_of_files(gateway: Gateway) -> None:
    data = picture()
    edit(gateway, {"image": ("face.png", data, "image/png")})
    kept = gateway.account.journal()[-1]["request"]["body"]
    assert f"<{len(data)} bytes, sha256 " in kept
    assert "a new hat" in kept
    assert 'filename="face.png"' in kept


@pytest.mark.parametrize(
    ("request_", "param"),
    [
        ({"data": {"prompt": "x"}, "files": {"other": b"1"}}, "image"),
        ({"data": {}, "files": {"image": picture()}}, "prompt"),
        ({"data": {"prompt": "x", "n": "two"}, "files": {"image": picture()}}, "n"),
        ({"data": {"prompt": "x"}, "files": {"image": b"GIF89a"}}, "image"),
        ({"data": {"prompt": "x"}, "files": {"image": ("a.gif", b"GIF89a", "image/gif")}}, "image"),
        ({"data": {"prompt": "x"}, "files": {"image": picture(), "mask": picture()}}, "mask"),
        ({"data": {"prompt": "x", "stream": "true"}, "files": {"image": picture()}}, "stream"),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, None),
        ({"content": b"--xyz\r\nnonsense", "headers": {"Content-Type": FORM.decode()}}, None),
    ],
)
def test_a_wrong_form_gets_the_gateways_error(gateway: Gateway, request_: dict[str, Any], param: str | None) -> None:
    headers = {"headers": gateway.key | request_.get("headers", {})}
    answer = gateway.post("/images/edits", **request_ | headers)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == param


def test_too_much_is_413_in_the_gateways_shape(gateway: Gateway) -> None:
    answer = edit(gateway, {"image": ("a.png", b"\x89PNG" + b"x" * (25 * 1024 * 1024))})
    assert (answer.status_code, answer.json()["error"]["message"]) == (413, "Image exceeds 25 MB")
    answer = edit(gateway, {"image": ("a.png", b"\x89PNG" + b"x" * (11 * 1024 * 1024))})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "image")
    answer = gateway.post("/images/edits", content=b"x" * (33 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "invalid_request_error")


@pytest.mark.minimax_mock(profile="unknown-fields-refused")
def test_unknown_fields_of_a_form(minimax_mock: MockAccount, gateway: Gateway) -> None:
    assert edit(gateway, {"image": picture()}, surprise="1").json()["error"]["param"] == "surprise"
    assert edit(gateway, {"image[]": picture()}).status_code == 200


@settings(max_examples=40)
@given(st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.binary(max_size=200)), max_size=5))
def test_what_goes_into_a_form_comes_out(fields: list[tuple[str, bytes]]) -> None:
    body = b"".join(
        b'--xyz\r\nContent-Disposition: form-data; name="%b"; filename="f"\r\n\r\n%b\r\n' % (name.encode(), data)
        for name, data in fields
    )
    if b"\r\n--xyz" in b"".join(data for _, data in fields):
        return
    found = forms.parts(body + b"--xyz--\r\n", {b"content-type": FORM})
    assert [(part.name, part.data) for part in found] == fields


@given(st.binary(max_size=300))
def test_no_body_breaks_the_reader_of_forms(body: bytes) -> None:
    with contextlib.suppress(forms.FormError):
        forms.parts(body, {b"content-type": FORM})
    assert isinstance(forms.without_files(body, {b"content-type": FORM}), bytes)
