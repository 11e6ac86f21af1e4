"""What goes through the meter, what does not, and what is kept of it."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from contract_tests.targets.guard import Guard, Purse, Terms
from contract_tests.targets.meter import Meter, Upstream
from contract_tests.targets.pace import Pace
from mock_server import MockAccount, MockServer
from tests.contract.targets.stand_in import KEY, Clock

BODY = {"model": "image-01", "prompt": "a lighthouse at dawn"}
HEADERS = {"Authorization": f"Bearer {KEY}"}
Open = Callable[..., Meter]


@pytest.fixture
def purse() -> Purse:
    return Purse(0.0105)


@pytest.fixture
def stand_in() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def account(stand_in: MockServer) -> MockAccount:
    return stand_in.account(KEY)


@pytest.fixture
def meter(purse: Purse) -> Iterator[Open]:
    opened: list[Meter] = []

    def start(url: str, pace: Pace | None = None) -> Meter:
        guard = Guard(purse, Terms(), KEY, strangers_pay=True)
        opened.append(Meter(Upstream(url, 0.5), guard, pace or Clock().pace(), (KEY,)))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def post(meter: Meter, path: str = "/v1/image_generation", **fields: object) -> httpx.Response:
    return httpx.post(meter.url + path, json=BODY | fields, headers=HEADERS, timeout=10, trust_env=False)


def test_an_answer_is_passed_on_as_it_is(stand_in: MockServer, account: MockAccount, meter: Open) -> None:
    answer = post(meter(stand_in.url))
    seen = account.journal()[0]
    assert answer.text == seen["response"]["body"]
    sent = {name.lower(): value for name, value in seen["response"]["headers"]}
    assert answer.headers["trace-id"] == sent["trace-id"]
    assert dict(map(tuple, seen["request"]["headers"]))["host"] == stand_in.url.removeprefix("http://")


def test_a_client_s_own_headers_arrive_and_no_others(
    stand_in: MockServer, account: MockAccount, meter: Open
) -> None:  # fmt: skip
    post(meter(stand_in.url))
    httpx.post(f"{stand_in.url}/v1/image_generation", json=BODY, headers=HEADERS, trust_env=False)
    through, direct = (dict(item["request"]["headers"]) for item in account.journal())
    assert through.keys() | {"connection"} == direct.keys() | {"connection"}
    assert {name: through[name] for name in through if name != "connection"} == {
        name: direct[name] for name in direct if name != "connection"
    }


@pytest.mark.parametrize("response_format", ["url", "base64"])
def test_an_exchange_is_kept_as_the_journal_keeps_it(
    stand_in: MockServer, account: MockAccount, meter: Open, response_format: str
) -> None:
    one = meter(stand_in.url)
    post(one, response_format=response_format, n=2)
    ours, theirs = one.exchanges[0], account.journal(endpoint="generate")[0]
    for field in ("endpoint", "method", "path", "status", "status_code", "prompt", "model", "n", "faults"):
        assert ours[field] == theirs[field]
    for image, same in zip(ours["images"], theirs["images"], strict=True):
        common = image.keys() & same.keys()
        assert {name: image[name] for name in common} == {name: same[name] for name in common}
    assert ours["request"]["body"] == theirs["request"]["body"]
    assert ours["response"]["body"] == theirs["response"]["body"]
    assert dict(ours["request"]["headers"])["authorization"] == dict(theirs["request"]["headers"])["authorization"]


def test_the_key_is_kept_nowhere(stand_in: MockServer, meter: Open) -> None:
    one = meter(stand_in.url)
    headers = HEADERS | {"X-Again": KEY, "X-Api-Key": "another-secret"}
    body = json.dumps(BODY | {"prompt": f"my key is {KEY}"})
    httpx.post(f"{one.url}/v1/image_generation?key={KEY}", content=body, headers=headers, trust_env=False)
    kept = json.dumps(one.exchanges)
    assert KEY not in kept
    assert "another-secret" not in kept
    assert kept.count("<key sk-api*") >= 4


def test_nothing_but_generation_is_passed_on(stand_in: MockServer, account: MockAccount, meter: Open) -> None:
    one = meter(stand_in.url)
    assert post(one, "/v1/models").status_code == 404
    assert httpx.get(f"{one.url}/v1/image_generation", headers=HEADERS, trust_env=False).status_code == 404
    assert (account.journal(), one.exchanges, one.requests) == ([], [], 2)


def test_what_could_cost_too_much_never_arrives(
    stand_in: MockServer, account: MockAccount, meter: Open, purse: Purse
) -> None:  # fmt: skip
    one = meter(stand_in.url)
    statuses = [post(one, n=n).status_code for n in (9, 2, 2, 1, 1)]
    assert statuses == [402, 200, 402, 200, 402]
    assert (account.describe()["images"], purse.images, purse.left) == (3, 3, 0)
    assert [item["meter"] for item in one.exchanges] == ["max-spend", "", "max-spend", "", "max-spend"]
    assert one.exchanges[0]["reason"] == "this call could cost $0.0315; of --max-spend $0.0105 is left"


def test_a_client_that_never_stops_spends_no_more_and_fills_no_memory(
    stand_in: MockServer, account: MockAccount, meter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract_tests.targets.meter.MOST_KEPT", 5)
    one = meter(stand_in.url)
    for _ in range(20):
        post(one)
    assert (account.describe()["images"], len(one.exchanges), one.requests) == (3, 5, 20)


def test_a_client_that_repeats_waits_for_its_turn(stand_in: MockServer, account: MockAccount, meter: Open) -> None:
    account.add_fault("status_code", code=1002)
    clock = Clock()
    one = meter(stand_in.url, clock.pace())
    for _ in range(21):
        post(one)
    assert clock.waits == [61, 61]
    assert len(account.journal()) == 21


def test_a_client_that_left_while_it_waited_pays_nothing(
    stand_in: MockServer, account: MockAccount, meter: Open, purse: Purse
) -> None:  # fmt: skip
    pace = Pace()
    for _ in range(10):
        pace.book()
    one = meter(stand_in.url, pace)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{one.url}/v1/image_generation", json=BODY, headers=HEADERS, timeout=0.2, trust_env=False)
    for _ in range(100):
        if purse.left == 3:
            break
        time.sleep(0.02)
    assert (purse.left, account.journal()) == (3, [])


def test_a_service_that_is_not_there(meter: Open, purse: Purse) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        one = meter(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert post(one).status_code == 402
    assert one.exchanges[0]["meter"] == "unreachable"
    assert "cannot be reached" in one.exchanges[0]["reason"]
    assert (purse.images, purse.calls) == (0, 0)


@pytest.mark.parametrize(("kind", "fate"), [("hang", "timeout"), ("hang_up", "broken")])
def test_without_an_answer_the_images_count(
    stand_in: MockServer, account: MockAccount, meter: Open, purse: Purse, kind: str, fate: str
) -> None:
    account.add_fault(kind)
    one = meter(stand_in.url)
    assert post(one, n=2).status_code == 402
    assert (one.exchanges[0]["meter"], purse.images) == (fate, 2)


def serve(answer: Callable[[BaseHTTPRequestHandler], None]) -> tuple[HTTPServer, str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def test_a_redirect_leads_nobody_past_the_meter(meter: Open, purse: Purse) -> None:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", "https://elsewhere.example/v1/image_generation")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server, url = serve(redirect)
    one = meter(url)
    answer = post(one)
    server.shutdown()
    server.server_close()
    assert (answer.status_code, "location" in answer.headers, purse.images) == (402, False, 0)
    assert one.exchanges[0]["meter"] == "redirect"


def test_a_compressed_answer_is_read_and_passed_on_compressed(meter: Open, purse: Purse) -> None:
    image = base64.b64encode(b"\xff\xd8 no image").decode()
    said = json.dumps({"base_resp": {"status_code": 0}, "data": {"image_base64": [image]}}).encode()
    packed = gzip.compress(said)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(packed)))
        handler.end_headers()
        handler.wfile.write(packed)

    server, url = serve(answer)
    one = meter(url)
    got = post(one)
    server.shutdown()
    server.server_close()
    assert (got.headers["Content-Encoding"], got.content) == ("gzip", said)
    assert (one.exchanges[0]["status_code"], purse.images) == (0, 1)
    assert one.exchanges[0]["images"][0]["format"] is None
    assert image not in one.exchanges[0]["response"]["body"]
