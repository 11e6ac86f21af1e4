"""What a client sees of scenarios in which the way is slow or broken, or everything at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.scenarios.caller import Caller
from tests.scenarios.pictures import decoded
from tests.scenarios.refusals import Observation


def outcome(call: Callable[[], httpx.Response]) -> str:
    """What comes of a call, in a word: its HTTP status, or how the connection ended."""
    try:
        answer = call()
    except httpx.HTTPError as error:
        return type(error).__name__
    if answer.status_code != 200 or not answer.headers["content-type"].startswith("application/json"):
        return str(answer.status_code)
    code = answer.json()["base_resp"]["status_code"]
    return f"200 {code}"


def hang(caller: Caller) -> None:
    with pytest.raises(httpx.ReadTimeout):
        caller.call(timeout=0.5)
    (entry,) = caller.journal(1)
    assert (entry["faults"], entry["status"], entry["client_gone"], entry["whole"]) == (["hang"], 0, True, False)
    assert caller.spent() == 0


def slow_answer(caller: Caller) -> None:
    with pytest.raises(httpx.ReadTimeout):
        caller.call(timeout=0.5)
    (entry,) = caller.journal(1)
    assert (entry["faults"], entry["status"], entry["client_gone"]) == (["delay"], 0, True)


def trickle(kind: str, seconds: float) -> Observation:
    """Call and download end well; a read timeout below what they take does not end them."""

    def observe(caller: Caller) -> None:
        timeout = seconds - 0.3
        answer = caller.call(timeout=timeout)
        assert answer.json()["base_resp"] == {"status_code": 0, "status_msg": "success"}
        image = caller.fetch(answer.json()["data"]["image_urls"][0], timeout=timeout)
        assert decoded(image.content) == ("JPEG", (1024, 1024))
        assert caller.faults(2) == [[kind], [kind]]
        for entry in caller.journal(2):
            assert entry["whole"] is True
            assert entry["duration_ms"] > timeout * 1000

    return observe


def hang_up(caller: Caller) -> None:
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError, match="Server disconnected without sending a response"):
            caller.call()
    assert caller.faults(2) == [["hang_up"], ["hang_up"]]
    assert caller.spent() == 0.007, "the calls were carried out"


def broken_in_the_middle(kind: str, error: type[httpx.HTTPError], most_bytes: int) -> Observation:
    """Headers and a part of the body come, then the connection ends: of a call, and of a download."""

    def observe(caller: Caller) -> None:
        with pytest.raises(error):
            caller.call()
        parts: list[bytes] = []
        with pytest.raises(error):
            read_parts(caller, image_url(caller), parts)
        received = b"".join(parts)
        assert b"\xff\xd8".startswith(received[:2])
        assert len(received) <= most_bytes
        assert caller.faults(2) == [[kind], [kind]]
        assert [entry["whole"] for entry in caller.journal(2)] == [False, False]

    return observe


def read_parts(caller: Caller, url: str, parts: list[bytes]) -> None:
    """Download an image into `parts`, which keep what came when the connection breaks."""
    with caller.client.stream("GET", url) as answer:
        assert answer.headers["content-type"] == "image/jpeg"
        assert int(answer.headers["content-length"]) > 20_000
        parts.extend(answer.iter_raw())


def image_url(caller: Caller) -> str:
    """An image's URL, which no answer brought to the client: the journal has the answer."""
    body: str = caller.journal(1)[0]["response"]["body"]
    return str(httpx.Response(200, text=body).json()["data"]["image_urls"][0])


FLAKY = {
    (): {"200 0"},
    ("http_status",): {"502"},
    ("reset",): {"ReadError"},
    ("hang_up",): {"RemoteProtocolError"},
    ("cut_body",): {"RemoteProtocolError"},
    ("http_status", "reset"): {"ReadError"},
    ("http_status", "hang_up"): {"RemoteProtocolError"},
    ("http_status", "cut_body"): {"RemoteProtocolError"},
}


def flaky(caller: Caller) -> None:
    outcomes = [outcome(caller.call) for _ in range(120)]
    faults = [tuple(found) for found in caller.faults(120)]
    for found, seen in zip(faults, outcomes, strict=True):
        assert seen in FLAKY[found]
    assert 12 <= sum(map(bool, faults)) <= 36
    assert {kind for found in faults for kind in found} == {"http_status", "reset", "hang_up", "cut_body"}


def outage(caller: Caller) -> None:
    caller.account.freeze()
    outcomes = [outcome(caller.call) for _ in range(20)]
    assert set(outcomes) == {"503", "ReadError"}
    faults = {"503": ["http_status"], "ReadError": ["http_status", "reset"]}
    assert caller.faults(20) == [faults[seen] for seen in outcomes]
    assert caller.spent() == 0
    caller.account.advance(29)
    assert outcome(caller.call) in {"503", "ReadError"}
    caller.account.advance(1)
    assert [outcome(caller.call) for _ in range(5)] == ["200 0"] * 5
    assert decoded(caller.fetch(caller.url()).content)[0] == "JPEG"


def black_friday(caller: Caller) -> None:
    prompts = [f"customer {number}" for number in range(96)]
    with ThreadPoolExecutor(12) as pool:
        answers = dict(zip(prompts, pool.map(lambda prompt: caller.call(prompt=prompt, n=3), prompts), strict=True))
    for entry in caller.journal(96):
        answer = answers[entry["prompt"].removesuffix(f" {caller.tag}")]
        delay, *others = entry["faults"]
        assert (delay, answer.status_code) == ("delay", entry["status"])
        if others == ["http_status"]:
            assert answer.status_code == 502
            continue
        said = answer.json()
        code, count = said["base_resp"]["status_code"], len(said.get("data", {}).get("image_urls", ()))
        expected = {(): {(0, 3)}, ("partial",): {(0, 2)}, ("status_code",): {(1002, 0), (1000, 0)}}
        assert (code, count) in expected[tuple(others)]
    codes = [entry["status_code"] for entry in caller.journal(96)]
    assert {codes.count(code) > 0 for code in (0, 1000, 1002, None)} == {True}
    urls = [url for answer in answers.values() if answer.status_code == 200
            for url in answer.json().get("data", {}).get("image_urls", ())]  # fmt: skip
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda url: caller.fetch(url).status_code, urls[:48]))
    assert set(statuses) == {200, 503}
    assert {tuple(found) for found in caller.faults(48)} >= {(), ("download_error",), ("slow_body",)}


SEEN: dict[str, Observation] = {
    "hang": hang,
    "slow-answer": slow_answer,
    "slow-headers": trickle("slow_headers", 1.2),
    "slow-body": trickle("slow_body", 2.0),
    "hang-up": hang_up,
    "cut-mid-body": broken_in_the_middle("cut_body", httpx.RemoteProtocolError, 60_000),
    "reset-mid-body": broken_in_the_middle("reset", httpx.ReadError, 4000),
    "flaky-network": flaky,
    "outage-then-recovery": outage,
    "black-friday": black_friday,
}
