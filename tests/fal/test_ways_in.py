"""The ways in: fal's own hosts by the Host header, the proxy, pages of other origins, the documents."""

from __future__ import annotations

import pytest

from mock_server.core.hosts import LIVE_HOSTS
from tests.fal.client import SUBJECT, TEXT, Fal


@pytest.mark.parametrize(
    ("host", "queue"), [("queue.fal.run", "https://queue.fal.run"), ("queue.falrun.com", "https://queue.fal.run")]
)
def test_the_queues_host_is_answered_with_urls_of_its_own(host: str, queue: str, fal: Fal) -> None:
    url = fal.base.replace("/fal", f"/{TEXT}")
    job = fal.call("POST", url, json=fal.input(), headers={"Host": host}).json()
    assert job["status_url"] == f"{queue}/fal-ai/minimax/requests/{job['request_id']}/status"


def test_every_host_of_fal_is_served(fal: Fal) -> None:
    root = fal.base.replace("/fal", "")
    run = fal.call("POST", f"{root}/{TEXT}", json=fal.input(), headers={"Host": "fal.run"}).json()
    assert run["images"][0]["url"].startswith("https://v3.fal.media/files/")
    path = run["images"][0]["url"].removeprefix("https://v3.fal.media")
    assert fal.http.get(root + path, headers={"Host": "v3.fal.media"}).status_code == 200
    token = fal.call("POST", f"{root}/storage/auth/token", json={}, headers={"Host": "rest.fal.ai"}).json()
    assert token["base_url"] == "https://v3.fal.media"
    assert {prefix for prefix in LIVE_HOSTS.values() if prefix.startswith("/fal")} == {
        "/fal/run", "/fal/queue", "/fal/rest", "/fal/cdn", "/fal/site",
    }  # fmt: skip


def test_the_proxy_leads_to_the_target(fal: Fal) -> None:
    def through(method: str, target: str, **more: object) -> object:
        headers = {"x-fal-target-url": target}
        return fal.call(method, "proxy", headers=headers, **more).json()

    job = through("POST", f"https://queue.fal.run/{TEXT}", json=fal.input())
    assert isinstance(job, dict)
    assert job["status_url"].startswith(f"{fal.base}/queue/")
    status = f"https://queue.fal.run/fal-ai/minimax/requests/{job['request_id']}/status?logs=1"
    told = through("GET", status)
    assert isinstance(told, dict)
    assert (told["status"], told["logs"]) == ("IN_QUEUE", [])
    assert fal.account.journal(endpoint="status")[0]["path"].endswith("/status?logs=1")


@pytest.mark.parametrize(
    ("target", "status"),
    [(None, 400), ("https://example.com/x", 412), ("https://api.minimax.io/v1", 412), ("https://queue.fal.run/x", 405)],
)
def test_the_proxy_leads_nowhere_else(target: str | None, status: int, fal: Fal) -> None:
    answer = fal.call("GET", "proxy", headers={"x-fal-target-url": target} if target else {})
    assert answer.status_code == status


def test_without_a_key_the_proxy_has_an_account_of_its_own(fal: Fal) -> None:
    headers = {"x-fal-target-url": f"https://fal.run/{TEXT}"}
    assert fal.http.post(f"{fal.base}/proxy", json=fal.input(), headers=headers).status_code == 200
    place = fal.base.replace("/fal", "/~a-browser/fal")
    assert fal.http.post(f"{place}/proxy", json=fal.input(), headers=headers).status_code == 200
    assert fal.account._server.account("fal-proxy").journal(face="fal", endpoint="generate")
    assert len(fal.account._server.account("a-browser").journal()) == 1


def test_pages_of_any_origin_may_call(fal: Fal) -> None:
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,x-fal-target-url",
    }
    allowed = fal.http.options(f"{fal.base}/proxy", headers=asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    assert allowed.headers["access-control-allow-headers"] == "authorization,x-fal-target-url"
    for answer in (fal.run(), fal.run(num_images=0), fal.call("GET", "queue/x"), fal.call("GET", "nothing")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "x-fal-request-id" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(("app", "required"), [(TEXT, ["prompt"]), (SUBJECT, ["prompt", "image_url"])])
def test_the_document_of_an_endpoint_is_published(app: str, required: list[str], fal: Fal) -> None:
    root = fal.base.replace("/fal", "")
    url = f"{root}/api/openapi/queue/openapi.json?endpoint_id={app}"
    document = fal.http.get(url, headers={"Host": "fal.ai"}).json()
    assert document["info"]["title"] == f"Queue OpenAPI for {app}"
    assert document["info"]["x-fal-metadata"]["endpointId"] == app
    posted = document["paths"][f"/{app}"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][posted.rpartition("/")[2]]
    assert schema["required"] == required
    assert schema["properties"]["num_images"]["maximum"] == 9
    assert schema["properties"]["prompt"]["maxLength"] == 1500
    assert fal.http.get(url + "x", headers={"Host": "fal.ai"}).status_code == 404


def test_all_documents_in_one(fal: Fal) -> None:
    document = fal.http.get(fal.base.replace("/fal", "/_mock/contract/fal.json")).json()
    assert {f"/{TEXT}", f"/{SUBJECT}"} < set(document["paths"])
    names = str(document).split("'#/components/schemas/")[1:]
    assert {name.partition("'")[0] for name in names} <= set(document["components"]["schemas"])
