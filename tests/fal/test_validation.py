"""Wrong inputs get what a FastAPI application with such a model answers: compared with a real one."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from tests.fal.client import SUBJECT, TEXT, Fal


class Input(BaseModel):
    """Written from fal's page on the endpoint, not from the emulator's model."""

    prompt: str = Field(max_length=1500)
    image_url: str
    aspect_ratio: Literal["1:1", "16:9", "4:3", "3:2", "2:3", "3:4", "9:16", "21:9"] = "1:1"
    num_images: int = Field(default=1, ge=1, le=9)
    prompt_optimizer: bool = False


@pytest.fixture(scope="module")
def real() -> FastAPI:
    app = FastAPI()

    @app.post("/")
    async def endpoint(given: Input) -> dict[str, str]:
        return {}

    return app


def post(app: FastAPI, body: bytes, headers: dict[str, str]) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.post("/", content=body, headers=headers)

    return asyncio.run(send())


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "1:1", "16:9", "5:4", "yes", "on", "2", "2.5", "x" * 1501, "https://example.com/x.png"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(), max_size=1),
)
BODIES = st.one_of(
    st.fixed_dictionaries({}, optional=dict.fromkeys([*Input.model_fields, "sync_mode"], VALUES)).map(json.dumps),
    VALUES.map(json.dumps),
    st.sampled_from(["", "{", "[1,", "nul", '{"prompt": "x",}', "\x00", '"\\ud800"']),
)
BEHIND = {"file_download_error", "downstream_service_error"}
"""What a body that is well formed may meet later."""
TYPES = st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain", "application/geo+json"])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, content_type=TYPES)
def test_a_wrong_input_is_refused_word_for_word(body: str, content_type: str, fal: Fal, real: FastAPI) -> None:
    headers = {"Content-Type": content_type}
    wanted = post(real, body.encode(), headers)
    answer = fal.call("POST", f"run/{SUBJECT}", content=body.encode(), headers=headers)
    if wanted.status_code == 500:
        assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
    elif wanted.status_code == 422:
        assert (answer.status_code, answer.json()) == (422, wanted.json())
    else:
        assert answer.status_code == 200 or answer.json()["detail"][0]["type"] in BEHIND


def test_a_body_that_is_no_text_cannot_be_parsed(fal: Fal, real: FastAPI) -> None:
    body, headers = b'{"prompt": "caf\xff"}', {"Content-Type": "application/json"}
    wanted = post(real, body, headers)
    answer = fal.call("POST", f"run/{SUBJECT}", content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (wanted.status_code, wanted.json())
    assert answer.json() == {"detail": "There was an error parsing the body"}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"prompt": "x" * 1501}, "string_too_long"),
        ({"num_images": 0}, "greater_than_equal"),
        ({"num_images": 10}, "less_than_equal"),
        ({"aspect_ratio": "5:4"}, "literal_error"),
        ({"prompt_optimizer": "perhaps"}, "bool_parsing"),
    ],
)
def test_errors_are_those_of_pydantic(fields: dict[str, Any], kind: str, fal: Fal) -> None:
    answer = fal.run(**fields)
    (error,) = answer.json()["detail"]
    assert (answer.status_code, error["type"], "url" in error) == (422, kind, False)
    assert fal.account.journal()[-1]["reason"] == "invalid_params"


def test_unknown_fields_are_ignored(fal: Fal) -> None:
    assert fal.run(sync_mode=True, seed=1).status_code == 200


def test_a_long_prompt_can_be_left_to_the_service(fal: Fal) -> None:
    fal.account.configure(profile="fal-prompt-unchecked")
    answer = fal.run(prompt="x" * 1501)
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (400, "downstream_service_error")


def test_a_prompt_of_exactly_1500_is_the_services_affair(fal: Fal) -> None:
    assert fal.run(prompt="x" * 1500).json()["detail"][0]["type"] == "downstream_service_error"
    fal.account.configure(profile="prompt-1500-accepted")
    assert fal.run(prompt="x" * 1500).status_code == 200


@pytest.mark.parametrize(
    ("image_url", "kind"),
    [
        ("http://localhost/x.png", "file_download_error"),
        ("no url", "file_download_error"),
        ("data:image/gif;base64,R0lGODlh", "unsupported_image_format"),
        ("data:image/png;base64,!!!!", "image_load_error"),
        ("data:image/png;base64,AAAA", "image_load_error"),
        ("data:image/png;base64," + "A" * 14_000_000, "file_too_large"),
    ],
)
def test_a_reference_that_is_no_use_is_named(image_url: str, kind: str, fal: Fal) -> None:
    answer = fal.run(SUBJECT, image_url=image_url)
    (error,) = answer.json()["detail"]
    assert (answer.status_code, error["type"], error["loc"]) == (422, kind, ["body", "image_url"])
    assert error["url"] == f"https://docs.fal.ai/errors/#{kind}"


def test_text_alone_takes_no_subject(fal: Fal) -> None:
    assert fal.run(TEXT, image_url="http://localhost/x.png").status_code == 200


def test_what_is_wrong_stays_wrong_under_a_profile_of_the_prompt(fal: Fal) -> None:
    answer = fal.run(prompt="a cat [[mock:counts-as-integers]]", num_images=10)
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (422, "less_than_equal")


def test_the_journal_tells_what_a_wrong_input_asked_for(fal: Fal) -> None:
    fal.run(prompt="a cat", num_images=10)
    entry = fal.account.journal(prompt="a cat")[0]
    assert (entry["n"], entry["reason"]) == (10, "invalid_params")
