"""``POST /v1/images/generations``: what comes back, and what is taken for what."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from mock_server import MockServer, inspect
from mock_server.core.profile import PROFILES
from tests.openai.conftest import Gateway

DATA_URL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


def test_urls_are_the_answer(gateway: Gateway) -> None:
    answer = gateway.images(n=2, size="1024x1024", response_format="url")
    assert answer.status_code == 200
    assert set(answer.json()) == {"created", "data"}
    assert isinstance(answer.json()["created"], int)
    assert [list(item) for item in answer.json()["data"]] == [["url"], ["url"]]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    assert answer.headers["x-cost-cents"] == "2"
    assert answer.headers["x-minimax-mock-size"] == "1024x1024 1:1"
    for index, item in enumerate(answer.json()["data"]):
        image = gateway.http.get(item["url"])
        assert image.headers["content-type"] == "image/jpeg"
        facts = inspect(image.content)
        assert (facts.prompt, facts.index) == ("a lighthouse at dawn", index)


def test_base64_is_the_answer(gateway: Gateway) -> None:
    answer = gateway.images(n=2, response_format="b64_json", seed=7, prompt="水墨山水")
    facts = [inspect(base64.b64decode(item["b64_json"])) for item in answer.json()["data"]]
    assert [(item.prompt, item.seed, item.index) for item in facts] == [("水墨山水", 7, 0), ("水墨山水", 7, 1)]
    kept = gateway.account.journal()[-1]
    assert kept["response"]["body"].count("<image/jpeg, ") == 2
    assert [item["seed"] for item in kept["images"]] == [7, 7]


@pytest.mark.parametrize(
    "model",
    [
        "minimax/minimax-image-01-subject-reference",
        "minimax/minimax-image-01",
        "minimax-image-01-subject-reference",
        "minimax-image-01",
        "image-01",
        "image-01-live",
        "auto",
        "auto/image",
        ...,
    ],
)
def test_models_by_every_name(gateway: Gateway, model: Any) -> None:
    answer = gateway.images(model=model)
    assert answer.status_code == 200, answer.text
    expected = "image-01-live" if model == "image-01-live" else "image-01"
    assert gateway.account.journal()[-1]["model"] == expected


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, "1024x1024 1:1"),
        ({"size": "auto"}, "1024x1024 1:1"),
        ({"size": "1792x1024"}, "1280x720 16:9"),
        ({"size": "700x300"}, "1344x576 21:9"),
        ({"size": "1000x990"}, "1024x1024 1:1"),
        ({"size": "1792x1024", "aspect_ratio": "2:3"}, "832x1248 2:3"),
        ({"size": "nonsense", "aspect_ratio": "2:3"}, "832x1248 2:3"),
    ],
)
def test_the_effective_size_is_told_and_drawn(gateway: Gateway, fields: dict[str, str], size: str) -> None:
    answer = gateway.images(response_format="b64_json", **fields)
    assert answer.headers["x-minimax-mock-size"] == size
    facts = inspect(base64.b64decode(answer.json()["data"][0]["b64_json"]))
    assert f"{facts.width}x{facts.height}" == size.split(maxsplit=1)[0]


def test_a_strict_profile_refuses_sizes_without_a_ratio(gateway: Gateway) -> None:
    gateway.account.configure(profile="gateway-strict")
    refused = gateway.images(size="1000x990")
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "size"
    assert gateway.images(size="1600x900").headers["x-minimax-mock-size"] == "1280x720 16:9"
    assert gateway.images(no_such_field=1).json()["error"]["param"] == "no_such_field"
    assert gateway.images(model="minimax/minimax-image-01-subject-reference").json()["error"]["param"] == "image_url"


def test_a_profile_passes_pixels_on(gateway: Gateway) -> None:
    gateway.account.configure(profile="gateway-pixels")
    assert gateway.images(size="1000x1200").headers["x-minimax-mock-size"] == "1000x1200"
    assert gateway.images(size="1001x1200").json()["error"]["message"] == "width must be a multiple of 8"
    assert gateway.images(size="2056x512").json()["error"]["param"] == "size"


@pytest.mark.parametrize(
    "given",
    [
        {"image_url": DATA_URL},
        {"image": DATA_URL},
        {"image": [DATA_URL]},
        {"subject_reference": [{"type": "character", "image_file": DATA_URL}]},
    ],
)
def test_a_subject_image_by_every_name_gives_the_same_picture(gateway: Gateway, given: dict[str, Any]) -> None:
    answer = gateway.images(response_format="b64_json", seed=1, **given)
    facts = inspect(base64.b64decode(answer.json()["data"][0]["b64_json"]))
    assert [reference.label for reference in facts.references] == ["data URL"]
    plain = gateway.images(response_format="b64_json", seed=1)
    assert plain.json()["data"] != answer.json()["data"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"stream": True}, "stream"),
        ({"quality": "hd"}, "quality"),
        ({"style": "vivid"}, "style"),
        ({"background": "transparent"}, "background"),
        ({"output_format": "webp"}, "output_format"),
        ({"partial_images": 2}, "partial_images"),
        ({"mask_url": "https://example.com/m.png"}, "mask_url"),
        ({"n": 0}, "n"),
        ({"n": 10}, "n"),
        ({"n": "2"}, "n"),
        ({"seed": 1.5}, "seed"),
        ({"prompt": ...}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 1500}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"size": "big"}, "size"),
        ({"size": 1024}, "size"),
        ({"aspect_ratio": "5:4"}, "aspect_ratio"),
        ({"response_format": "base64"}, "response_format"),
        ({"image_url": "nothing"}, "image_url"),
        ({"image_url": DATA_URL, "image": DATA_URL}, "image"),
        ({"subject_reference": [{"type": "pet", "image_file": DATA_URL}]}, "subject_reference"),
        ({"image": "data:image/gif;base64,R0lGODlhAQABAAAAACw="}, "image"),
    ],
)
def test_a_bad_parameter_is_named(gateway: Gateway, fields: dict[str, Any], param: str) -> None:
    answer = gateway.images(**fields)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", 400, param)
    assert gateway.account.journal()[-1]["status_code"] == 2013
    assert gateway.account.journal()[-1]["reason"] == "invalid_params"


@pytest.mark.parametrize(
    "fields",
    [{"quality": "standard"}, {"background": "opaque"}, {"output_format": "jpeg"}, {"stream": False}, {"user": "u"},
     {"moderation": "low"}, {"frame_count": 1}, {"unheard_of": 1}],
)  # fmt: skip
def test_options_that_ask_for_nothing_else_are_taken(gateway: Gateway, fields: dict[str, Any]) -> None:
    assert gateway.images(**fields).status_code == 200


def test_a_profile_ignores_options_but_never_stream(gateway: Gateway) -> None:
    gateway.account.configure(profile="gateway-options-ignored")
    assert gateway.images(quality="hd", style="vivid", mask="x").status_code == 200
    assert gateway.images(stream=True).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"prompt":NaN}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_request_gets_the_gateways_error(gateway: Gateway, body: bytes) -> None:
    answer = gateway.post("/images/generations", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("raw", [b"\\ud800", b"a\xffb"])
def test_text_that_is_not_unicode_is_mended(gateway: Gateway, raw: bytes) -> None:
    answer = gateway.post("/images/generations", content=b'{"prompt":"%s"}' % raw)
    assert answer.status_code == 200
    assert "\ufffd" in gateway.account.journal()[-1]["prompt"]


def test_blocked_images_are_missing_and_free(gateway: Gateway) -> None:
    before = gateway.account.describe()["balance_usd"]
    answer = gateway.images(prompt="a bikini", n=3)
    assert len(answer.json()["data"]) == 2
    assert answer.headers["x-cost-cents"] == "2"
    assert before - gateway.account.describe()["balance_usd"] == pytest.approx(0.02)
    gateway.account.configure(profile="blocked-images-charged")
    assert gateway.images(prompt="a bikini", n=3).headers["x-cost-cents"] == "3"


def test_all_blocked_is_an_error_unless_the_profile_says_otherwise(gateway: Gateway) -> None:
    answer = gateway.images(prompt="lingerie")
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "content_policy_violation")
    assert "x-cost-cents" not in answer.headers
    for data in ("empty_list", "empty_object", "null_data", "absent_data"):
        gateway.account.configure(profile={"gateway_all_blocked": "empty", "all_blocked": data})
        answer = gateway.images(prompt="lingerie")
        expected = {"empty_list": [], "empty_object": {}, "null_data": None, "absent_data": "absent"}[data]
        assert (answer.status_code, answer.json().get("data", "absent")) == (200, expected)


def test_the_price_is_the_gateways(gateway: Gateway) -> None:
    gateway.account.configure(balance_usd=0.02)
    assert gateway.images(n=2).status_code == 200
    answer = gateway.images()
    assert (answer.status_code, answer.json()["error"]["type"]) == (402, "insufficient_credits")


def test_it_answers_on_its_live_host_and_without_prefix(gateway: Gateway, server: MockServer) -> None:
    body = {"prompt": "x"}
    plain = gateway.http.post(f"{server.url}/v1/images/generations", json=body, headers=gateway.key)
    assert plain.json()["data"][0]["url"].startswith(f"{server.url}/openai/media/img/".split("//")[0])
    headers = gateway.key | {"Host": "api.aigateway.sh"}
    live = gateway.http.post(f"{server.url}/v1/images/generations", json=body, headers=headers)
    url = httpx.URL(live.json()["data"][0]["url"])
    assert (url.scheme, url.host) == ("https", "media.aigateway.sh")
    image = gateway.http.get(server.url + url.path, headers={"Host": url.host})
    assert inspect(image.content).prompt == "x"


def test_an_account_in_the_path(http: httpx.Client, server: MockServer) -> None:
    answer = http.post(
        f"{server.url}/~gateway-place/openai/v1/images/generations", json={"prompt": "x"},
        headers={"Authorization": "Bearer any"},
    )  # fmt: skip
    url = answer.json()["data"][0]["url"]
    assert url.startswith(f"{server.url}/~gateway-place/openai/media/img/")
    assert http.get(url).status_code == 200


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_answers(gateway: Gateway, profile: str) -> None:
    gateway.account.configure(profile=profile)
    assert gateway.images(size="1792x1024").status_code in {200, 400}
    assert gateway.images().status_code == 200


def test_the_same_body_gives_the_same_images_on_a_fresh_server() -> None:
    def digests() -> list[str]:
        with MockServer() as fresh, httpx.Client(trust_env=False) as http:
            gateway = Gateway(fresh.account("sk-same"), http)
            answers = [gateway.images(response_format="b64_json").json()["data"][0]["b64_json"] for _ in range(2)]
            edit = {"data": {"prompt": "x"}, "files": {"image": ("a.png", base64.b64decode(DATA_URL.split(",")[1]))}}
            for _ in range(2):
                url = gateway.post("/images/edits", **edit).json()["data"][0]["url"]
                answers.append(str(inspect(http.get(url).content).seed))
            return answers

    first = digests()
    assert first == digests()
    assert len(set(first)) == len(first)
