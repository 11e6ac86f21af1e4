"""Uploads: by URL, by the CDN's token, in parts; and what can be done with them."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.fal.client import SUBJECT, Fal


def png() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(picture, "PNG")
    return picture.getvalue()


def token(fal: Fal) -> Any:
    answer = fal.call("POST", "rest/storage/auth/token?storage_type=fal-cdn-v3", json={})
    assert answer.status_code == 200
    return answer.json()


def uploaded(fal: Fal, data: bytes, name: str = "subject.png", kind: str = "image/png") -> httpx.Response:
    given_token = token(fal)
    headers = {
        "Authorization": f"{given_token['token_type']} {given_token['token']}",
        "Content-Type": kind,
        "X-Fal-File-Name": name,
    }
    return fal.http.post(f"{given_token['base_url']}/files/upload", content=data, headers=headers)


def test_a_token_leads_to_the_cdn(fal: Fal) -> None:
    given_token = token(fal)
    assert given_token.keys() == {"token", "token_type", "base_url", "expires_at"}
    assert given_token["base_url"] == f"{fal.base}/cdn"
    expires = datetime.fromisoformat(given_token["expires_at"])
    assert expires.utcoffset() is not None
    assert not given_token["expires_at"].endswith("Z"), "Python before 3.11 cannot read it"
    assert fal.account.api_key not in given_token["token"]


def test_an_upload_is_fetched_back_and_can_be_a_subject(fal: Fal) -> None:
    answer = uploaded(fal, png())
    url = answer.json()["access_url"]
    file = fal.http.get(url)
    assert (file.content, file.headers["content-type"]) == (png(), "image/png")
    generated = fal.run(SUBJECT, image_url=url)
    assert generated.status_code == 200, generated.text
    plain = fal.run(SUBJECT, image_url="https://example.com/x.png")
    sizes = [answer.json()["images"][0]["file_size"] for answer in (generated, plain)]
    assert sizes[0] != sizes[1], "the picture shows its subject"


def test_a_generated_image_can_be_a_subject(fal: Fal) -> None:
    url = fal.run().json()["images"][0]["url"]
    assert fal.run(SUBJECT, image_url=url).status_code == 200


def test_an_upload_that_is_no_picture_is_no_subject(fal: Fal) -> None:
    url = uploaded(fal, b"hello", "note.txt", "text/plain").json()["access_url"]
    assert fal.run(SUBJECT, image_url=url).json()["detail"][0]["type"] == "image_load_error"


@pytest.mark.parametrize("storage", ["fal-cdn-v3", "gcs"])
def test_an_upload_by_url(storage: str, fal: Fal) -> None:
    begun = fal.call(
        "POST",
        f"rest/storage/upload/initiate?storage_type={storage}",
        json={"content_type": "image/png", "file_name": "subject.png"},
    ).json()
    assert begun.keys() == {"upload_url", "file_url"}
    assert fal.http.get(begun["file_url"]).status_code == 404
    put = fal.http.put(begun["upload_url"], content=png(), headers={"Content-Type": "image/png"})
    assert put.status_code == 200
    assert fal.http.get(begun["file_url"]).content == png()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=6), order=st.randoms(use_true_random=False)
)
def test_parts_are_put_together_in_their_order(parts: list[bytes], order: Any, fal: Fal) -> None:
    given_token = token(fal)
    headers = {"Authorization": f"Bearer {given_token['token']}", "X-Fal-File-Name": "parts.bin"}
    begun = fal.http.post(f"{given_token['base_url']}/files/upload/multipart", headers=headers).json()
    place = f"{begun['access_url']}/multipart/{begun['uploadId']}"
    numbers = list(range(1, len(parts) + 1))
    order.shuffle(numbers)
    named = []
    for number in numbers:
        answer = fal.http.put(f"{place}/{number}", content=parts[number - 1], headers=headers)
        assert answer.headers["etag"] == f'"{hashlib.md5(parts[number - 1]).hexdigest()}"'
        named.append({"partNumber": number, "etag": answer.headers["etag"]})
    done = fal.http.post(f"{place}/complete", json={"parts": named}, headers=headers)
    assert done.status_code == 200
    assert fal.http.get(begun["access_url"]).content == b"".join(parts)


def test_parts_by_url_as_the_javascript_client_sends_them(fal: Fal) -> None:
    begun = fal.call(
        "POST", "rest/storage/upload/initiate-multipart", json={"content_type": "x/y", "file_name": "a"}
    ).json()
    named = [fal.http.put(f"{begun['upload_url']}/{n}", content=bytes([n])).json() for n in (1, 2)]
    assert fal.http.post(f"{begun['upload_url']}/complete", json={"parts": named}).status_code == 200
    assert fal.http.get(begun["file_url"]).content == b"\1\2"


def test_what_is_not_right_is_refused(fal: Fal) -> None:
    begun = fal.call("POST", "rest/storage/upload/initiate-multipart", json={}).json()
    refused = [
        fal.http.put(f"{begun['upload_url']}/0", content=b"x"),
        fal.http.put(f"{begun['upload_url']}/abc", content=b"x"),
        fal.http.post(f"{begun['upload_url']}/complete", json={"parts": [{"partNumber": 1, "etag": "x"}]}),
        fal.http.post(f"{begun['upload_url']}/complete", json={"parts": []}),
        fal.http.post(f"{begun['upload_url']}/complete", content=b"{"),
        fal.http.post(f"{fal.base}/cdn/files/upload", content=b"x"),
        fal.http.post(f"{fal.base}/cdn/files/upload", content=b"x", headers={"Authorization": "Bearer other"}),
        fal.http.put(f"{fal.base}/cdn/files/koala/{'x' * 20}u_a", content=b"x"),
        fal.call("POST", "rest/storage/upload/initiate", content=b"[]"),
        fal.call("GET", "rest/storage/auth/token"),
        fal.call("POST", "rest/nothing"),
    ]
    assert [answer.status_code for answer in refused] == [400, 400, 400, 400, 400, 401, 401, 404, 422, 405, 404]
    assert all(answer.json().keys() == {"detail"} for answer in refused)


def test_uploads_can_fail(fal: Fal) -> None:
    fal.account.add_fault("http_status", status=500, when={"endpoint": "upload"}, after=1, times=1)
    assert uploaded(fal, png()).status_code == 500
    assert uploaded(fal, png()).status_code == 200


def test_the_name_of_a_file_is_made_safe(fal: Fal) -> None:
    url = uploaded(fal, b"x", "../../etc/pass wd?#.png").json()["access_url"]
    assert url.endswith("_.._.._etc_pass_wd__.png")
    assert fal.http.get(url).content == b"x"
