"""What a client sees of scenarios in which the service refuses or blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from mock_server.core.limits import iso_seconds
from tests.scenarios.caller import Caller
from tests.scenarios.pictures import decoded, reference

LOGIN_FAIL = "login fail: Please carry the API secret key in the 'Authorization' field of the request header"
ZERO_USED = "usage limit exceeded, 5-hour usage limit reached for Token Plan Starter (0/0 used), resets at {resets}"
DAILY = "usage limit exceeded, daily usage limit reached for Token Plan Max (3/3 used)"
RPM = "rate limit exceeded(RPM)"
RPC_TIMEOUT = "rpc timeout: timeout=1m0s"
PRIVATE = "disallowed image url: localhost or private address not allowed"
GATEWAY, HANDLER = {"base_resp"}, {"id", "base_resp"}

Observation = Callable[[Caller], None]


def refused(code: int, message: str, fields: set[str], more: dict[str, Any] | None = None) -> Observation:
    """Every call gets that refusal, with no other fields than these and `more`, and nothing is charged."""

    def observe(caller: Caller) -> None:
        caller.account.freeze()
        resets = iso_seconds(caller.account.describe()["clock"]["now"] + 5 * 3600)
        base = {"status_code": code, "status_msg": message.replace("{resets}", resets)}
        for _ in range(3):
            answer = caller.said()
            assert answer["base_resp"] == base
            assert answer.keys() == fields | set(more or {})
            assert more is None or answer.items() >= more.items()
        assert caller.faults(3) == [["status_code"]] * 3
        assert [entry["status_code"] for entry in caller.journal(3)] == [code] * 3
        assert caller.spent() == 0

    return observe


def sequence(*codes: int) -> Observation:
    """The same call gets these codes, one after the other; what succeeds is a good image."""

    def observe(caller: Caller) -> None:
        assert [caller.code() for _ in codes] == list(codes)
        assert caller.faults(len(codes)) == [["status_code"] if code else [] for code in codes]
        assert decoded(caller.fetch(caller.url()).content) == ("JPEG", (1024, 1024))
        assert caller.spent() == 0.0035 * (codes.count(0) + 1)

    return observe


def intermittent(caller: Caller) -> None:
    assert [caller.code() for _ in range(7)] == [0, 0, 1033, 0, 0, 1033, 0]
    assert caller.faults(7) == [[], [], ["status_code"], [], [], ["status_code"], []]


def partial(caller: Caller) -> None:
    answer = caller.said(n=3)
    assert answer["base_resp"] == {"status_code": 0, "status_msg": "success"}
    assert answer["metadata"] == {"failed_count": "1", "success_count": "2"}
    first, second = (caller.fetch(url).content for url in answer["data"]["image_urls"])
    assert first != second
    assert decoded(first) == decoded(second) == ("JPEG", (1024, 1024))
    assert len(caller.said(n=9, response_format="base64")["data"]["image_base64"]) == 8
    alone = caller.said(n=1)
    assert (alone["metadata"], alone["data"]) == ({"failed_count": "1", "success_count": "0"}, {"image_urls": []})
    assert caller.faults(5) == [["partial"], [], [], ["partial"], ["all_blocked"]]


def all_blocked(for_urls: Any, for_base64: Any) -> Observation:
    """No image at all, and `data` says so in that way."""

    def observe(caller: Caller) -> None:
        for wanted, data in (("url", for_urls), ("base64", for_base64)):
            answer = caller.said(n=3, response_format=wanted)
            assert answer["base_resp"] == {"status_code": 0, "status_msg": "success"}
            assert answer["metadata"] == {"failed_count": "3", "success_count": "0"}
            assert answer["data"] == data
        assert caller.faults(2) == [["all_blocked"]] * 2
        assert caller.spent() == 0

    return observe


def data_urls_refused(caller: Caller) -> None:
    private = caller.said(subject_reference=[reference()])
    assert private["base_resp"] == {"status_code": 1000, "status_msg": PRIVATE}
    public = {"type": "character", "image_file": "https://images.example.org/face.jpg"}
    assert caller.code(subject_reference=[public]) == 0
    assert caller.code() == 0
    assert caller.faults(3) == [[], [], []]


def retry_after(caller: Caller) -> None:
    answers = [caller.call() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 200, 200]
    for answer in answers[:2]:
        assert (answer.headers["retry-after"], answer.headers["content-type"]) == ("1", "application/json")
        assert answer.json() == {
            "type": "error",
            "error": {"type": "rate_limit_error", "message": RPM, "http_code": "429"},
        }
    assert caller.faults(4) == [["http_status"], ["http_status"], [], []]
    assert_whole(answers[2])


def assert_whole(answer: httpx.Response) -> None:
    """An ordinary success."""
    said = answer.json()
    assert said["base_resp"] == {"status_code": 0, "status_msg": "success"}
    assert said["metadata"] == {"failed_count": "0", "success_count": "1"}


NULL_DATA = {"data": None}
ZERO_COUNTS = {"data": {}, "metadata": {"failed_count": "0", "success_count": "0"}}
SEEN: dict[str, Observation] = {
    "rate-limit-then-ok": sequence(1002, 1002, 0, 0),
    "rate-limit-forever": refused(1002, RPM, GATEWAY),
    "insufficient-balance": refused(1008, "insufficient balance", GATEWAY),
    "wrong-region-key": refused(2049, "invalid api key", GATEWAY),
    "invalid-key": refused(1004, LOGIN_FAIL, GATEWAY),
    "sensitive-prompt": refused(1026, "input new_sensitive", HANDLER),
    "sensitive-output": refused(1027, "output new_sensitive", HANDLER),
    "plan-limit-zero-used": refused(2056, ZERO_USED, GATEWAY),
    "plan-limit-daily": refused(2056, DAILY, GATEWAY),
    "model-not-in-plan": refused(2061, "your current token plan not support model, image-01", GATEWAY),
    "rpc-timeout": refused(1000, RPC_TIMEOUT, HANDLER),
    "rpc-timeout-then-ok": sequence(1000, 0, 0),
    "intermittent-system-error": intermittent,
    "refused-with-null-data": refused(1026, "input new_sensitive", HANDLER, NULL_DATA),
    "refused-with-zero-counts": refused(1026, "input new_sensitive", HANDLER, ZERO_COUNTS),
    "partial-failure": partial,
    "all-blocked": all_blocked({"image_urls": []}, {"image_base64": []}),
    "all-blocked-empty-list": all_blocked({"image_urls": []}, {"image_base64": []}),
    "all-blocked-empty-object": all_blocked({}, {}),
    "data-url-references-refused": data_urls_refused,
    "retry-after-429": retry_after,
}
CODES: dict[str, Observation] = {
    "1000": refused(1000, "unknown error", HANDLER),
    "1001": refused(1001, "request timeout", HANDLER),
    "1002": refused(1002, RPM, GATEWAY),
    "1004": refused(1004, LOGIN_FAIL, GATEWAY),
    "1008": refused(1008, "insufficient balance", GATEWAY),
    "1013": refused(1013, "internal error", HANDLER),
    "1024": refused(1024, "internal error", HANDLER),
    "1026": refused(1026, "input new_sensitive", HANDLER),
    "1027": refused(1027, "output new_sensitive", HANDLER),
    "1028": refused(1028, "Daily quota exhausted for image-01", GATEWAY),
    "1030": refused(1030, "quota exhausted for image-01", GATEWAY),
    "1033": refused(1033, "system error", HANDLER),
    "1039": refused(1039, "token limit", GATEWAY),
    "1041": refused(1041, "conn limit", GATEWAY),
    "1042": refused(1042, "invisible character ratio limit", HANDLER),
    "2013": refused(2013, "invalid params, unsupported model", HANDLER),
    "2038": refused(2038, "no real-name verification", GATEWAY),
    "2045": refused(2045, "rate growth limit", GATEWAY),
    "2049": refused(2049, "invalid api key", GATEWAY),
    "2056": refused(2056, ZERO_USED, GATEWAY),
    "2061": refused(2061, "your current token plan not support model, image-01", GATEWAY),
}
