"""The newest fal-client, and one from before its hosts could be set, against the emulator."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, inspect
from tests.e2e.clients import Driven
from tests.e2e.fal import APP, INPUT, PROMPT, attempts, calls, run

pytestmark = pytest.mark.e2e


def picture(url: str) -> Any:
    return inspect(httpx.get(url, verify=False, trust_env=False).raise_for_status().content)


@pytest.mark.parametrize("client", ["SyncClient", "AsyncClient"])
def test_run_gives_the_images(fal_python: Driven, fal_account: MockAccount, client: str) -> None:
    asked = INPUT | {"aspect_ratio": "3:2", "num_images": 2}
    images = run(fal_python, fal_account, asked, client=client)["value"]["images"]
    facts = [picture(image["url"]) for image in images]
    assert [(item.prompt, item.width, item.height, item.index) for item in facts] == [
        (PROMPT, 1248, 832, 0),
        (PROMPT, 1248, 832, 1),
    ]
    assert {len(item.references) for item in facts} == {1}
    assert attempts(fal_account)["generate"] == 1


@pytest.mark.parametrize("client", ["SyncClient", "AsyncClient"])
def test_subscribe_tells_every_step_with_its_logs(fal_python: Driven, fal_account: MockAccount, client: str) -> None:
    kwargs = {"arguments": INPUT, "with_logs": True}
    done = fal_python("subscribe", APP, key=fal_account.api_key, kwargs=kwargs, watch=True, client=client)
    queued, working, completed = done["updates"]
    assert (queued["is"], queued["position"]) == ("Queued", 0)
    assert (working["is"], len(working["logs"])) == ("InProgress", 2)
    assert completed["is"] == "Completed"
    assert [line["message"] for line in completed["logs"]][:2] == [line["message"] for line in working["logs"]]
    assert completed["metrics"]["inference_time"] > 0
    assert picture(done["value"]["images"][0]["url"]).prompt == PROMPT
    steps = [("submit", 200), ("status", 202), ("status", 202), ("status", 200), ("status", 200), ("result", 200)]
    assert calls(fal_account)[:6] == steps
    assert fal_account.verdict()["findings"] == []


def test_a_handle_is_followed_by_its_own_urls(fal_python: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="manual")
    handle = fal_python("submit", APP, key=fal_account.api_key, kwargs={"arguments": INPUT, "priority": "low"})["value"]
    number = handle["request_id"]
    assert handle["status_url"].endswith(f"/fal/queue/fal-ai/minimax/requests/{number}/status")
    for expected in ("Queued", "InProgress", "Completed"):
        assert fal_python("status", APP, number, key=fal_account.api_key)["value"]["is"] == expected
        fal_account.advance_jobs()
    assert fal_python("result", APP, number, key=fal_account.api_key)["value"]["images"]


def test_stream_fails_as_it_does_live(fal_python: Driven, fal_account: MockAccount) -> None:
    error = fal_python("stream", APP, key=fal_account.api_key, kwargs={"arguments": INPUT})["error"]
    assert error["is"][0] == "SSEError"
    assert "got 'application/json'" in error["text"]
    assert calls(fal_account) == [("generate", 404)]


def test_cancel_ends_a_queued_job(fal_python: Driven, fal_account: MockAccount) -> None:
    fal_account.configure(jobs="manual")
    number = fal_python("submit", APP, key=fal_account.api_key, kwargs={"arguments": INPUT})["value"]["request_id"]
    assert "value" in fal_python("cancel", APP, number, key=fal_account.api_key)
    assert fal_python("status", APP, number, key=fal_account.api_key)["value"]["is"] == "Completed"
    error = fal_python("result", APP, number, key=fal_account.api_key)["error"]
    assert (error["is"][0], error["status"]) == ("FalClientHTTPError", 499)
    again = fal_python("cancel", APP, number, key=fal_account.api_key)["error"]
    assert (again["status"], json.loads(again["body"])) == (400, {"status": "ALREADY_COMPLETED"})
    assert fal_account.describe()["balance_usd"] == 1_000_000


def as_args(data: bytes, *more: str) -> tuple[Any, ...]:
    return ({"base64": base64.b64encode(data).decode()}, *more)


def fetched(url: str) -> tuple[bytes, str]:
    answer = httpx.get(url, trust_env=False).raise_for_status()
    return answer.content, answer.headers["content-type"]


@pytest.mark.parametrize("client", ["SyncClient", "AsyncClient"])
def test_an_upload_can_be_fetched_and_referred_to(
    fal_python: Driven, fal_account: MockAccount, photo: bytes, client: str
) -> None:
    args = as_args(photo, "image/png", "face.png")
    url = fal_python("upload", *args, key=fal_account.api_key, client=client)["value"]
    assert url.endswith("_face.png")
    assert fetched(url) == (photo, "image/png")
    assert attempts(fal_account)["upload"] == 2
    (image,) = run(fal_python, fal_account, INPUT | {"image_url": url})["value"]["images"]
    assert picture(image["url"]).references[0].label == "127.0.0.1"


@pytest.mark.parametrize("client", ["SyncClient", "AsyncClient"])
def test_a_large_file_goes_up_in_parts(
    fal_python: Driven, fal_account: MockAccount, photo: bytes, client: str, tmp_path: Path
) -> None:
    file = tmp_path / "face.png"
    file.write_bytes(photo)
    small = {"MULTIPART_THRESHOLD": 1000, "MULTIPART_CHUNK_SIZE": 10_000}
    url = fal_python("upload_file", str(file), key=fal_account.api_key, client=client, constants=small)["value"]
    assert fetched(url) == (file.read_bytes(), "image/png")
    parts = -(-file.stat().st_size // 10_000)
    assert parts > 3
    assert attempts(fal_account)["upload"] == 1 + 1 + parts + 1  # token, begin, parts, complete


def test_the_old_client_loses_all_parts_but_the_first_of_bytes(
    old_fal: Driven, fal_account: MockAccount, photo: bytes
) -> None:
    """A mistake of its own, in ``MultipartUpload.save``, that shows only against a store that keeps the parts."""
    small = {"MULTIPART_THRESHOLD": 1000, "MULTIPART_CHUNK_SIZE": 10_000}
    args = as_args(photo, "image/png", "face.png")
    url = old_fal("upload", *args, key=fal_account.api_key, constants=small)["value"]
    assert fetched(url)[0] == photo[:10_000]


def test_an_upload_falls_back_to_the_other_store(newest_fal: Driven, fal_account: MockAccount, photo: bytes) -> None:
    fal_account.add_fault("http_status", status=400, times=1, after=1, when={"endpoint": "upload"})
    url = newest_fal("upload", *as_args(photo, "image/png"), key=fal_account.api_key)["value"]
    assert fetched(url) == (photo, "image/png")
    assert [item["path"].partition("?")[0] for item in fal_account.journal()][:3] == [
        "/fal/rest/storage/auth/token",
        "/fal/cdn/files/upload",
        "/fal/rest/storage/upload/initiate",
    ]


def test_the_other_store_can_be_chosen(newest_fal: Driven, fal_account: MockAccount, photo: bytes) -> None:
    kwargs = {"repository": "fal"}
    url = newest_fal("upload", *as_args(photo, "image/png", "me.png"), key=fal_account.api_key, kwargs=kwargs)["value"]
    assert fetched(url) == (photo, "image/png")
    assert attempts(fal_account)["upload"] == 2
