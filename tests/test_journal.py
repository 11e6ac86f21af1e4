"""The journal: what it keeps, what it must not keep, and that it stays within its bounds."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
from hypothesis import given
from hypothesis import strategies as st

from mock_server import MockAccount, MockServer
from mock_server.core.credentials import CREDENTIAL_HEADERS
from mock_server.journal import MAX_BODY_BYTES
from mock_server.shelf import Shelf
from tests.wire import Generate


def test_an_entry_shows_the_exchange_as_it_went_over_the_wire(generate: Generate, account: MockAccount) -> None:
    answer = generate(prompt="a cat", n=2, seed=5)
    (entry,) = account.journal()
    assert entry["request"]["body"].encode() == answer.request.content
    assert entry["response"]["body"].encode() == answer.content
    sent = {name.lower(): value for name, value in answer.headers.items() if name != "date"}
    assert dict(entry["response"]["headers"]) == sent
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/v1/image_generation", 200)
    assert (entry["face"], entry["endpoint"], entry["status_code"]) == ("minimax", "generate", 0)
    assert entry["prompt"] == "a cat"
    assert [(image["index"], image["seed"], image["width"]) for image in entry["images"]] == [
        (0, 5, 1024),
        (1, 5, 1024),
    ]
    assert entry["duration_ms"] > 0


def test_base64_images_are_kept_as_size_and_digest(generate: Generate, account: MockAccount) -> None:
    image = base64.b64decode(generate(response_format="base64").json()["data"]["image_base64"][0])
    (entry,) = account.journal()
    note = f"<image/jpeg, {len(image)} bytes, sha256 {hashlib.sha256(image).hexdigest()}>"
    assert json.loads(entry["response"]["body"])["data"]["image_base64"] == [note]
    assert entry["images"][0]["bytes"] == len(image)


def test_a_key_is_never_kept_wherever_it_was_sent(account: MockAccount, http: httpx.Client) -> None:
    key = account.api_key
    headers = {"Authorization": f"Bearer {key}", "X-Api-Key": key, "Cookie": f"k={key}", "X-Note": f"key {key}"}
    body = {"model": "image-01", "prompt": f"my key is {key}"}
    http.post(f"{account.base_url()}/v1/image_generation?api_key={key}", json=body, headers=headers)
    (entry,) = account.journal()
    assert key not in json.dumps(entry)
    kept = dict(entry["request"]["headers"])
    assert kept["authorization"] == f"Bearer <key {entry['account']}>"
    assert kept["x-api-key"] == kept["cookie"] == "<redacted>"
    assert {name.encode() for name, value in kept.items() if "<redacted>" in value} <= CREDENTIAL_HEADERS
    assert entry["prompt"] == f"my key is <key {entry['account']}>"


def test_no_key_is_kept_of_a_download(generate: Generate, account: MockAccount, http: httpx.Client) -> None:
    url = generate(prompt=f"my key is {account.api_key}").json()["data"]["image_urls"][0]
    for credentials in (f"Bearer {account.api_key}", "Bearer sk-api-of-somebody-else", "Basic c2VjcmV0OnNlY3JldA=="):
        http.get(f"{url}&key={account.api_key}", headers={"Authorization": credentials})
    kept = json.dumps(account.journal())
    assert account.api_key not in kept
    assert "somebody-else" not in kept
    assert "c2VjcmV0" not in kept


def test_a_refused_key_is_not_kept_either(minimax_mock_server: MockServer, http: httpx.Client) -> None:
    headers = {"Authorization": "Basic dXNlcjpzZWNyZXQtcGFzc3dvcmQ="}
    http.post(f"{minimax_mock_server.url}/v1/image_generation", json={}, headers=headers)
    entry = minimax_mock_server.journal()[-1]
    assert (entry["status_code"], entry["account"]) == (1004, "")
    assert "dXNlcjpz" not in json.dumps(entry)


def test_a_label_shows_six_characters_of_a_key_at_most(generate: Generate, account: MockAccount) -> None:
    generate()
    label = account.journal()[0]["account"]
    assert label.partition("*")[0] == account.api_key[:6]


def test_a_long_body_is_cut_with_its_digest(account: MockAccount, http: httpx.Client) -> None:
    body = json.dumps({"model": "image-01", "prompt": "x" * 2 * MAX_BODY_BYTES}).encode()
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    http.post(f"{account.base_url()}/v1/image_generation", content=body, headers=headers)
    kept = account.journal()[-1]["request"]["body"]
    assert len(kept) < MAX_BODY_BYTES + 200
    assert kept.endswith(f"<cut: {len(body)} bytes in all, sha256 {hashlib.sha256(body).hexdigest()}>")


def test_a_body_over_the_limit_is_refused_and_the_next_request_works(
    generate: Generate, account: MockAccount, http: httpx.Client
) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    answer = http.post(
        f"{account.base_url()}/v1/image_generation", content=(b"x" * 65536 for _ in range(600)), headers=headers
    )
    assert answer.status_code == 413
    assert generate().json()["base_resp"]["status_code"] == 0


def test_every_one_of_many_parallel_requests_is_kept_once(account: MockAccount, http: httpx.Client) -> None:
    url, headers = f"{account.base_url()}/v1/image_generation", {"Authorization": f"Bearer {account.api_key}"}
    with ThreadPoolExecutor(16) as pool:
        bodies = [{"model": "image-01", "prompt": f"p{i}"} for i in range(200)]
        list(pool.map(lambda body: http.post(url, json=body, headers=headers), bodies))
    entries = account.journal()
    assert sorted(entry["prompt"] for entry in entries) == sorted(f"p{i}" for i in range(200))
    numbers = [int(entry["id"]) for entry in entries]
    assert numbers == sorted(set(numbers))


def test_a_request_whose_client_goes_away_is_kept(account: MockAccount) -> None:
    import socket
    import time

    account.configure(latency="30")
    host, port = httpx.URL(account.base_url()).host, httpx.URL(account.base_url()).port
    body = b'{"model":"image-01","prompt":"x"}'
    with socket.create_connection((host, port or 0)) as raw:
        raw.sendall(
            b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (account.api_key.encode(), len(body), body)
        )
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(1) == b""
    deadline = time.monotonic() + 10
    while not account.journal() and time.monotonic() < deadline:
        pass
    (entry,) = account.journal()
    assert entry["client_gone"] is True
    assert entry["duration_ms"] < 30_000


values = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 400)), max_size=120)


@given(values)
def test_a_shelf_never_exceeds_its_budget_and_evicts_oldest_first(entries: list[tuple[str, int]]) -> None:
    shelf: Shelf[int, int] = Shelf(1000)
    for key, (owner, cost) in enumerate(entries):
        shelf.put(owner, key, key, cost)
        assert shelf.used <= 1000
        assert shelf.get(key) == key
    for owner in "abc":
        mine = [key for key, (who, _) in enumerate(entries) if who == owner]
        kept = list(shelf.of(owner))
        assert kept == mine[len(mine) - len(kept) :]
    assert shelf.used == sum(entries[key][1] for key in shelf.of(None))
    assert shelf.evicted == len(entries) - len(list(shelf.of(None)))


@given(st.integers(1, 50), st.integers(100, 500))
def test_a_busy_owner_does_not_push_out_a_quiet_one(quiet: int, busy: int) -> None:
    shelf: Shelf[int, str] = Shelf(10_000)
    for key in range(quiet):
        shelf.put("quiet", key, "", 50)
    for key in range(quiet, quiet + busy):
        shelf.put("busy", key, "", 100)
    assert len(list(shelf.of("quiet"))) == quiet


@given(values, st.sampled_from([None, "a", "b"]))
def test_dropping_an_owner_leaves_the_others(entries: list[tuple[str, int]], dropped: str | None) -> None:
    shelf: Shelf[int, int] = Shelf(10**9)
    for key, (owner, cost) in enumerate(entries):
        shelf.put(owner, key, key, cost)
    shelf.drop(dropped)
    left = [key for key, (owner, _) in enumerate(entries) if dropped is not None and owner != dropped]
    assert list(shelf.of(None)) == left
    assert shelf.used == sum(entries[key][1] for key in left)


def test_a_key_put_again_is_kept_once_with_its_latest_value() -> None:
    shelf: Shelf[int, str] = Shelf(1000)
    for value in ("old", "other", "new"):
        shelf.put("a", 2 if value == "other" else 1, value, 300)
    assert list(shelf.of("a")) == ["other", "new"]
    assert (shelf.get(1), shelf.used) == ("new", 600)
