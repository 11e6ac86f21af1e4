"""Money: what a call could cost, what it did cost, and what is never sent."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from contract_tests.targets.guard import Guard, Purse, Refused, Terms, affordable, images_asked

KEY = "sk-api-real-key-0123456789abcdef"
OWN = [(b"authorization", f"Bearer {KEY}".encode())]
OTHER = [(b"authorization", b"Bearer sk-api-somebody-else")]
MADE = {"base_resp": {"status_code": 0}, "data": {"image_urls": ["http://x/1"]}}


def body(**fields: Any) -> bytes:
    return json.dumps({"model": "image-01", "prompt": "a"} | fields).encode()


def refusal(code: int) -> dict[str, Any]:
    return {"base_resp": {"status_code": code, "status_msg": "no"}}


def guard(purse: Purse, *, strangers_pay: bool = False, **terms: Any) -> Guard:
    return Guard(purse, Terms(**terms), KEY, strangers_pay=strangers_pay)


@pytest.mark.parametrize(
    ("text", "images"),
    [
        (b'{"prompt":"a"}', 1),
        (b'{"n":4}', 4),
        (b'{"n":null}', 1),
        (b'{"n":12}', 12),
        (b'{"n":"3"}', 9),
        (b'{"n":0}', 9),
        (b'{"n":-1}', 9),
        (b'{"n":2.0}', 9),
        (b'{"n":true}', 9),
        (b'{"n":1,"n":5}', 5),
        (b'{"n":1,"N":7}', 7),
        (b'{"extra":{"n":8}}', 1),
        (b"[1]", 9),
        (b'{"n":1', 9),
        (b"\x1f\x8b\x08", 9),
        (b"[" * 100_000, 9),
    ],
)
def test_what_cannot_be_read_may_ask_for_nine(text: bytes, images: int) -> None:
    assert images_asked(text) == images


@pytest.mark.parametrize(("usd", "images"), [(0, 0), (0.0035, 1), (0.00349, 0), (0.007, 2), (0.0105, 3), (0.07, 20)])
def test_money_buys_whole_images(usd: float, images: int) -> None:
    assert affordable(usd) == images


@pytest.mark.parametrize("usd", [-0.01, float("nan"), float("inf")])
def test_what_is_no_amount_is_refused(usd: float) -> None:
    with pytest.raises(ValueError, match="expected an amount in USD, from 0"):
        Purse(usd)


def test_a_call_that_could_cost_too_much_is_not_sent() -> None:
    purse = Purse(0.01)
    assert guard(purse).admit(OWN, body(n=3)) == Refused(
        "max-spend", "this call could cost $0.0105; of --max-spend $0.0070 is left"
    )
    assert (purse.calls, purse.refused, purse.images) == (0, 1, 0)


def test_what_is_under_way_counts_as_spent() -> None:
    purse = Purse(0.0105)
    one = guard(purse)
    assert one.admit(OWN, body(n=2)) == 2
    assert isinstance(one.admit(OWN, body(n=2)), Refused)
    one.settle(2, 200, refusal(1002))
    assert one.admit(OWN, body(n=2)) == 2


@pytest.mark.parametrize(
    ("status", "answer", "images"),
    [
        (200, MADE, 2),
        (200, refusal(1002), 0),
        (200, refusal(2013), 0),
        (200, refusal(1027), 2),
        (200, refusal(1000), 2),
        (200, None, 2),
        (401, None, 0),
        (502, None, 2),
        (None, None, 2),
    ],
)
def test_what_is_not_known_to_be_free_counts_in_full(status: int | None, answer: Any, images: int) -> None:
    purse = Purse(1)
    one = guard(purse)
    assert one.admit(OWN, body(n=2)) == 2
    one.settle(2, status, answer)
    assert purse.images == images


def test_more_images_than_were_asked_for_are_counted() -> None:
    purse = Purse(1)
    one = guard(purse)
    assert one.admit(OWN, body()) == 1
    one.settle(1, 200, {"base_resp": {"status_code": 0}, "data": {"image_base64": ["a", "b", "c"]}})
    assert purse.images == 3


def test_without_our_key_nothing_is_held_back_on_live_only() -> None:
    purse = Purse(0)
    assert guard(purse).admit(OTHER, body()) == 0
    assert isinstance(guard(purse, strangers_pay=True).admit(OTHER, body()), Refused)


def test_the_right_key_in_place_of_a_wrong_one_is_not_sent() -> None:
    refused = guard(Purse(1), foreign_key=True).admit(OWN, body())
    assert isinstance(refused, Refused)
    assert refused.why == "other-key"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (body(n=9), "n was asked for as 10, and sent as 9"),
        (body(n="10"), "n was asked for as 10, and sent as '10'"),
        (body(), "n was asked for as 10, and sent as None"),
        (b"[]", "n was asked for as 10, and sent as None"),
        (b"{", "the body is not JSON"),
    ],
)
def test_a_question_that_was_altered_is_not_sent(sent: bytes, told: str) -> None:
    assert guard(Purse(1), only={"n": 10}, most=10).admit(OWN, sent) == Refused("altered", told)


def test_more_than_the_question_needs_is_not_sent() -> None:
    refused = guard(Purse(1), most=1).admit(OWN, body(n=9))
    assert refused == Refused("altered", "the client asked for 9 images, and should for 1")


def test_images_are_paid_once_for_a_question() -> None:
    purse = Purse(1)
    one = guard(purse, most=1, once=True)
    assert one.admit(OWN, body()) == 1
    early = one.admit(OWN, body())
    one.settle(1, 200, MADE)
    late = one.admit(OWN, body())
    assert isinstance(early, Refused)
    assert "still being made" in early.message
    assert isinstance(late, Refused)
    assert "were made" in late.message
    assert purse.images == 1


def test_a_refused_question_may_be_asked_again() -> None:
    one = guard(Purse(0.0035), most=1, once=True)
    for _ in range(5):
        assert one.admit(OWN, body()) == 1
        one.settle(1, 200, refusal(1002))


def test_threads_cannot_spend_more_together() -> None:
    purse = Purse(0.0035 * 50)
    held: list[bool] = []
    threads = [
        threading.Thread(target=lambda: held.extend(purse.hold(1) for _ in range(20)), daemon=True) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (held.count(True), purse.images, purse.left) == (50, 50, 0)
