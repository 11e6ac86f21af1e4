"""The reference client: right in every trouble that the emulator can make, and above suspicion of the judge."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from contract_tests.adapters.interface import CATEGORIES, Client, Description, Failure, Images, Outcome
from mock_server import MockAccount, inspect
from mock_server.core.reasons import REASONS, Reason
from tests.contract.adapters.conftest import REQUEST, WITHIN, Open

SCENARIOS = sorted(path.stem for path in (Path(__file__).parents[3] / "fixtures" / "scenarios").glob("*.yaml"))


@pytest.fixture
def client(opened: Open) -> Client:
    return opened("reference", timeout=3.0)


def images_of(outcome: Outcome) -> list[bytes]:
    assert isinstance(outcome, Images), outcome
    return [image for image in outcome.images if isinstance(image, bytes)]


def description_of(outcome: Outcome) -> Description:
    assert isinstance(outcome, Failure), outcome
    assert outcome.own is True
    assert outcome.description is not None
    return outcome.description


def endpoints(account: MockAccount, calls: int) -> list[str]:
    """What was called, once that many calls are in the journal: those that were left come when the server sees it."""
    end = time.monotonic() + WITHIN
    while len(account.journal()) < calls and time.monotonic() < end:
        os.sched_yield()
    return [item["endpoint"] for item in account.journal()]


@pytest.mark.parametrize("response_format", [None, "url", "base64"])
@pytest.mark.parametrize("profile", ["io", "counts-as-integers", "other-key-null"])
def test_it_delivers_images(
    response_format: str | None, profile: str, client: Client, minimax_mock: MockAccount
) -> None:
    minimax_mock.configure(profile=profile)
    request = REQUEST | {"n": 3, "aspect_ratio": "16:9"}
    request |= {"response_format": response_format} if response_format else {}
    outcome = client.generate(request, within=WITHIN)
    assert [inspect(image).index for image in images_of(outcome)] == [0, 1, 2]
    assert isinstance(outcome, Images)
    assert outcome.failed == 0
    assert json.loads(minimax_mock.journal()[0]["request"]["body"]) == request
    assert minimax_mock.verdict()["findings"] == []


def test_it_tells_what_is_missing(client: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault("partial", failed=2)
    outcome = client.generate(REQUEST | {"n": 5}, within=WITHIN)
    assert isinstance(outcome, Images)
    assert (len(outcome.images), outcome.failed) == (3, 2)
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize("empty", ["absent", "list", "null", "object"])
def test_no_image_at_all_is_a_matter_of_content(empty: str, client: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault("all_blocked", empty=empty)
    said = description_of(client.generate(REQUEST | {"n": 2}, within=WITHIN))
    assert said == Description(None, "content", "content safety blocked every image (2)", False)
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_it_tells_every_reason_and_repeats_those_that_pass(
    reason: Reason, client: Client, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault("status_code", code=reason.code, message=reason.message)
    said = description_of(client.generate(REQUEST, within=WITHIN))
    assert said.code == reason.code
    assert said.message.startswith(f"{reason.message} (code {reason.code}) (trace id ")
    assert said.retryable is reason.retryable
    assert said.category in CATEGORIES
    assert len(minimax_mock.journal()) == (5 if reason.retryable else 1)
    # a code that is also said of something else: only the text tells, and the judge does not read it
    unread = {"gave-up-at-once"} if reason.name == "forbidden_reference" else set()
    assert {item["rule"] for item in minimax_mock.verdict()["findings"]} == unread


@pytest.mark.parametrize(
    "reason", [reason for reason in REASONS.values() if reason.retryable], ids=lambda row: row.name
)
def test_it_delivers_after_two_refusals_that_pass(reason: Reason, client: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault("status_code", code=reason.code, message=reason.message, times=2)
    assert len(images_of(client.generate(REQUEST, within=WITHIN))) == 1
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize(
    ("status", "category", "calls"),
    [
        (400, "invalid_request", 1),
        (401, "auth", 1),
        (402, "balance", 1),
        (404, "invalid_request", 1),
        (302, "protocol", 1),
        (408, "timeout", 5),
        (429, "rate_limit", 5),
        (500, "server", 5),
        (502, "server", 5),
        (504, "timeout", 5),
    ],
)
def test_it_understands_what_stands_in_between(
    status: int, category: str, calls: int, client: Client, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault("http_status", status=status, when={"endpoint": "generate"})
    said = description_of(client.generate(REQUEST, within=WITHIN))
    assert (said.category, said.code) == (category, None)
    assert f"HTTP {status}" in said.message
    assert endpoints(minimax_mock, calls) == ["generate"] * calls
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize(("said", "pause"), [("7", 7.0), ("Wed, 21 Oct 2065 07:28:00 GMT", None), ("soon", 1.0)])
def test_it_waits_as_long_as_it_is_told(
    said: str, pause: float | None, opened: Open, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault("http_status", status=503, headers={"Retry-After": said}, times=1)
    outcome = opened("reference").generate(REQUEST, within=WITHIN)
    if pause is None:  # too long to wait, so that it is left to the caller
        assert description_of(outcome).retryable is True
        return
    assert len(images_of(outcome)) == 1
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize("fault", ["hang_up", "reset"])
def test_a_connection_that_breaks_before_the_answer_is_tried_again(
    fault: str, client: Client, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault(fault, times=2)
    assert len(images_of(client.generate(REQUEST, within=WITHIN))) == 1
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize(
    ("fault", "parameters", "category"),
    [
        ("hang", {}, "timeout"),
        ("slow_headers", {"bytes_per_second": 20}, "timeout"),
        ("slow_body", {"bytes_per_second": 20}, "timeout"),
        ("cut_body", {}, "network"),
        ("reset", {"after_bytes": 40}, "network"),
        ("malformed_json", {}, "protocol"),
        ("empty_body", {}, "protocol"),
        ("null_data", {}, "protocol"),
        ("drop_field", {"path": "base_resp"}, "protocol"),
        ("set_field", {"path": "base_resp.status_code", "value": "0"}, "protocol"),
        ("set_field", {"path": "data.image_urls", "value": [3]}, "protocol"),
        ("set_field", {"path": "data.image_urls.0", "value": "ftp://host/image"}, "download"),
        ("set_field", {"path": "data.image_urls.0", "value": "http://[::1/image"}, "download"),
    ],
    ids=range(13),
)
def test_what_may_have_been_charged_is_not_asked_for_again(
    fault: str, parameters: dict[str, Any], category: str, opened: Open, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault(fault, **parameters, when={"endpoint": "generate"})
    said = description_of(opened("reference", timeout=0.5).generate(REQUEST, within=WITHIN))
    assert said.category == category, said
    assert endpoints(minimax_mock, 1) == ["generate"]
    findings = [item["rule"] for item in minimax_mock.verdict()["findings"]]
    assert findings in ([], ["left-too-early"])


@pytest.mark.parametrize(
    ("fault", "parameters", "fetched"),
    [
        ("download_error", {"status": 403}, 1),
        ("download_error", {"status": 404}, 1),
        ("expired_url", {}, 1),
        ("wrong_size", {}, 1),
        ("download_error", {"status": 503}, 5),
        ("reset", {}, 5),
        ("cut_body", {}, 5),
        ("truncate_image", {}, 5),
        ("corrupt_image", {}, 5),
        ("not_an_image", {}, 5),
        ("hang", {}, 1),
    ],
    ids=range(11),
)
def test_a_failed_download_never_generates_again(
    fault: str, parameters: dict[str, Any], fetched: int, opened: Open, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault(fault, **parameters, when={"endpoint": "download"})
    request = REQUEST | {"aspect_ratio": "1:1"}
    said = description_of(opened("reference", timeout=0.5).generate(request, within=WITHIN))
    assert said.category == ("protocol" if fault == "wrong_size" else "download")
    assert said.message.startswith("an image was generated, and could not be had from http://127.0.0.1:")
    assert minimax_mock.api_key not in said.message
    assert endpoints(minimax_mock, 1 + fetched) == ["generate"] + ["download"] * fetched
    assert minimax_mock.verdict()["findings"] == []


@pytest.mark.parametrize("fault", ["truncate_image", "corrupt_image", "not_an_image", "cut_body", "reset"])
def test_a_download_that_breaks_is_tried_again(fault: str, client: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault(fault, times=2, when={"endpoint": "download"})
    assert len(images_of(client.generate(REQUEST, within=WITHIN))) == 1
    assert minimax_mock.verdict()["findings"] == []


def test_a_size_is_checked_only_where_it_was_asked_for(client: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault("wrong_size", width=512, height=512)
    assert len(images_of(client.generate(REQUEST, within=WITHIN))) == 1
    said = description_of(client.generate(REQUEST | {"width": 768, "height": 1024}, within=WITHIN))
    assert said.message.endswith("asked for an image of 768x1024 pixels, got 512x512")


@pytest.mark.parametrize("response_format", ["url", "base64"])
def test_an_image_of_another_format_is_an_image(
    response_format: str, client: Client, minimax_mock: MockAccount
) -> None:
    minimax_mock.add_fault("wrong_format", format="png")
    (image,) = images_of(client.generate(REQUEST | {"response_format": response_format}, within=WITHIN))
    assert Image.open(io.BytesIO(image)).format == "PNG"


@pytest.mark.parametrize("fault", ["truncate_image", "corrupt_image", "not_an_image"])
def test_a_broken_image_in_the_answer_is_an_error(fault: str, client: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault(fault)
    said = description_of(client.generate(REQUEST | {"response_format": "base64"}, within=WITHIN))
    assert (said.category, endpoints(minimax_mock, 1)) == ("protocol", ["generate"])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_in_every_scenario_it_delivers_or_says_why_not(scenario: str, opened: Open, minimax_mock: MockAccount) -> None:
    minimax_mock.scenario(scenario)
    outcome = opened("reference", timeout=1.0 if "hang" in scenario else 8.0).generate(REQUEST | {"n": 2}, within=60)
    if isinstance(outcome, Failure):
        assert description_of(outcome).category in CATEGORIES
    else:
        assert images_of(outcome)
    assert minimax_mock.verdict()["findings"] == []
