"""What is decided from a service, what cannot be, and what it costs."""

from __future__ import annotations

import inspect
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from contract_tests import test_service as checks
from contract_tests.bench import Bench
from contract_tests.observed import Observed
from contract_tests.questions import PROMPT
from contract_tests.targets.interface import CouldNotLookError
from contract_tests.targets.service import Service
from mock_server import MockAccount, MockServer
from tests.contract.targets.stand_in import KEY, Act, Clock, ask, observed, service

Check = Callable[[Bench, Observed], None]
wrong_key, invalid_parameters, too_many = checks.test_wrong_key, checks.test_invalid_parameters, checks.test_too_many
image_by_url, image_base64 = checks.test_image_by_url, checks.test_image_base64
PAID = {"endpoint": "generate"}


@pytest.fixture
def stand_in() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def account(stand_in: MockServer) -> MockAccount:
    return stand_in.account(KEY)


@pytest.fixture
def target(stand_in: MockServer) -> Iterator[Service]:
    opened = service(stand_in)
    yield opened
    opened.close()


def carry_out(check: Check, seen: Observed) -> None:
    seen.bench.begin(check.check.id)  # type: ignore[attr-defined]
    inspect.unwrap(check)(seen.bench, seen)


def reason(check: Check, seen: Observed) -> str:
    with pytest.raises(CouldNotLookError) as caught:
        carry_out(check, seen)
    return str(caught.value)


def failure(check: Check, seen: Observed) -> str:
    with pytest.raises(AssertionError) as caught:
        carry_out(check, seen)
    return str(caught.value).splitlines()[0]


def test_a_good_client_passes_for_little_money(target: Service, account: MockAccount) -> None:
    seen = observed(target)
    for check in (wrong_key, invalid_parameters, too_many, image_by_url):
        carry_out(check, seen)
    assert (account.describe()["images"], target.spent_usd) == (1, 0.0035)
    assert account.journal()[-1]["prompt"] == PROMPT
    assert target.bill == "live: 6 calls, 1 image: at most $0.0035 of $0.07 spent"


def test_a_question_is_asked_once(target: Service, account: MockAccount) -> None:
    seen = observed(target)
    for _ in range(3):
        carry_out(image_by_url, seen)
    assert (account.describe()["images"], seen.bench.latest is not None) == (1, True)


@pytest.mark.parametrize("check", [image_by_url, invalid_parameters, too_many], ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "http_status", "status": 401, "body": "no"}, "HTTP 401: it refuses the key"),
        ({"kind": "status_code", "code": 1004}, "1004: it refuses the key in MINIMAX_API_KEY, or its region"),
        ({"kind": "status_code", "code": 1002}, "1002: the rate limit of the key is used up"),
        ({"kind": "status_code", "code": 1008}, "1008: the account has no money"),
        ({"kind": "status_code", "code": 1033}, "1033: trouble of its own"),
        ({"kind": "http_status", "status": 502}, "HTTP 502 and no status code of the API"),
        ({"kind": "http_status", "status": 404, "body": "404 page not found"}, "it does not have the endpoint"),
        ({"kind": "hang"}, "did not answer within 1 s"),
        ({"kind": "hang_up"}, "broke"),
    ],
    ids=lambda value: str(value.get("code") or value.get("status") or value["kind"]) if isinstance(value, dict) else "",
)
def test_trouble_of_the_service_is_nobody_s_failure(
    target: Service, account: MockAccount, check: Check, fault: dict[str, Any], told: str
) -> None:
    account.add_fault({"when": PAID, "fault": fault})
    assert told in reason(check, observed(target))


def test_a_service_that_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        target = service(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert "cannot be reached" in reason(wrong_key, observed(target))
    assert "cannot be reached" in reason(image_by_url, observed(target))
    assert target.spent_usd == 0
    target.close()


def test_success_that_the_client_invents_is_its_failure(target: Service, account: MockAccount) -> None:
    account.add_fault("http_status", status=502)

    def invent(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[bytes]:
        return [post(request).content]

    assert failure(image_by_url, observed(target, invent)) == (
        "the client reported success with 1 images, and the service made none"
    )
    assert "made none" in failure(wrong_key, observed(target, invent))


def repeat(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
    while True:
        post(request)


def nine(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
    return ask(post, request | {"n": 9})


@pytest.mark.parametrize(
    ("act", "told"), [(repeat, "asked, and would have paid, for them again"), (nine, "asked for 9 images")]
)
def test_a_broken_client_pays_for_one_image_at_most(
    target: Service, account: MockAccount, act: Act, told: str
) -> None:  # fmt: skip
    assert told in failure(image_by_url, observed(target, act))
    assert account.describe()["images"] <= 1


def test_ten_images_that_quietly_become_nine_are_not_made(target: Service, account: MockAccount) -> None:
    def clamp(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
        return ask(post, request | {"n": min(request["n"], 9)})

    assert failure(too_many, observed(target, clamp)) == "n was asked for as 10, and sent as 9"
    assert account.journal() == []


def test_a_client_with_a_key_of_its_own_is_found_out(target: Service, account: MockAccount) -> None:
    def own_key(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
        post(request, key=KEY)
        return []

    assert failure(wrong_key, observed(target, own_key)).startswith("the client sent another key")
    assert account.journal() == []


def test_a_client_that_goes_elsewhere_is_never_asked_with_the_real_key(
    target: Service, stand_in: MockServer
) -> None:  # fmt: skip
    def elsewhere(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
        request_key = inspect.signature(post).parameters["key"].default
        httpx.post(
            f"{stand_in.url}/v1/image_generation", json=request, headers={"Authorization": f"Bearer {request_key}"}
        )
        raise ValueError

    assert "does it use the base URL" in reason(image_by_url, observed(target, elsewhere))
    assert [item["status_code"] for item in stand_in.journal()] == [2049]


def test_what_cannot_be_paid_is_skipped(stand_in: MockServer, account: MockAccount) -> None:
    target = service(stand_in, 0.0035)
    seen = observed(target)
    carry_out(wrong_key, seen)
    with pytest.raises(pytest.skip.Exception, match=r"free, but could cost \$0.0350 if the service did not refuse it"):
        carry_out(too_many, seen)
    carry_out(image_by_url, seen)
    seen.bench.adapter.unsupported = frozenset()  # type: ignore[misc]
    with pytest.raises(pytest.skip.Exception, match=r"costs \$0.0035; --max-spend leaves less"):
        carry_out(image_base64, seen)
    target.close()
    assert account.describe()["images"] == 1


def test_a_service_that_takes_any_key_decides_nothing(stand_in: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contract_tests.questions.WRONG_KEY", "sk-api-any-key-will-do-here")
    target = service(stand_in, live=False)
    assert reason(wrong_key, observed(target)) == "the service takes any key"
    assert target.spent_usd == 0.0035
    target.close()


def test_an_image_of_the_wrong_size_is_the_service_s_fault(target: Service, account: MockAccount) -> None:
    account.add_fault({"fault": {"kind": "wrong_size"}})

    def download(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[bytes]:
        return [httpx.get(ask(post, request)[0], trust_env=False).content]

    assert reason(image_by_url, observed(target, download)).startswith("the service served JPEG of ")


def test_an_image_that_the_client_spoils_is_its_failure(target: Service) -> None:
    def half(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[bytes]:
        return [httpx.get(ask(post, request)[0], trust_env=False).content[:5000]]

    assert (
        failure(image_by_url, observed(target, half)) == "the 5000 bytes that the client handed on are no whole image"
    )


def test_a_failure_after_a_success_is_the_client_s(target: Service) -> None:
    def stumble(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
        ask(post, request)
        raise KeyError("image_base64")

    told = failure(image_by_url, observed(target, stumble))
    assert told.startswith("the client failed where it should not: KeyError")


def test_the_key_is_in_nothing_that_a_client_says(target: Service) -> None:
    def chatter(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
        answer = post(request)
        raise RuntimeError(f"{answer.request.headers['authorization']} did not do")

    seen = observed(target, chatter)
    told = failure(image_by_url, seen)
    assert KEY not in told
    assert "<key sk-api*" in told
    assert seen.bench.latest is not None
    assert KEY not in str(seen.bench.latest)


def test_the_eleventh_call_waits_before_the_client_is_asked(stand_in: MockServer, account: MockAccount) -> None:
    clock = Clock()
    target = service(stand_in, clock=clock)

    def again(post: Callable[..., httpx.Response], request: dict[str, Any]) -> list[str]:
        for _ in range(3):
            post(request)
        return ask(post, request)

    account.add_fault("status_code", code=1002)
    seen = observed(target, again)
    carry_out(wrong_key, seen)
    assert reason(invalid_parameters, seen)
    assert reason(too_many, seen)
    assert reason(image_by_url, seen)
    assert clock.waits == [61]
    assert "waited 61 s for the rate limit" in target.bill
    target.close()
