"""What generates nothing: models, balance, the media host."""

from __future__ import annotations

import contextlib

import httpx
import pytest

from mock_server import MockServer, inspect
from tests.openai.conftest import Gateway
from tests.openai.test_errors import check_shape

IDS = ["minimax/minimax-image-01-subject-reference", "minimax/minimax-image-01"]


def test_the_list(gateway: Gateway) -> None:
    said = gateway.get("/models").json()
    assert said["object"] == "list"
    assert [item["id"] for item in said["data"]] == IDS
    for item in said["data"]:
        assert {"id", "object", "created", "owned_by", "modality"} == set(item)


@pytest.mark.parametrize(
    ("query", "count"),
    [("?modality=image", 2), ("?modality=text", 0), ("?provider=MiniMax", 2), ("?provider=other", 0)],
)
def test_the_list_can_be_narrowed(gateway: Gateway, query: str, count: int) -> None:
    assert len(gateway.get(f"/models{query}").json()["data"]) == count


@pytest.mark.parametrize("model", [*IDS, "minimax%2Fminimax-image-01", "minimax-image-01"])
def test_one_model_whose_id_holds_a_slash(gateway: Gateway, model: str) -> None:
    assert gateway.get(f"/models/{model}").json()["id"] in IDS
    schema = gateway.get(f"/models/{model}/schema").json()
    assert {"prompt", "n", "size", "seed"} <= set(schema["input"]["properties"])
    assert schema["input"]["required"] == ["prompt"]
    assert "created" in schema["output"]["properties"]


def test_an_unknown_model(gateway: Gateway) -> None:
    answer = gateway.get("/models/openai%2Fgpt-image-1")
    assert answer.status_code == 404
    assert "openai/gpt-image-1" in check_shape(answer)["message"]


def test_the_balance_is_the_accounts(gateway: Gateway) -> None:
    gateway.account.configure(balance_usd=1)
    gateway.images(n=3)
    said = gateway.get("/balance").json()
    assert (said["balance_usd"], said["balance_cents"], said["currency"]) == (0.97, 97, "usd")


def test_they_are_in_the_journal_with_their_endpoint(gateway: Gateway) -> None:
    gateway.get("/models")
    gateway.get("/balance")
    url = gateway.images().json()["data"][0]["url"]
    gateway.http.get(url)
    seen = [(item["face"], item["endpoint"], item["status"]) for item in gateway.account.journal()]
    assert seen == [("openai", name, 200) for name in ("models", "balance", "generate", "download")]


def test_request_ids_differ(gateway: Gateway) -> None:
    answers = [
        call() for call in (gateway.images, lambda: gateway.get("/models"), lambda: gateway.get("/no")) for _ in "ab"
    ]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 6


@pytest.mark.parametrize("kind", ["delay", "cut_body", "reset", "malformed_json", "empty_body", "http_status"])
def test_faults_act_on_them(gateway: Gateway, kind: str) -> None:
    parameters = {"delay": {"seconds": 0.01}, "http_status": {"status": 502}}.get(kind, {})
    gateway.account.add_fault(kind, **parameters, when={"endpoint": "models"}, times=1)  # type: ignore[arg-type]
    broken = pytest.raises(httpx.TransportError) if kind in {"cut_body", "reset"} else contextlib.nullcontext()
    with broken:
        gateway.get("/models")
    assert gateway.account.journal()[-1]["faults"] == [kind]
    assert gateway.get("/models").json()["object"] == "list"


def test_an_image_by_parts(gateway: Gateway) -> None:
    url = gateway.images().json()["data"][0]["url"]
    whole = gateway.http.get(url)
    part = gateway.http.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert gateway.http.get(url, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert gateway.http.get(url, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    head = gateway.http.head(url)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(whole.content)))


def test_names_of_images_follow_the_profile(gateway: Gateway) -> None:
    assert gateway.images().json()["data"][0]["url"].endswith(".png")
    gateway.account.configure(profile="gateway-jpg")
    url = gateway.images().json()["data"][0]["url"]
    assert url.endswith(".jpg")
    assert inspect(gateway.http.get(url).content).prompt == "a lighthouse at dawn"


@pytest.mark.parametrize(("kind", "status"), [("expired_url", 403), ("download_error", 503), ("wrong_format", 200)])
def test_downloads_can_be_disturbed(gateway: Gateway, kind: str, status: int) -> None:
    url = gateway.images().json()["data"][0]["url"]
    gateway.account.add_fault(
        kind, when={"face": "openai", "endpoint": "download"}, **({"status": 503} if status == 503 else {})
    )
    answer = gateway.http.get(url)
    assert answer.status_code == status
    if status != 200:
        check_shape(answer)
    else:
        assert answer.headers["content-type"] == "image/png"


def test_images_of_the_gateway_do_not_lie_in_the_object_store(gateway: Gateway, server: MockServer) -> None:
    native = gateway.http.post(
        f"{server.url}/v1/image_generation", json={"model": "image-01", "prompt": "x"}, headers=gateway.key
    ).json()["data"]["image_urls"][0]
    name = native.partition("?")[0].rpartition("%2F")[2].removesuffix("_aigc.jpeg").replace("-", "")
    assert gateway.http.get(f"{server.url}/openai/media/img/{name}.png").status_code == 404


def test_the_documents_are_served(gateway: Gateway, server: MockServer) -> None:
    document = gateway.http.get(f"{server.url}/_mock/contract/openai.json").json()
    assert document["openapi"] == "3.1.0"
    assert "/v1/images/edits" in document["paths"]
