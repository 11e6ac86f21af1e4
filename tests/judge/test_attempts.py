"""What counts as a repetition; and that nobody is accused who does things right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server import MockAccount
from mock_server.core.credentials import label
from mock_server.core.reasons import REASONS
from mock_server.journal import Exchange
from mock_server.judge import judge
from mock_server.judge.heads import key_marks
from mock_server.judge.retry_after import retry_after
from mock_server.judge.traffic import arrange
from tests.judge.client import BODY, Client
from tests.judge.exchanges import LABEL, Log, answer, faults, image_path

RETRYABLE = sorted({reason.code for reason in REASONS.values() if reason.retryable})
FINAL = sorted({reason.code for reason in REASONS.values()} - set(RETRYABLE))


def runs_of(exchanges: Sequence[Exchange]) -> list[tuple[int, ...]]:
    return [run.ids for run in arrange(exchanges).runs]


def test_attempts_of_one_request_are_a_run_until_one_succeeds() -> None:
    log = Log()
    for code in (1002, 1002, 0, 1033, 0):
        log.generate(code)
        log.wait(1)
    log.generate(1002, body=b"{}")
    assert runs_of(log.exchanges) == [(1, 2, 3), (4, 5), (6,)]


def test_a_minute_later_it_is_a_new_wish() -> None:
    log = Log()
    for wait in (60, 60.5, 0):
        log.generate(1002)
        log.wait(wait)
    assert runs_of(log.exchanges) == [(1, 2), (3,)]


@pytest.mark.parametrize(("change"), [
    {"owner": "bob"}, {"face": "fal"}, {"target": b"/v1/image_generation?x"}, {"request_body": b"{}"},
    {"request_head": b"host: api.minimax.io\r\n"}, {"endpoint": "submit"},
], ids=lambda change: next(iter(change)))  # fmt: skip
def test_another_request_is_no_repetition(change: dict[str, Any]) -> None:
    log = Log()
    log.generate(1008)
    log.generate(1008, **change)
    assert "retried-what-cannot-succeed" not in {finding.rule for finding in judge(log.exchanges).findings}


def test_the_pause_is_the_longer_of_real_time_and_the_accounts() -> None:
    log = Log()
    log.generate(1002, began=0.0, lasts=1.0, at=100.0)
    log.generate(1002, began=1.5, lasts=1.0, at=100.0)  # the account's clock stands
    log.generate(1002, began=2.6, lasts=1.0, at=109.0)  # and is moved
    (run,) = arrange(log.exchanges).runs
    assert run.pauses == (0.5, 8.0)


def test_a_client_that_left_may_ask_again_before_the_server_knows() -> None:
    log = Log()
    log.generate(began=0.0, lasts=30.4, client_gone=True)
    log.generate(began=30.1, lasts=30.0)
    assert runs_of(log.exchanges) == [(1, 2)]


def test_calls_at_the_same_time_are_no_repetitions(account: MockAccount, http: httpx.Client) -> None:
    client = Client(account, http)
    account.configure(balance_usd=0, latency="0.02")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.post(), range(24)))
    assert client.verdict().findings == ()


def test_calls_that_wait_for_each_other_in_the_server_are_no_repetitions_either() -> None:
    log = Log()
    for _ in range(8):
        log.generate(1008, lasts=0.0003)
        log.wait(0.00005)
    assert judge(log.exchanges).findings == ()


spans = st.lists(st.tuples(st.floats(0, 20), st.floats(0.001, 5)), min_size=1, max_size=12)
endings = st.sampled_from([0, *RETRYABLE, *FINAL])


@given(spans, st.floats(0, 1), endings)
def test_overlapping_calls_are_never_repetitions(spans: list[tuple[float, float]], start: float, code: int) -> None:
    """A call spans all the others, so that none of them can be told from a call of its own."""
    log = Log()
    first = -start
    last = max(began + lasts for began, lasts in spans)
    for began, lasts in [(first, last - first), *spans]:
        log.generate(code, began=began, at=1e9 + began, lasts=lasts)
    assert {finding.rule for finding in judge(log.exchanges).findings} == set()


@st.composite
def failures(draw: st.DrawFn) -> dict[str, Any]:
    """An attempt that may be repeated."""
    kind = draw(st.sampled_from(["code", "http", "cut", "garbage", "timeout"]))
    if kind == "code":
        code = draw(st.sampled_from(RETRYABLE))
        return {"code": code, "response_body": answer(code)}
    if kind == "http":
        return {"status": draw(st.sampled_from([408, 425, 429, 500, 502, 503, 529])), "response_body": b"<html>"}
    if kind == "cut":
        return {"status": draw(st.sampled_from([0, 200])), "whole": False, "response_body": answer()[:9]}
    if kind == "garbage":
        return {"response_body": draw(st.sampled_from([b"", b"[]", b"null", b'{"base_resp":{}}', b"\xff"]))}
    return {"status": 0, "client_gone": True, "response_body": b"", "lasts": 60.0, "faults": faults("hang")}


downloads = st.sampled_from([{"status": 503}, {"status": 429}, {"whole": False}, {"status": 0, "whole": False}])
jitters = st.floats(0.5, 1.0)


@st.composite
def careful_journals(draw: st.DrawFn) -> Log:
    """What a client leaves behind that does everything right: bounded attempts, doubling pauses, jitter."""
    log = Log()
    for number in range(draw(st.integers(1, 5))):
        prompt = draw(st.sampled_from(["a cat", "猫", f"my {LABEL} <key of gold>", '"{"']))
        body = json.dumps({"model": "image-01", "prompt": f"{prompt} {number}"}).encode()
        base = draw(st.floats(0.2, 4))
        for attempt in range(draw(st.integers(0, 4))):
            log.generate(**{"body": body, "prompt": prompt} | draw(failures()))
            log.wait(base * 2**attempt * draw(jitters))
        if draw(st.booleans()):
            code = draw(st.sampled_from(FINAL))
            log.generate(code, body=body, prompt=prompt)
            continue
        url = image_path(draw(st.integers(1_790_000_000, 1_800_000_000))).replace("0123456789ab", f"{number:012}")
        log.generate(0, url, body=body, prompt=prompt)
        for attempt in range(draw(st.integers(0, 3))):
            log.download(url, **draw(downloads))
            log.wait(base * 2**attempt * draw(jitters))
        log.download(url)
    return log


@given(careful_journals())
def test_a_careful_client_is_accused_of_nothing(log: Log) -> None:
    assert judge(log.exchanges).findings == ()


def test_a_careful_client_is_accused_of_nothing_on_the_wire(account: MockAccount, http: httpx.Client) -> None:
    client = Client(account, http)
    account.configure(rpm=3)
    for number in range(12):
        client.image(prompt=f"picture {number}")
    verdict = client.verdict()
    assert verdict.requests > 24  # some had to be repeated
    assert verdict.findings == ()


bytes_of_any_kind = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"{}", json.dumps(BODY).encode(), b'{"base_resp":{"status_code":true}}', b"Expires=9", b"\r\n: "]),
)


@given(st.lists(
    st.fixed_dictionaries({
        "endpoint": st.sampled_from(["generate", "download", "submit", ""]),
        "face": st.sampled_from(["minimax", "fal", ""]),
        "status": st.sampled_from([0, 200, 206, 304, 404, 500]),
        "target": bytes_of_any_kind, "request_body": bytes_of_any_kind, "response_body": bytes_of_any_kind,
        "request_head": st.one_of(bytes_of_any_kind, st.just(b"content-type: application/json\r\n")),
        "response_head": st.one_of(bytes_of_any_kind, st.binary(max_size=20).map(lambda x: b"retry-after: " + x)),
        "code": st.one_of(st.none(), st.integers()), "whole": st.booleans(), "client_gone": st.booleans(),
        "lasts": st.floats(0, 1),
    }), max_size=6,
))  # fmt: skip
def test_whatever_stands_in_the_journal_a_verdict_is_given(entries: list[dict[str, Any]]) -> None:
    log = Log()
    for entry in entries:
        log.generate(**entry)
    assert judge(log.exchanges).requests == len(entries)


@pytest.mark.parametrize(("value", "seconds"), [
    ("5", 5.0), ("0.5", 0.5), ("Thu, 28 May 2026 20:26:50 GMT", 10.0), ("Thu, 28 May 2026 20:26:30 GMT", 0.0),
    ("soon", None), ("-1", None), ("", None), ("5, 6", None),
])  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(f"x: y\r\nretry-after: {value}\r\n".encode(), 1_780_000_000.0) == seconds


def test_a_key_is_known_by_its_label_and_a_named_account_is_no_key() -> None:
    log = Log()
    key, other = label("sk-api-one-two-three"), label("sk-api-another")
    assert key_marks(log.generate(key=key)) == {f"<key {key}>".encode()}
    assert key_marks(log.generate(key=other, account="nightly-tests")) == {f"<key {other}>".encode()}
    assert key_marks(log.download(account="nightly-tests")) == set()
