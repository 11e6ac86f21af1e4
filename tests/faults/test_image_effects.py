"""What faults do to images and to downloads, over a real socket."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image, UnidentifiedImageError

from mock_server import MockAccount, inspect
from tests.wire import Generate


def first_url(answer: httpx.Response) -> str:
    url: str = answer.json()["data"]["image_urls"][0]
    return url


def is_unreadable(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError):
        return True
    return False


def size_and_format(data: bytes) -> tuple[tuple[int, int], str | None]:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.size, image.format


@pytest.fixture(params=["url", "base64"])
def fetch_image(request: pytest.FixtureRequest, generate: Generate, http: httpx.Client) -> Callable[..., bytes]:
    """One image, by URL or as base64."""

    def fetch(**fields: Any) -> bytes:
        answer = generate(response_format=request.param, **fields)
        if request.param == "base64":
            return base64.b64decode(answer.json()["data"]["image_base64"][0])
        return http.get(first_url(answer)).content

    return fetch


def test_a_corrupt_image_has_only_its_beginning(fetch_image: Callable[..., bytes], account: MockAccount) -> None:
    whole = fetch_image()
    account.add_fault("corrupt_image")
    corrupt = fetch_image()
    assert corrupt[:4] == b"\xff\xd8\xff\xe0"
    assert is_unreadable(corrupt)
    assert not is_unreadable(whole)


def test_a_truncated_image_is_the_first_part(fetch_image: Callable[..., bytes], account: MockAccount) -> None:
    account.add_fault("truncate_image", keep=0.25)
    part = fetch_image(seed=3)
    account.clear_faults()
    whole = fetch_image(seed=3)
    assert part == whole[: len(whole) // 4]
    assert is_unreadable(part)


def test_a_wrong_size(fetch_image: Callable[..., bytes], account: MockAccount) -> None:
    account.add_fault("wrong_size", times=1)
    account.add_fault("wrong_size", width=768, height=1024)
    assert size_and_format(fetch_image()) == ((960, 960), "JPEG")
    assert size_and_format(fetch_image(width=512, height=512)) == ((768, 1024), "JPEG")


@pytest.mark.parametrize("form", ["png", "webp", "gif", "bmp"])
def test_a_wrong_format(fetch_image: Callable[..., bytes], account: MockAccount, form: str) -> None:
    account.add_fault("wrong_format", format=form)
    assert size_and_format(fetch_image(aspect_ratio="16:9")) == ((1280, 720), form.upper())


def test_something_else_in_the_place_of_an_image(fetch_image: Callable[..., bytes], account: MockAccount) -> None:
    account.add_fault("not_an_image")
    assert fetch_image().startswith(b"<!DOCTYPE html>")


def test_a_download_says_what_it_sends(generate: Generate, account: MockAccount, http: httpx.Client) -> None:
    account.add_fault("wrong_format", times=1)
    account.add_fault("wrong_format", times=1, content_type="image/jpeg")
    account.add_fault("not_an_image", times=1)
    url = first_url(generate())
    png, lying, page = (http.get(url) for _ in range(3))
    types = [answer.headers["content-type"] for answer in (png, lying, page)]
    assert types == ["image/png", "image/jpeg", "text/html"]
    note = account.journal(endpoint="download")[0]["response"]["body"]
    assert note.startswith(f"<image/png, {len(png.content)} bytes, sha256 ")


def test_every_image_of_a_base64_answer_is_spoiled(generate: Generate, account: MockAccount) -> None:
    account.add_fault("wrong_format", times=1)
    images = generate(response_format="base64", n=3).json()["data"]["image_base64"]
    assert [size_and_format(base64.b64decode(image))[1] for image in images] == ["PNG"] * 3


def test_an_expired_url_before_its_time(generate: Generate, account: MockAccount, http: httpx.Client) -> None:
    account.add_fault("expired_url", times=1)
    url = first_url(generate())
    refused = http.get(url)
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/xml")
    assert "<Message>Request has expired.</Message>" in refused.text
    assert http.get(url).status_code == 200


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "InvalidArgument"),
        (403, "AccessDenied"),
        (404, "NoSuchKey"),
        (500, "InternalError"),
        (503, "ServiceUnavailable"),
    ],
)
def test_download_errors_are_the_stores(
    generate: Generate, account: MockAccount, http: httpx.Client, status: int, code: str
) -> None:
    account.add_fault("download_error", status=status)
    refused = http.get(first_url(generate()))
    assert refused.status_code == status
    assert f"<Code>{code}</Code>" in refused.text


def test_http_status_on_a_download(generate: Generate, account: MockAccount, http: httpx.Client) -> None:
    account.add_fault("http_status", status=504, when={"endpoint": "download"})
    refused = http.get(first_url(generate()))
    assert (refused.status_code, refused.headers["content-type"]) == (504, "text/html")


def test_the_prompt_of_a_download_is_that_of_its_image(
    generate: Generate, account: MockAccount, http: httpx.Client
) -> None:
    account.add_fault("expired_url", when={"prompt": "*dog*", "n": 1, "model": "image-01"})
    cat, dog = first_url(generate(prompt="a cat")), first_url(generate(prompt="a dog"))
    assert [http.get(url).status_code for url in (cat, dog)] == [200, 403]


def test_a_spoiled_image_is_no_longer_ours_and_an_unspoiled_one_is(
    fetch_image: Callable[..., bytes], account: MockAccount
) -> None:
    account.add_fault("wrong_size", times=1)
    assert inspect(fetch_image(prompt="a cat")).width == 960
    assert inspect(fetch_image(prompt="a cat")).width == 1024
