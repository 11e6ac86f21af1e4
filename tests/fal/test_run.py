"""Direct runs: ``POST https://fal.run/<endpoint>``."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image

from mock_server import MockServer
from tests.fal.client import PICTURE, SUBJECT, TEXT, Fal

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
FILE = re.compile(r"/fal/cdn/files/[a-z]+/[A-Za-z0-9_-]{21}_image\.jpg$")


def test_an_image_is_a_file_of_the_size_that_is_said(fal: Fal) -> None:
    answer = fal.run(aspect_ratio="16:9")
    assert answer.status_code == 200
    assert answer.json().keys() == {"images"}
    (file,) = answer.json()["images"]
    assert file.keys() == {"url", "content_type", "file_name", "file_size"}
    assert (file["content_type"], file["file_name"]) == ("image/jpeg", "image.jpg")
    assert FILE.search(file["url"])
    image = fal.http.get(file["url"])
    assert len(image.content) == file["file_size"]
    assert Image.open(io.BytesIO(image.content)).size == (1280, 720)
    assert image.headers["content-type"] == "image/jpeg"


def test_every_answer_has_an_id_and_says_what_was_billed(fal: Fal) -> None:
    answer = fal.run(num_images=3)
    assert UUID.fullmatch(answer.headers["x-fal-request-id"])
    assert answer.headers["x-fal-billable-units"] == "3"
    assert len(answer.json()["images"]) == 3
    assert fal.account.describe()["spent_usd"] == pytest.approx(0.03)
    refused = fal.run(num_images=10)
    assert UUID.fullmatch(refused.headers["x-fal-request-id"])
    assert refused.headers["x-fal-billable-units"] == "0"


def test_the_same_run_is_another_picture_and_the_same_seed_the_same_run(server: MockServer, fal: Fal) -> None:
    sizes = {fal.run().json()["images"][0]["url"] for _ in range(3)}
    assert len(sizes) == 3
    twins = []
    for _ in range(2):
        with MockServer() as server, httpx.Client(trust_env=False) as http:
            twin = Fal(server.account("id:the-same-secret"), http)
            twins.append(http.get(twin.run().json()["images"][0]["url"]).content)
    assert twins[0] == twins[1]


def test_a_subject_needs_an_image(fal: Fal) -> None:
    assert fal.run(SUBJECT, image_url=PICTURE).status_code == 200
    assert fal.run(SUBJECT).json()["detail"][0]["loc"] == ["body", "image_url"]


def test_a_file_can_be_had_in_parts_and_anew_only_when_it_changed(fal: Fal) -> None:
    url = fal.run().json()["images"][0]["url"]
    whole = fal.http.get(url)
    part = fal.http.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert fal.http.get(url, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert fal.http.get(url, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert fal.http.head(url).status_code == 200
    assert fal.http.get(url.replace("_image.jpg", "_other/")).status_code == 404
    assert fal.http.delete(url).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("fal-ai/minimax/image-01/nothing", 404, "Path /image-01/nothing not found"),
        ("fal-ai/minimax", 404, "Path / not found"),
        ("fal-ai/other/model", 404, 'Application "fal-ai/other" not found'),
        (f"{TEXT}/stream", 404, "Path /image-01/stream not found"),
    ],
)
def test_other_paths_are_not_found(path: str, status: int, detail: str, fal: Fal) -> None:
    answer = fal.run(path)
    assert (answer.status_code, answer.json()) == (status, {"detail": detail})
    assert answer.headers["x-fal-billable-units"] == "0"


def test_only_post_runs(fal: Fal) -> None:
    answer = fal.call("GET", f"run/{TEXT}")
    assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("scheme", ["Key", "key", "Bearer"])
def test_both_schemes_are_a_key(scheme: str, fal: Fal) -> None:
    assert fal.run(headers={"Authorization": f"{scheme} {fal.account.api_key}"}).status_code == 200
    assert fal.account.describe()["images"] == 1


@pytest.mark.parametrize("header", [None, "Basic eHg=", "Key", "Token x"])
def test_nothing_else_is(header: str | None, fal: Fal) -> None:
    answer = fal.http.post(
        f"{fal.base}/run/{TEXT}", json=fal.input(), headers={"Authorization": header} if header else {}
    )
    assert answer.status_code == 401
    assert answer.json().keys() == {"detail"}


def test_the_path_can_name_the_account(fal: Fal) -> None:
    place = fal.base.replace("/fal", "/~alice/fal")
    answer = fal.call("POST", f"{place}/queue/{TEXT}", json=fal.input())
    assert f"/~alice/fal/queue/fal-ai/minimax/requests/{answer.json()['request_id']}" in answer.json()["status_url"]
    assert fal.call("GET", answer.json()["status_url"]).status_code == 202


def test_a_request_that_does_not_start_in_time_is_given_up(fal: Fal) -> None:
    fal.account.add_fault("delay", seconds=30, endpoint=None)
    answer = fal.run(headers={"X-Fal-Request-Timeout": "0.05"})
    assert answer.status_code == 504
    assert answer.headers["x-fal-request-timeout-type"] == "user"
    assert answer.json() == {"detail": "Request timed out", "error_type": "request_timeout"}


def test_faults_of_the_native_face_work_here(fal: Fal) -> None:
    fal.account.add_fault("partial", failed=1)
    answer = fal.run(num_images=3)
    assert len(answer.json()["images"]) == 2
    assert answer.headers["x-fal-billable-units"] == "2"
    fal.account.clear_faults()
    fal.account.add_fault("wrong_size", times=1)
    file = fal.run().json()["images"][0]
    assert Image.open(io.BytesIO(fal.http.get(file["url"]).content)).size != (1024, 1024)
    assert Image.open(io.BytesIO(fal.http.get(file["url"]).content)).size == (1024, 1024)
    fal.account.add_fault("download_error", status=503)
    assert fal.http.get(file["url"]).status_code == 503


def test_the_journal_tells_the_face(fal: Fal) -> None:
    answer = fal.run()
    fal.http.get(answer.json()["images"][0]["url"])
    fal.account.assert_called(face="fal", times=1)
    fal.account.assert_called(face="fal", endpoint="download", times=1)
    (entry, _) = fal.account.journal()
    assert (entry["model"], entry["n"], entry["status_code"]) == ("image-01", 1, 0)
    assert fal.account.api_key not in str(entry)
