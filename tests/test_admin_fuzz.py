"""Every route of the admin API, found in its own document, gets what it does not expect; none may fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from mock_server import MockServer
from tests.oddities import NOT_JSON, ODD_VALUES, Complaints, numbers, objects, texts, values, written

METHODS = ["get", "post", "put", "patch", "delete", "options", "head"]
PARAMETERS = ["account", "face", "endpoint", "status_code", "since", "limit", "token"]


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with Complaints(), MockServer() as running:
        yield running


class Api:
    """Calls one server's admin API; any answer must be in its shape."""

    def __init__(self, server: MockServer, client: httpx.Client) -> None:
        self.server = server
        self.client = client

    def operations(self) -> dict[str, set[str]]:
        paths = self.client.get(f"{self.server.url}/_mock/openapi.json").json()["paths"]
        return {path: {name for name in item if name in METHODS} for path, item in paths.items()} | {"/_mock/": {"get"}}

    def call(self, method: str, target: str, **options: Any) -> httpx.Response:
        with self.client.stream(method.upper(), self.server.url + target, **options) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                assert next(answer.iter_raw())
                return answer
            answer.read()
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400 and method != "head":
            assert isinstance(answer.json()["error"], str), answer.text
        return answer

    def words(self, method: str, path: str) -> list[str]:
        """The field names that the complaints about a wrong body teach."""
        bodies = (b"{}", b'{"?":1}', b"[]")
        complaints = [self.call(method, path, content=body).text for body in bodies]
        return sorted(set(re.findall(r"['\"`]([a-z][a-z_]*)\\?['\"`]", " ".join(complaints))))

    def schema_words(self, name: str) -> list[str]:
        """The words of a JSON Schema that the API has."""
        return sorted(set(re.findall(r'"([a-z][a-z_]*)"', self.call("get", f"/_mock/schema/{name}").text)))

    def still_works(self) -> None:
        """Whatever was changed: what there is can be read, and images are made."""
        root = f"{self.server.url}/_mock"
        for name in ("account", "journal", "clock"):
            assert self.client.get(f"{root}/{name}").status_code == 200
        self.client.patch(f"{root}/account", json={"latency": "none"})
        self.client.delete(f"{root}/faults")  # they may well have been asked to break what comes next
        headers = {"Authorization": "Bearer sk-api-somebody"}
        body = {"model": "image-01", "prompt": "x"}
        answer = self.client.post(f"{self.server.url}/v1/image_generation", json=body, headers=headers)
        assert answer.status_code < 600, answer.text
        assert answer.status_code != 500, answer.text
        for url in (answer.json().get("data") or {}).get("image_urls", []):
            assert self.client.get(url).status_code != 500


@pytest.fixture(scope="module")
def api(server: MockServer) -> Iterator[Api]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield Api(server, client)


def test_there_are_routes_to_try(api: Api) -> None:
    found = api.operations()
    assert {"/_mock/journal", "/_mock/account", "/_mock/clock", "/_mock/events"} <= set(found)
    assert {"post", "patch", "delete"} <= set().union(*found.values())


def filled(path: str, values: list[str]) -> str:
    """`path` with something in place of each parameter."""
    return re.sub(r"\{[^}]*\}", lambda _: quote(values.pop() if values else "1", safe=""), path)


def test_each_field_with_each_odd_value(api: Api) -> None:
    for path, methods in api.operations().items():
        for method in sorted(methods - {"get", "head"}):
            for name in api.words(method, filled(path, [])):
                for value in ODD_VALUES:
                    api.call(method, filled(path, []), content=written({name: value}))
                api.still_works()
                api.server.reset()


def test_any_json_to_any_route(api: Api) -> None:
    for path, methods in api.operations().items():
        for method in sorted(methods - {"get", "head"}):
            send_bodies(api, method, filled(path, []))


def send_bodies(api: Api, method: str, path: str) -> None:
    names = api.words(method, path)
    if "fault" in names:
        names += api.schema_words("faults")

    @settings(max_examples=25)
    @given(body=objects(names) | values)
    def send(body: Any) -> None:
        note(f"{method} {path} {body!r}")
        api.call(method, path, content=written(body))
        api.still_works()
        api.server.reset()

    send()


def test_any_query_to_any_route(api: Api) -> None:
    for path, methods in api.operations().items():
        for method in sorted(methods):
            send_queries(api, method, path)
            api.server.reset()


def send_queries(api: Api, method: str, path: str) -> None:
    written_values = texts | numbers.map(repr)

    @settings(max_examples=20)
    @given(
        inside=st.lists(written_values.filter(bool), min_size=2, max_size=2),
        query=st.lists(st.tuples(st.sampled_from(PARAMETERS) | texts, written_values), max_size=4),
        key=texts,
    )
    def send(inside: list[str], query: list[tuple[str, str]], key: str) -> None:
        parts = ["=".join(quote(part, errors="surrogatepass") for part in pair) for pair in query]
        header = re.sub(rb"[\x00-\x1f\x7f]", b"", key.encode("utf-8", "surrogatepass"))
        where = [item.encode("utf-8", "replace").decode() for item in inside]
        target = filled(path, where) + "?" + "&".join(parts)
        note(f"{method} {target} {header!r}")
        api.call(method, target, headers={"Authorization": (b"Bearer " + header).strip()}, content=b"{}")

    send()


@pytest.mark.parametrize("method", METHODS)
def test_any_method_and_what_is_not_json_to_any_route(api: Api, method: str) -> None:
    for path in api.operations():
        for body in NOT_JSON:
            api.call(method, filled(path, []), content=body)
        api.call(method, filled(path, []), content=b'{"a":' + b"9" * 10_000_000 + b"}")
    api.still_works()
    api.server.reset()
