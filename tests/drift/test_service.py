"""The independent server, plain, does what it says; what each deviation changes, test_drift.py finds out."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.drift.deviations import REWORDED, Ways
from tests.drift.looks import SMALL, Look, look_at, reference
from tests.drift.service import DEVIATIONS, HOSTS, Service
from tests.drift.store import Store

FOLDER = Path(__file__).parent
PARTS = sorted(set(FOLDER.glob("*.py")) - set(FOLDER.glob("test_*.py")))


@pytest.fixture(scope="module")
def plain() -> Iterator[Service]:
    with Service() as service:
        yield service


@pytest.fixture(scope="module")
def seen_plain(plain: Service) -> dict[str, Any]:
    return look_at(plain)


@pytest.fixture
def look(plain: Service) -> Iterator[Look]:
    looking = Look(plain)
    yield looking
    looking.close()


def test_plain_refuses_in_the_known_ways(seen_plain: dict[str, Any]) -> None:
    login = "login fail: Please carry the API secret key in the 'Authorization' field of the request header"
    expected = {
        "error-in-200": 200,
        "gateway-errors": (["base_resp"], ["base_resp"]),
        "compact-json": False,
        "auth-before-body": 1004,
        "binding-before-model": True,
        "refusal-unauthorized": {"status_code": 1004, "status_msg": login},
        "wrong-scheme": {"status_code": 1004, "status_msg": login},
        "unknown-key": (2049, 1004),
        "refusal-invalid-key": {"status_code": 2049, "status_msg": "invalid api key"},
        "unknown-path": (404, b"404 page not found"),
        "wrong-method": (404, b"404 page not found"),
        "prompt-limit": [0, 2013, 2013],
        "prompt-unit": 0,
        "n-limit": [2013, 0, 2013],
        "size-range": [2013, 0, 0, 2013],
        "size-step": [2013, 0],
        "style-weights": [2013, 0, 0, 2013],
        "reference-private-address": 1000,
        "wording-prompt-too-long": "invalid params, prompt length must be less than 1500",
        "wording-missing-parameter": "invalid params, binding: expr_path=model, cause=missing required parameter",
        "wording-syntax": (
            'invalid params, "Syntax error at index 19: eof\\n\\n\\t{\\"model\\":\\"image-01\\"\\n\\t^\\n"'
        ),
    }
    assert {claim: seen_plain[claim] for claim in expected} == expected


def test_plain_succeeds_in_the_known_ways(seen_plain: dict[str, Any]) -> None:
    expected = {
        "success-body": ["id", "data", "metadata", "base_resp"],
        "metadata-order": ["failed_count", "success_count"],
        "string-counts": [str, str],
        "other-image-key": ["absent"],
        "image-urls": 2,
        "base64": [False, False],
        "failed-count": 2,
        "trace-id": 32,
        "minimax-request-id": 32,
        "alb-headers": (True, 40),
        "session-headers": [True, True, False, False],
        "body-id": True,
        "id-formula": True,
        "image-format": {"JPEG"},
        "sizes": [(1024, 1024), (1344, 576), (864, 1152)],
        "custom-sizes": (520, 640),
        "ratio-over-size": (1280, 720),
        "live-model-size": (1024, 1024),
        "live-model-21-9": (1344, 576),
        "seed": (True, False),
        "images-differ": 2,
        "image-scheme": "http",
        "image-host": HOSTS["io"],
        "object-key": "/image_inference_output%2Ftalkie%2Fprod%2Fimg%2FX%2FX_aigc.jpeg",
        "url-query": [("Expires", True), ("OSSAccessKeyId", 24), ("Signature", 28)],
        "url-expiry": True,
        "download": (200, "image/jpeg"),
        "download-range": (206, "32"),
        "download-unsigned": (403, "AccessDenied"),
        "download-tampered": (403, "SignatureDoesNotMatch"),
        "download-head": 403,
        "download-authorization": (400, "InvalidArgument"),
    }
    assert {claim: seen_plain[claim] for claim in expected} == expected


def test_plain_looks_the_same_twice(plain: Service, seen_plain: dict[str, Any]) -> None:
    assert look_at(plain) == seen_plain


def test_a_deviation_is_asked_for_in_one_place() -> None:
    asked = [name for part in PARTS for name in re.findall(r"ways\(\s*\"([a-z0-9-]+)\"", part.read_text())]
    asked += re.findall(r"Ways\(\"([a-z0-9-]+)\"\)", "") + [f"reworded-{rule.replace('_', '-')}" for rule in REWORDED]
    assert sorted(asked) == sorted(DEVIATIONS)


def test_a_deviation_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="no deviation 'counts-integer'; the nearest is 'counts-integers'"):
        Service("counts-integer")
    with pytest.raises(KeyError):
        Ways("png")("jpg")


def test_nothing_of_the_emulator_is_imported() -> None:
    imported = set()
    for part in PARTS:
        for node in ast.walk(ast.parse(part.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    others = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names | {"PIL"}}
    assert all(name.startswith("tests.drift.") for name in others), others


def test_images_are_counted_when_they_are_made() -> None:
    with Service() as service:
        look = Look(service)
        assert [look.code(n=n, **SMALL) for n in (3, 10, 2)] == [0, 2013, 0]
        look.close()
        assert service.images == 5
        assert service.charged_usd == pytest.approx(0.0175)
        assert [call[:2] for call in service.calls] == [("POST", "/v1/image_generation")] * 3


def test_calls_above_the_limit_are_refused_until_a_minute_has_passed() -> None:
    now = [0.0]
    with Service(limit=10, clock=lambda: now[0]) as service:
        look = Look(service)
        codes = [look.code(n=0) for _ in range(11)]
        now[0] = 60.0
        codes.append(look.code(n=0))
        look.close()
        assert codes == [2013] * 10 + [1002, 2013]
        assert service.most_in_a_minute == 11
        assert [seconds for _, _, seconds in service.calls] == [0.0] * 11 + [60.0]


def test_a_client_downloads_through_the_proxy(plain: Service) -> None:
    with httpx.Client(proxy=plain.url, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {plain.key}"}
        body = {"model": "image-01", "prompt": "a lighthouse", **SMALL}
        answer = client.post(f"{plain.url}/v1/image_generation", json=body, headers=headers).json()
        image = client.get(answer["data"]["image_urls"][0])
    assert image.status_code == 200
    assert image.content[:3] == b"\xff\xd8\xff"


def test_an_expired_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("io", Ways())
    address = httpx.URL(store.put(b"image"))
    later = float(address.params["Expires"]) + 1
    monkeypatch.setattr("tests.drift.store.time.time", lambda: later)
    answer = store.answer("GET", address.raw_path.decode().partition("?")[0], address.query.decode(), {})
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.body
    assert b"<Message>Request has expired.</Message>" in answer.body


def test_the_cn_site_has_https_addresses_of_its_own_host_and_restricts_the_live_model() -> None:
    with Service(region="cn") as service:
        seen = look_at(service)
    assert seen["image-scheme"] == "https"
    assert seen["image-host"] == "hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com"
    assert seen["live-model-21-9"] == 2013
    assert seen["download"] == (200, "image/jpeg")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"prompt": None}, "binding: expr_path=prompt, cause=missing required parameter"),
        ({"style": {}}, "binding: expr_path=style.style_type, cause=missing required parameter"),
        ({"subject_reference": [{"type": "character"}]}, "expr_path=subject_reference[0].image_file"),
        ({"subject_reference": "http://example.com/face.jpg"}, "Mismatch type slice with value string"),
        ({"subject_reference": [reference(file="face.jpg")]}, "must be a URL or a base64 data URL"),
        ({"subject_reference": [reference(file="data:image/gif;base64,R0lG")]}, "must be jpg, jpeg or png"),
        ({"subject_reference": [reference(file="data:image/png;base64,R0lG")]}, "can not be decoded"),
        ({"subject_reference": [reference(file="data:image/png;base64,!")]}, "is not valid base64"),
        ({"height": 512}, "width and height must be set together"),
        ({"seed": 2**63}, "Mismatch type int64 with value number"),
    ],
)
def test_other_refusals(look: Look, fields: dict[str, Any], message: str) -> None:
    assert message in (look.words(**fields) or "")


def test_run_alone_it_prints_its_url_and_key() -> None:
    command = [sys.executable, "-m", "tests.drift.service", "--deviation", "counts-integers"]
    environment = os.environ | {"PYTHONPATH": str(FOLDER.parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        try:
            url, key = (running.stdout.readline().strip() for _ in range(2))
            body = {"model": "image-01", "prompt": "a lighthouse"}
            answer = httpx.post(
                f"{url}/v1/image_generation", json=body, headers={"Authorization": f"Bearer {key}"}, trust_env=False
            )
        finally:
            running.terminate()
    assert answer.json()["metadata"] == {"failed_count": 0, "success_count": 1}
    assert running.returncode == 0
