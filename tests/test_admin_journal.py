"""Summaries, pictures and scenarios of exchanges over the admin API."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image

from mock_server import MockAccount, MockServer, inspect
from tests.wire import Generate


@pytest.fixture
def admin(account: MockAccount, http: httpx.Client) -> Any:
    def call(method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {account.api_key}"} | options.pop("headers", {})
        return http.request(method, f"{account.base_url()}/_mock/{path}", headers=headers, **options)

    return call


def test_a_summary_is_the_exchange_without_heads_bodies_and_digests(admin: Any, generate: Generate) -> None:
    generate(n=2)
    generate(response_format="base64")
    generate(n=0)
    whole = admin("GET", "journal").json()["exchanges"]
    short = admin("GET", "journal?view=summary").json()["exchanges"]
    for one, other in zip(short, whole, strict=True):
        for picture in other["images"]:
            picture.pop("sha256", None)
            picture.pop("bytes", None)
        assert one == {name: value for name, value in other.items() if name not in {"request", "response"}}
    assert admin("GET", "journal?view=ids").json() == {"exchanges": [item["id"] for item in whole]}
    assert admin("GET", "journal?view=ids&status_code=2013").json() == {"exchanges": [whole[2]["id"]]}


def test_a_long_prompt_is_cut_in_a_summary_only(admin: Any, generate: Generate) -> None:
    generate(prompt="x" * 3000)
    assert admin("GET", "journal?view=summary").json()["exchanges"][0]["prompt"] == "x" * 1500 + "…"
    assert admin("GET", "journal").json()["exchanges"][0]["prompt"] == "x" * 3000


def test_a_stream_of_summaries(account: MockAccount, generate: Generate, http: httpx.Client) -> None:
    generate()
    headers = {"Authorization": f"Bearer {account.api_key}"}
    with http.stream("GET", f"{account.base_url()}/_mock/events?view=summary&since=0", headers=headers) as answer:
        data = next(line for line in answer.iter_lines() if line.startswith("data: "))
    assert "request" not in json.loads(data[6:])


@pytest.mark.parametrize("path", ["journal?view=shrt", "events?view=ids", "events?view=ful"])
def test_a_view_that_does_not_exist_is_refused(admin: Any, path: str) -> None:
    answer = admin("GET", path)
    assert answer.status_code == 400
    assert "view cannot be" in answer.json()["error"]


@pytest.mark.parametrize("form", ["url", "base64"])
def test_a_picture_is_the_one_that_was_sent(admin: Any, generate: Generate, form: str) -> None:
    generate(n=2, aspect_ratio="16:9", response_format=form, prompt="a fox")
    (exchange,) = admin("GET", "journal").json()["exchanges"]
    for shown in exchange["images"]:
        full = admin("GET", f"journal/{exchange['id']}/images/{shown['index']}")
        facts = inspect(full.content)
        assert (full.headers["content-type"], facts.prompt, facts.seed) == ("image/jpeg", "a fox", shown["seed"])
        small = admin("GET", f"journal/{exchange['id']}/images/{shown['index']}?size=small")
        with Image.open(io.BytesIO(small.content)) as image:
            assert (image.format, image.size) == ("JPEG", (192, 108))
        again = {"If-None-Match": full.headers["etag"]}
        assert admin("GET", f"journal/{exchange['id']}/images/{shown['index']}", headers=again).status_code == 304
        assert small.headers["etag"] != full.headers["etag"]
        assert full.headers["cache-control"] == "private, no-cache"
    assert len(admin("GET", "journal").json()["exchanges"]) == 1
    assert admin("GET", "account").json()["images"] == 2


@pytest.mark.parametrize(
    ("path", "status", "complaint"),
    [
        ("images/7", 404, "has no image '7'; it has 1"),
        ("images/x", 404, "has no image 'x'"),
        ("images/0?size=huge", 400, "size cannot be 'huge'"),
        ("images/0?siz=small", 400, "did you mean 'size'?"),
    ],
)
def test_a_picture_that_is_not_there(admin: Any, generate: Generate, path: str, status: int, complaint: str) -> None:
    generate()
    number = admin("GET", "journal?view=ids").json()["exchanges"][0]
    answer = admin("GET", f"journal/{number}/{path}")
    assert (answer.status_code, complaint in answer.json()["error"]) == (status, True), answer.text


def test_pictures_of_another_account_are_not_shown(admin: Any, generate: Generate, account: MockAccount) -> None:
    generate()
    number = admin("GET", "journal?view=ids").json()["exchanges"][0]
    stranger = {"Authorization": "Bearer sk-api-a-stranger"}
    assert admin("GET", f"journal/{number}/images/0", headers=stranger).status_code == 404
    assert admin("GET", f"journal/{number}/scenario", headers=stranger).status_code == 404


RULES: list[dict[str, Any]] = [
    {"fault": {"kind": "status_code", "code": 1002, "message": "slow down"}},
    {"fault": {"kind": "http_status", "status": 503, "headers": {"Retry-After": "3"}}, "name": "gateway"},
    {"fault": {"kind": "partial", "failed": 1}},
    {"fault": {"kind": "all_blocked"}},
    {"fault": {"kind": "hang_up"}},
    {"fault": {"kind": "empty_body"}},
]


@pytest.mark.parametrize("kept", [True, False], ids=["rule-kept", "rule-gone"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["fault"]["kind"])
def test_a_scenario_of_a_disturbed_exchange_disturbs_such_a_request_alike(
    admin: Any, generate: Generate, rule: dict[str, Any], kept: bool
) -> None:
    def outcome() -> tuple[Any, ...]:
        try:
            answer = generate(n=3, prompt="[the] unlucky one")
        except httpx.RemoteProtocolError:
            return ("broken",)
        body = answer.json() if answer.headers["content-type"].startswith("application/json") and answer.content else {}
        return answer.status_code, body.get("base_resp"), body.get("metadata")

    admin("POST", "faults", json=rule)
    before = outcome()
    if not kept:
        admin("DELETE", "faults")
    number = admin("GET", "journal?view=ids").json()["exchanges"][-1]
    scenario = admin("GET", f"journal/{number}/scenario").json()
    admin("DELETE", "faults")
    assert admin("POST", "scenario", json=scenario).status_code == 200, scenario
    assert outcome() == before


def test_a_scenario_of_a_refusal_repeats_its_words(admin: Any, generate: Generate) -> None:
    refused = generate(n=0).json()
    number = admin("GET", "journal?view=ids").json()["exchanges"][-1]
    scenario = admin("GET", f"journal/{number}/scenario").json()
    (rule,) = scenario["rules"]
    assert rule["fault"] == {
        "kind": "status_code",
        "code": 2013,
        "message": refused["base_resp"]["status_msg"],
    }


def test_a_scenario_of_what_went_well_has_the_settings(http: httpx.Client) -> None:
    with MockServer() as server:
        account = server.account("sk-api-settings", seed=7, rpm=100, profile="counts-as-integers")
        headers = {"Authorization": "Bearer sk-api-settings"}
        body = {"model": "image-01", "prompt": "x"}
        assert http.post(f"{server.url}/v1/image_generation", json=body, headers=headers).status_code == 200
        (exchange,) = account.journal()
        scenario = http.get(f"{server.url}/_mock/journal/{exchange['id']}/scenario").json()
        assert scenario["account"] == {"seed": 7, "rpm": 100, "profile": {"counts": "integer"}}
        other = server.account("sk-api-other-one")
        other.scenario(scenario)
        assert (other.describe()["seed"], other.describe()["profile"]) == (7, "counts-as-integers")


def test_a_scenario_of_a_failed_download(admin: Any, generate: Generate, http: httpx.Client) -> None:
    admin("POST", "faults", json={"fault": {"kind": "download_error", "status": 503}})
    url = generate().json()["data"]["image_urls"][0]
    assert http.get(url).status_code == 503
    admin("DELETE", "faults")
    number = admin("GET", "journal?view=ids").json()["exchanges"][-1]
    scenario = admin("GET", f"journal/{number}/scenario").json()
    assert admin("POST", "scenario", json=scenario).status_code == 200, scenario
    assert http.get(url).status_code == 503
