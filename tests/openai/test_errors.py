"""Every reason and every wrong turn in the gateway's error shape, with the headers that go with it."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer
from mock_server.core.reasons import REASONS, refuse
from mock_server.faces.minimax.errors import WORDINGS
from mock_server.faces.openai import errors
from tests.openai.conftest import Gateway

TYPES = {
    401: "authentication_error", 402: "insufficient_credits", 403: "permission_error", 404: "not_found",
    429: "rate_limit_error", 500: "server_error", 503: "service_unavailable",
}  # fmt: skip
STATUS = {
    1000: 500, 1001: 500, 1002: 429, 1004: 401, 1008: 402, 1013: 500, 1024: 500, 1026: 400, 1027: 400, 1028: 503,
    1030: 503, 1033: 500, 1039: 429, 1041: 503, 1042: 400, 2013: 400, 2038: 403, 2045: 429, 2049: 401, 2056: 503,
    2061: 403,
}  # fmt: skip


def check_shape(answer: httpx.Response) -> dict[str, Any]:
    """The error of an answer, which must be the gateway's."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    assert list(answer.json()) == ["error"]
    error: dict[str, Any] = answer.json()["error"]
    assert list(error) == ["message", "type", "code", "param"]
    assert isinstance(error["message"], str)
    assert error["message"]
    assert "{" not in error["message"]
    assert ("retry-after" in answer.headers) == (answer.status_code == 429)
    return error


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_every_reason_is_spelled(reason: Any) -> None:
    said = errors.spelled(refuse(reason.name, model="m", plan="p", used=1, limit=2, resets="r", problem="x"))
    assert said.status == STATUS[reason.code] or reason.name == "forbidden_reference"
    assert said.message
    assert "{" not in said.message


def test_no_reason_and_no_rule_of_the_model_is_forgotten() -> None:
    assert set(errors.SPELLINGS) == set(REASONS)
    assert set(WORDINGS) <= set(errors.RULES)


@pytest.mark.parametrize("detail", errors.RULES)
def test_a_rule_names_only_values_that_it_gets(detail: str) -> None:
    rule = errors.RULES[detail]
    fields = {
        name for text in (rule.text, rule.param or "") for _, name, _, _ in string.Formatter().parse(text) if name
    }
    assert fields <= {"field", "limit", "value", "model", "problem", "hint"}


@pytest.mark.parametrize(("code", "status"), STATUS.items())
@pytest.mark.parametrize("path", ["/images/generations", "/models", "/balance"])
def test_every_status_code_can_be_injected(gateway: Gateway, code: int, status: int, path: str) -> None:
    endpoint = {"/images/generations": "generate", "/models": "models", "/balance": "balance"}[path]
    when = {"face": "openai", "endpoint": endpoint}
    gateway.account.add_fault("status_code", code=code, when=when, times=1)
    call = gateway.images if endpoint == "generate" else lambda: gateway.get(path)
    answer = call()
    assert answer.status_code == status
    error = check_shape(answer)
    assert error["code"] == status
    assert error["type"] == TYPES.get(status, error["type"])
    assert call().status_code == 200
    first, second = gateway.account.journal()
    assert (first["status_code"], second["status_code"], first["faults"]) == (code, 0, ["status_code"])
    assert REASONS[first["reason"]].code == code


@pytest.mark.parametrize(
    ("profile", "code"), [("io", 429), ("gateway-code-text", "429"), ("gateway-code-upstream", "1002")]
)
def test_the_code_is_as_the_profile_says(gateway: Gateway, profile: str, code: object) -> None:
    gateway.account.configure(profile=profile, rpm=0)
    assert check_shape(gateway.images())["code"] == code


@pytest.mark.parametrize("code", [1002, 1024, 1008, 2013])
def test_a_profile_sends_should_retry(gateway: Gateway, code: int) -> None:
    gateway.account.configure(profile="gateway-should-retry")
    gateway.account.add_fault("status_code", code=code)
    assert gateway.images().headers["x-should-retry"] == str(code in {1002, 1024}).lower()


def test_retry_after_tells_when_the_window_has_room(gateway: Gateway) -> None:
    gateway.account.freeze()
    gateway.account.configure(rpm=2)
    gateway.images()
    gateway.account.advance(20)
    gateway.images()
    gateway.account.advance(10)
    assert gateway.images().headers["retry-after"] == "50"  # refused, and counted: only the second call is left to go
    gateway.account.advance(50)
    assert gateway.images().status_code == 200


def test_retry_after_of_images_a_minute(gateway: Gateway) -> None:
    gateway.account.freeze()
    gateway.account.configure(images_per_minute=4)
    gateway.images(n=1)
    gateway.account.advance(10)
    gateway.images(n=3)
    answer = gateway.images(n=2)
    assert answer.headers["retry-after"] == "60"
    gateway.account.advance(60)
    assert gateway.images(n=2).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/images/generations", 405),
        ("DELETE", "/v1/images/edits", 405),
        ("POST", "/v1/models", 405),
        ("PATCH", "/v1/balance", 405),
        ("POST", "/media/img/x.png", 405),
        ("POST", "/v1/images/variations", 404),
        ("GET", "/v1/models/nothing/like-it", 404),
        ("GET", "/v1/models/minimax/minimax-image-01/nothing", 404),
        ("POST", "/v1/chat/completions", 404),
        ("GET", "/v1/", 404),
        ("GET", "/", 404),
        ("GET", "/media/img/x.png", 404),
        ("POST", "/v1/images/generations/", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
    ],
)
def test_a_wrong_turn_gets_the_gateways_error(
    gateway: Gateway, server: MockServer, method: str, path: str, status: int
) -> None:
    answer = gateway.http.request(method, f"{server.url}/openai{path}", headers=gateway.key)
    assert answer.status_code == status
    error = check_shape(answer)
    assert error["type"] == {404: "not_found", 405: "invalid_request_error"}[status]
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Key x"}, {"Authorization": "Bearer"}])
@pytest.mark.parametrize("path", ["/images/generations", "/images/edits", "/models", "/balance"])
def test_without_a_key_there_is_401(gateway: Gateway, headers: dict[str, str], path: str) -> None:
    method = "POST" if "images" in path else "GET"
    answer = gateway.http.request(method, gateway.url + path, headers=headers)
    assert answer.status_code == 401
    assert check_shape(answer)["type"] == "authentication_error"


def test_strict_keys(http: httpx.Client, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.yaml"
    accounts.write_text("- key: sk-aig-known\n", encoding="utf-8")
    with MockServer(keys="strict", accounts=str(accounts)) as strict:
        answer = http.get(f"{strict.url}/openai/v1/models", headers={"Authorization": "Bearer sk-aig-unknown"})
        assert answer.status_code == 401


def test_an_error_of_our_own_is_500_in_the_gateways_shape(
    minimax_mock_server: MockServer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ArithmeticError("on purpose")

    monkeypatch.setattr(minimax_mock_server._engine, "authenticate", breaks)
    monkeypatch.setattr(minimax_mock_server._engine, "receive", breaks)
    for answer in (gateway.images(), gateway.get("/models")):
        assert answer.status_code == 500
        assert check_shape(answer)["type"] == "server_error"
    assert "on purpose" in caplog.text


def test_magic_keys_and_prompts(server: MockServer, http: httpx.Client, gateway: Gateway) -> None:
    magic = Gateway(server.account("sk-aig-mock-1002x2--openai-face"), http)
    assert [magic.images().status_code for _ in range(3)] == [429, 429, 200]
    assert gateway.images(prompt="x [[mock:1008]]").status_code == 402
    typo = gateway.images(prompt="x [[mock:1009]]")
    assert (typo.status_code, typo.json()["error"]["param"]) == (400, "prompt")
    assert "1008" in typo.json()["error"]["message"]
    wrong = Gateway(server.account("sk-aig-mock-1009--openai-face"), http)
    assert wrong.images().status_code == 401
    assert "1008" in check_shape(wrong.get("/models"))["message"]


@pytest.mark.parametrize(
    "scenario", ["gateway-502-html", "retry-after-429", "truncated-json", "empty-200", "null-data", "all-blocked"]
)
def test_scenarios_act(gateway: Gateway, scenario: str) -> None:
    gateway.account.scenario(scenario)
    gateway.images(n=2)
    assert gateway.account.journal()[-1]["faults"]


def test_partial_failure(gateway: Gateway) -> None:
    gateway.account.add_fault("partial", failed=2)
    assert len(gateway.images(n=3).json()["data"]) == 1
    assert gateway.images(n=1).headers["x-cost-cents"] == "1"


def test_faults_of_other_faces_do_not_act(gateway: Gateway) -> None:
    gateway.account.add_fault("status_code", code=1002, when={"face": "minimax"})
    assert gateway.images().status_code == 200


def test_a_message_of_ones_own(gateway: Gateway) -> None:
    gateway.account.add_fault("status_code", code=1033, message="mysql failed")
    assert check_shape(gateway.images())["message"] == "mysql failed"


def test_references_are_refused_as_on_the_native_face(gateway: Gateway, account: MockAccount) -> None:
    answer = gateway.images(image_url="http://127.0.0.1/a.png")
    assert answer.status_code == 400
    assert "localhost or private address" in check_shape(answer)["message"]
    assert account.journal()[-1]["reason"] == "forbidden_reference"
