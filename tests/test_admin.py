"""The admin API over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer, __version__
from tests.wire import Generate


@pytest.fixture
def admin(account: MockAccount) -> Any:
    """Call the admin API with the key of this test's account."""

    def call(method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {account.api_key}"} | options.pop("headers", {})
        return httpx.request(method, f"{account.base_url()}/_mock{path}", headers=headers, trust_env=False, **options)

    return call


def test_health(admin: Any) -> None:
    assert admin("GET", "/health").json() == {"status": "ok", "version": __version__}


def test_the_journal_can_be_filtered_read_one_by_one_and_cleared(admin: Any, generate: Generate) -> None:
    url = generate().json()["data"]["image_urls"][0]
    generate(n=0)
    httpx.get(url, trust_env=False)
    everything = admin("GET", "/journal").json()["exchanges"]
    assert [(item["endpoint"], item["status_code"]) for item in everything] == [
        ("generate", 0),
        ("generate", 2013),
        ("download", None),
    ]
    assert admin("GET", "/journal?status_code=2013").json()["exchanges"] == [everything[1]]
    assert admin("GET", "/journal?endpoint=download&face=minimax").json()["exchanges"] == [everything[2]]
    assert admin("GET", f"/journal?since={everything[0]['id']}").json()["exchanges"] == everything[1:]
    assert admin("GET", "/journal?limit=1").json()["exchanges"] == everything[2:]
    assert admin("GET", f"/journal/{everything[1]['id']}").json() == everything[1]
    assert admin("DELETE", "/journal").json() == {"status": "ok"}
    assert admin("GET", "/journal").json() == {"exchanges": []}
    assert admin("GET", f"/journal/{everything[1]['id']}").status_code == 404


def test_an_account_can_be_read_and_changed(admin: Any, generate: Generate) -> None:
    changed = admin("PATCH", "/account", json={"balance_usd": 0.0035, "rpm": 7, "profile": "toolkit-docs"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["balance_usd"], changed.json()["rpm"]) == (0.0035, 7)
    assert generate().json()["metadata"]["success_count"] == 1
    view = admin("GET", "/account").json()
    assert (view["balance_usd"], view["spent_usd"], view["images"], view["used"]["calls"]) == (0, 0.0035, 1, 1)
    assert view["profile"] == "toolkit-docs"


def test_the_clock_can_be_read_advanced_and_frozen(admin: Any) -> None:
    frozen = admin("POST", "/clock", json={"freeze": True, "advance": 100}).json()
    assert frozen["frozen"] is True
    assert admin("POST", "/clock", json={"advance": 86_400.5}).json()["now"] == frozen["now"] + 86_400.5
    assert admin("POST", "/clock", json={"freeze": False}).json()["frozen"] is False
    assert admin("GET", "/clock").json()["now"] >= frozen["now"] + 86_400.5


def test_reset_puts_one_account_back(admin: Any, generate: Generate) -> None:
    admin("PATCH", "/account", json={"balance_usd": 0})
    generate()
    assert admin("POST", "/reset").json() == {"status": "ok"}
    assert admin("GET", "/journal").json() == {"exchanges": []}
    assert generate().json()["base_resp"]["status_code"] == 0


def test_without_credentials_a_call_is_about_everybody(http: httpx.Client) -> None:
    with MockServer() as server:
        root = f"{server.url}/_mock"
        body = {"model": "image-01", "prompt": "x"}

        def call(key: str) -> int:
            headers = {"Authorization": f"Key {key}" if key == "wrong" else f"Bearer {key}"}
            answer = http.post(f"{server.url}/v1/image_generation", json=body, headers=headers).json()
            return int(answer["base_resp"]["status_code"])

        assert [call(key) for key in ("first-key", "second-key", "wrong")] == [0, 0, 1004]
        assert len(http.get(f"{root}/journal").json()["exchanges"]) == 3
        assert len(http.get(f"{root}/account").json()["accounts"]) == 2
        assert http.patch(f"{root}/account", json={"balance_usd": 0}).status_code == 200
        assert [call(key) for key in ("first-key", "third-key")] == [1008, 1008]
        before = http.get(f"{root}/clock", headers={"Authorization": "Bearer first-key"}).json()["now"]
        http.post(f"{root}/clock", json={"advance": 5000})
        assert http.get(f"{root}/clock?account=first-key").json()["now"] >= before + 5000
        assert http.get(f"{root}/clock?account=somebody-new").json()["offset"] == pytest.approx(5000, abs=1)
        http.post(f"{root}/reset")
        assert http.get(f"{root}/account").json()["accounts"] == []
        assert http.get(f"{root}/journal").json() == {"exchanges": []}
        assert http.get(f"{root}/clock").json()["offset"] == pytest.approx(0, abs=1)
        assert call("first-key") == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "complaint"),
    [
        ("GET", "/journal?staus_code=1", None, "unknown query parameter 'staus_code'; did you mean 'status_code'?"),
        ("GET", "/journal?limit=0", None, "limit must be a whole number, 1 or more, got '0'"),
        ("GET", "/journal?since=-1", None, "since must be a whole number, 0 or more, got '-1'"),
        ("PATCH", "/account", b'{"balence_usd": 1}', "did you mean 'balance_usd'?"),
        ("PATCH", "/account", b'{"rpm": -1}', "rpm must be from 0 to 1e+09, got -1"),
        ("PATCH", "/account", b'{"profile": "nope"}', "unknown profile 'nope'"),
        ("PATCH", "/account", b"[]", "the body must be a JSON object, got list"),
        ("PATCH", "/account", b"{", "the body is not JSON"),
        ("POST", "/clock", b'{"advance": -1}', "the clock never goes back"),
        ("POST", "/clock", b'{"advance": 1e18}', "advance takes 31557600000 seconds (1000 years) in all at most"),
        ("POST", "/clock", b'{"advance": "1h"}', "advance must be a number of seconds, got '1h'"),
        ("POST", "/clock", b'{"advnce": 1}', "unknown field 'advnce'; did you mean 'advance'?"),
        ("POST", "/clock", b'{"freeze": "yes"}', "freeze must be true or false, got 'yes'"),
        ("POST", "/clock", b"{}", "nothing to do"),
    ],
)
def test_a_wrong_call_is_refused_with_what_was_sent(
    admin: Any, method: str, path: str, body: bytes | None, complaint: str
) -> None:
    answer = admin(method, path, content=body)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_a_path_that_does_not_exist_is_told(admin: Any) -> None:
    answer = admin("GET", "/jurnal")
    assert answer.status_code == 404
    assert answer.json() == {"error": "GET /_mock/jurnal is not part of the admin API; see /_mock/openapi.json"}
    assert admin("PUT", "/health").status_code == 405


def test_the_start_page_leads_to_what_there_is(admin: Any, http: httpx.Client, account: MockAccount) -> None:
    import re

    page = admin("GET", "/")
    assert page.headers["content-type"].startswith("text/html")
    links = re.findall(r'(?:href|src)="([^#"][^"]*)"', page.text)
    assert len(links) == 3
    for link in links:
        assert http.get(f"{account.base_url()}/_mock/{link}").status_code == 200, link
    pages = re.findall(r'<a href="#([a-z]+)">', page.text)
    assert pages == ["journal", "faults", "account", "playground", "verdict"]


@pytest.mark.parametrize("call", ["GET /_mock", "GET /_mock/", "GET /_mock/health", "POST /_mock/reset"])
def test_the_admin_api_can_be_turned_off(http: httpx.Client, call: str) -> None:
    with MockServer(no_admin=True) as server:
        method, path = call.split()
        answer = http.request(method, server.url + path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain")
        assert answer.text == "404 page not found"
