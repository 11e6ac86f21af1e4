"""Every answer of every switch changes what is on the wire, and nothing but what it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer
from mock_server.core.profile import PROFILES, SWITCHES, Profile
from mock_server.core.reasons import REASONS, Refusal
from mock_server.faces.minimax import translate
from tests.wire import Generate

REFERENCE = [{"type": "character", "image_file": "https://a.example/face.jpg"}]
DATA_REFERENCE = [{"type": "character", "image_file": "data:image/png;base64,iVBORw0KGgo="}]


def test_every_switch_is_a_profile_field_with_its_first_answer_as_default() -> None:
    assert [switch.field for switch in SWITCHES] == list(Profile.__struct_fields__)
    for switch in SWITCHES:
        assert getattr(Profile(), switch.field) == switch.answers[0]
        assert switch.question


def test_every_answer_that_is_no_default_has_a_named_profile() -> None:
    for switch in SWITCHES:
        for answer in switch.answers[1:]:
            assert any(getattr(profile, switch.field) == answer for profile in PROFILES.values()), (switch, answer)


def body(generate: Generate, account: MockAccount, profile: str | dict[str, str], **fields: Any) -> dict[str, Any]:
    account.configure(profile=profile)
    return dict(generate(**fields).json())


def test_success_bodies(generate: Generate, account: MockAccount) -> None:
    assert body(generate, account, "counts-as-integers")["metadata"] == {"failed_count": 0, "success_count": 1}
    assert body(generate, account, "other-key-null")["data"]["image_base64"] is None
    base64 = body(generate, account, "other-key-null", response_format="base64")["data"]
    assert list(base64) == ["image_urls", "image_base64"]
    assert base64["image_urls"] is None
    toolkit = body(generate, account, "toolkit-docs")
    assert toolkit["metadata"]["success_count"] == 1
    assert toolkit["data"]["image_base64"] is None


@pytest.mark.parametrize(
    ("profile", "data"),
    [
        ("io", {"image_urls": []}),
        ("other-key-null", {"image_urls": [], "image_base64": None}),
        ("blocked-empty-object", {}),
        ("blocked-null-data", None),
        ("blocked-absent-data", ...),
    ],
)
def test_all_blocked_bodies(generate: Generate, account: MockAccount, profile: str, data: object) -> None:
    answer = body(generate, account, profile, prompt="[[mock:all-blocked]]", n=4)
    assert answer.get("data", ...) == data
    assert answer["metadata"] == {"failed_count": "4", "success_count": "0"}
    assert answer["base_resp"]["status_code"] == 0


def test_handler_error_bodies(generate: Generate, account: MockAccount) -> None:
    assert list(body(generate, account, "io", n=0)) == ["id", "base_resp"]
    assert body(generate, account, "error-data-null", n=0)["data"] is None
    assert body(generate, account, "error-data-empty", n=0)["data"] == {}
    counted = body(generate, account, "error-zero-counts", n=0)
    assert list(counted) == ["id", "data", "metadata", "base_resp"]
    assert counted["metadata"] == {"failed_count": "0", "success_count": "0"}
    gateway = body(generate, account, "error-zero-counts", prompt=...)
    assert list(gateway) == ["base_resp"]


CASES = [
    ("live-model-strict", {"model": "image-01-live", "width": 512, "height": 512}, 2013),
    ("live-model-strict", {"model": "image-01-live", "subject_reference": REFERENCE}, 2013),
    ("live-model-strict", {"style": {"style_type": "水彩"}}, 2013),
    ("io", {"model": "image-01-live", "subject_reference": REFERENCE}, 0),
    ("cn", {"model": "image-01-live", "aspect_ratio": "21:9"}, 2013),
    ("one-reference", {"subject_reference": REFERENCE * 2}, 2013),
    ("io", {"subject_reference": REFERENCE * 2}, 0),
    ("product-references", {"subject_reference": [REFERENCE[0] | {"type": "product"}]}, 0),
    ("data-urls-refused", {"subject_reference": DATA_REFERENCE}, 1000),
    ("unknown-fields-refused", {"num_images": 2}, 2013),
    ("io", {"num_images": 2}, 0),
]


@pytest.mark.parametrize(("profile", "fields", "expected"), CASES, ids=str)
def test_what_a_profile_lets_through(
    generate: Generate, account: MockAccount, profile: str, fields: dict[str, Any], expected: int
) -> None:
    assert body(generate, account, profile, **fields)["base_resp"]["status_code"] == expected


LIVE = {"model": "image-01-live"}
REFUSED = [
    ("unknown-fields-refused", {"num_images": 2}, "unknown field num_images"),
    ("cn", LIVE | {"aspect_ratio": "21:9"}, "aspect_ratio 21:9 is not supported by image-01-live"),
    ("live-model-strict", LIVE | {"width": 512, "height": 512}, "width and height are only supported by image-01"),
    ("live-model-strict", {"style": {"style_type": "水彩"}}, "style is only supported by image-01-live"),
    (
        "live-model-strict",
        LIVE | {"subject_reference": REFERENCE},
        "subject_reference is not supported by image-01-live",
    ),
    ("one-reference", {"subject_reference": REFERENCE * 2}, "only one subject_reference is supported"),
]


@pytest.mark.parametrize(("profile", "fields", "text"), REFUSED, ids=str)
def test_what_a_profile_refuses_is_worded_like_its_neighbours(
    generate: Generate, account: MockAccount, profile: str, fields: dict[str, Any], text: str
) -> None:
    told = body(generate, account, profile, **fields)["base_resp"]
    assert told == {"status_code": 2013, "status_msg": f"invalid params, {text}"}


def test_the_body_id_can_differ_from_the_trace(generate: Generate, account: MockAccount) -> None:
    account.configure(profile="body-id-differs")
    answer = generate()
    assert answer.json()["id"] != answer.headers["trace-id"]
    assert answer.json()["id"][:8] == answer.headers["trace-id"][:8]


def test_blocked_images_can_be_charged(generate: Generate, account: MockAccount) -> None:
    for profile, images in (("io", 2), ("blocked-images-charged", 2 + 3)):
        account.configure(profile=profile)
        generate(prompt="[[mock:partial-failure]]", n=3)
        assert account.describe()["images"] == images


def test_the_profile_shown_is_the_one_set(account: MockAccount) -> None:
    account.configure(profile="toolkit-docs")
    assert account.describe()["profile"] == "toolkit-docs"
    account.configure(profile={"prompt_unit": "bytes"})
    view = account.describe()
    assert view["profile"] == "custom"
    assert (view["switches"]["counts"], view["switches"]["prompt_unit"]) == ("integer", "bytes")


@pytest.mark.parametrize(
    ("profile", "garbled", "well_formed"),
    [("io", 1004, 2049), ("unknown-key-1004", 1004, 1004), ("unknown-key-2049", 2049, 2049)],
)
def test_what_a_key_that_is_not_known_gets(
    tmp_path: Path, http: httpx.Client, profile: str, garbled: int, well_formed: int
) -> None:
    file = tmp_path / "accounts.yaml"
    file.write_text("- {key: sk-api-known}")
    with MockServer(keys="strict", accounts=str(file), profile=profile) as server:
        url, body = f"{server.url}/v1/image_generation", {"model": "image-01", "prompt": "x"}
        for key, expected in (("garbled", garbled), ("sk-cp-other", well_formed), ("sk-api-known", 0)):
            answer = http.post(url, json=body, headers={"Authorization": f"Bearer {key}"}).json()
            assert answer["base_resp"]["status_code"] == expected


def test_a_body_that_was_accepted_is_read_anew_under_another_profile(generate: Generate, account: MockAccount) -> None:
    prompt = "x" * 1500
    codes = []
    for profile in ("prompt-1500-accepted", "io", "prompt-1500-accepted"):
        account.configure(profile=profile)
        codes += [generate(prompt=prompt).json()["base_resp"]["status_code"] for _ in range(2)]
    assert codes == [0, 0, 2013, 2013, 0, 0]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_reason_is_spelled_under_every_profile(profile: Profile) -> None:
    values = {"problem": "p", "plan": "Starter", "used": 1, "limit": 2, "resets": "t", "model": "image-01"}
    for reason in REASONS.values():
        spelled = json.loads(translate.refusal("f" * 32, Refusal(reason, "", tuple(values.items())), profile))
        assert spelled["base_resp"]["status_code"] == reason.code
        assert "{" not in spelled["base_resp"]["status_msg"]
        assert ("id" in spelled) == (reason.tier == "handler")
