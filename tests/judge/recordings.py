"""Journals made by hand, right and wrong, for what takes a fault or an exact time to show."""

from __future__ import annotations

from collections.abc import Callable

from mock_server.journal import MAX_BODY_BYTES
from tests.judge.exchanges import BODY, DAY, LABEL, START, Log, answer, faults, image_path

Record = Callable[[Log], object]
URL = f"http://127.0.0.1{image_path()}"


def retries(*pauses: float, code: int = 1002, head: bytes = b"", **fields: object) -> Record:
    """One failure, and one more after each pause."""

    def record(log: Log) -> None:
        for pause in (*pauses, 0.0):
            log.generate(code, response_head=head, **fields)
            log.wait(pause)

    return record


retries_every_two_seconds = retries(2, 2, 2)


def fetches(*pauses: float, **fields: object) -> Record:
    def record(log: Log) -> None:
        for pause in (*pauses, 0.0):
            log.download(**fields)  # type: ignore[arg-type]
            log.wait(pause)

    return record


def in_turn(*records: Record) -> Record:
    return lambda log: [record(log) for record in records]


def waits(seconds: float) -> Record:
    return lambda log: log.wait(seconds)


def generates(code: int = 0, *urls: str, **fields: object) -> Record:
    return lambda log: log.generate(code, *urls, **fields)  # type: ignore[arg-type]


def retries_with_other(**fields: object) -> Record:
    """A refused key, then the same to another site or with another key."""
    return in_turn(generates(2049), waits(1), generates(2049, **fields))


def generates_in_parallel(log: Log) -> None:
    """Two at once, one refused; a third takes its turn when the download of the other's image has failed."""
    log.generate(1002, lasts=5.0)
    log.generate(0, URL, began=0.1, lasts=5.0)
    log.download(began=5.2, **FAILED)
    log.generate(began=5.3)


OTHER_SITE = f"host: x\r\nauthorization: Bearer <key {LABEL}>\r\ncontent-type: application/json\r\n".encode()
HTML = {"status": 502, "response_body": b"<html>", "code": None}
LEFT = {"status": 0, "response_body": b"", "client_gone": True}
UNREADABLE = {"response_body": b'{"id":"06', "whole": False}
LONG_BODY = BODY[:-2] + b"x" * MAX_BODY_BYTES + b"<cut: 1234567 bytes in all, sha256 ab>"
LONG_ANSWER = b"[" * MAX_BODY_BYTES + b"<cut: 1234567 bytes in all, sha256 ab>"
EMBEDDED = b'{"model":"image-01","prompt":"see \\"data:image/png;base64,<99 characters, sha256 ab>" please"}'
FAILED = {"status": 503, "response_body": b"<Error/>"}

GATEWAY = {"face": "openai", "target": b"/openai/v1/images/generations", "code": None}
BUSY = {**GATEWAY, "status": 429, "response_body": b'{"error":{"message":"","type":"rate_limit_error","code":429}}'}
FAILING = {**GATEWAY, "status": 500, "response_body": b'{"error":{"message":"","type":"server_error","code":500}}'}
POOR = {**GATEWAY, "status": 402, "response_body": b'{"error":{"message":"","type":"insufficient_credits","code":402}}'}
MADE = {**GATEWAY, "response_body": b'{"created":1,"data":[{"url":"http://x/openai/media/img/0a.png"}]}'}
NEVER, AGAIN = b"x-should-retry: false\r\n", b"x-should-retry: true\r\n"
IMAGE = {"path": "/openai/media/img/0a.png", "face": "openai"}

BREAKS: list[tuple[str, Record]] = [
    ("retried-what-cannot-succeed", retries(1, **POOR)),
    ("retried-without-backoff", retries(2, 2, 2, **FAILING)),
    ("retried-too-often", retries(*[2.0**number for number in range(6)] * 2, **BUSY)),
    ("ignored-retry-after", retries(4, head=b"retry-after: 5\r\n", **BUSY)),
    ("ignored-should-retry", retries(1, head=NEVER, **FAILING)),
    ("ignored-should-retry", retries(1, 2, head=NEVER, **BUSY)),
    ("gave-up-at-once", generates(**BUSY)),
    ("gave-up-at-once", generates(**POOR, response_head=AGAIN)),
    (
        "generated-again-after-failed-download",
        in_turn(generates(**MADE), fetches(1, **IMAGE, **FAILED), generates(**MADE)),
    ),
    ("wrong-shape", generates(**POOR, body=b'{"model":"m"}')),
    ("unknown-field", generates(**MADE, body=b'{"prompt":"x","num_images":4}')),
    ("retried-what-cannot-succeed", retries(1, status=401)),
    ("retried-what-cannot-succeed", fetches(1, status=404)),
    ("retried-what-cannot-succeed", in_turn(generates(1002), waits(1), generates(2061), waits(2), generates(2061))),
    ("retried-what-cannot-succeed", retries(1, code=1008, response_body=LONG_ANSWER)),
    ("retried-without-backoff", retries_every_two_seconds),
    ("retried-without-backoff", retries(0.003, 0.008)),
    ("retried-without-backoff", retries(1, 2, 4, 0.01, 0.01, 0.01)),
    ("retried-without-backoff", retries(2, 2.1, 1.95, 2)),
    ("retried-without-backoff", retries(0.02, 0.02, **HTML)),
    ("retried-without-backoff", fetches(0.02, 0.02, **FAILED)),
    ("retried-without-backoff", fetches(0.02, 0.02, whole=False)),
    ("retried-too-often", retries(*[2.0**number for number in range(6)] * 2, **UNREADABLE)),
    ("retried-too-often", retries(*[0.5] * 10, **LEFT, lasts=30.0)),
    ("ignored-retry-after", retries(4, head=b"retry-after: 5\r\n")),
    ("ignored-retry-after", retries(4, head=b"retry-after: Thu, 28 May 2026 20:26:50 GMT\r\n", status=503)),
    ("generated-again-after-failed-download", in_turn(generates(0, URL), fetches(1, **FAILED), generates(0, URL))),
    ("downloaded-after-expiry", fetches(path=image_path(START - 1), status=403)),
    ("took-error-for-success", in_turn(generates(1027, URL), fetches())),
    ("gave-up-at-once", in_turn(generates(1033), waits(1), generates(0, body=b'{"model":"image-01","prompt":"b"}'))),
    ("gave-up-at-once", generates(**HTML)),
    ("wrong-shape", generates(2013, body=b'{"model":"image-01","prompt":"a')),
    ("wrong-shape", generates(1004, body=b'{"model":"image-01"}', owner="", account="")),
    ("left-too-early", generates(**LEFT, lasts=25.9)),
    ("polled-too-fast", in_turn(generates(0, URL), *[in_turn(fetches(), waits(0.05))] * 6)),
]
KEEPS: list[tuple[str, Record]] = [
    ("retried-what-cannot-succeed", generates(**POOR)),
    ("retried-what-cannot-succeed", retries(1, **{**BUSY, "status": 409})),
    ("retried-what-cannot-succeed", in_turn(retries(1, head=AGAIN, **POOR))),
    ("retried-without-backoff", retries(0.5, 1, **FAILING)),
    ("retried-too-often", in_turn(*[in_turn(generates(**BUSY), waits(1), generates(**MADE), waits(1))] * 20)),
    ("ignored-retry-after", retries(5, head=b"retry-after: 5\r\n", **BUSY)),
    ("ignored-should-retry", generates(**FAILING, response_head=NEVER)),
    ("ignored-should-retry", retries(1, 2, head=AGAIN, **FAILING)),
    ("gave-up-at-once", generates(**BUSY, response_head=b"retry-after: 3600\r\n")),
    ("generated-again-after-failed-download", in_turn(generates(**MADE), fetches(1, **IMAGE), generates(**MADE))),
    ("wrong-shape", generates(**MADE, body=b'{"prompt":"x","n":2}')),
    ("unknown-field", generates(**MADE, body=b'{"prompt":"x","image_url":"https://example.com/a.png"}')),
    ("retried-what-cannot-succeed", retries(1, code=1000, reason="forbidden_reference")),
    ("retried-what-cannot-succeed", retries(1, code=9999)),
    ("retried-what-cannot-succeed", retries(1, status=429)),
    ("retried-what-cannot-succeed", retries_with_other(key="sk-one*12345678")),
    ("retried-what-cannot-succeed", retries_with_other(request_head=OTHER_SITE)),
    ("retried-without-backoff", retries(1, 2, 4, 8, 8, 8, 8)),
    ("retried-without-backoff", retries(0.01, 0.023, 0.043, 0.083)),
    ("retried-without-backoff", retries(0.02, 0.04)),
    ("retried-without-backoff", retries(0.9, 0.5, 0.8)),
    ("retried-without-backoff", retries(0.09, 0.05, 0.8)),
    ("retried-without-backoff", retries(30, 30, 30)),
    ("retried-without-backoff", retries(*[0.0] * 5, **LEFT, lasts=60.0)),
    ("retried-without-backoff", retries(2, 2, 2, 2, head=b"retry-after: 2\r\n")),
    ("retried-too-often", in_turn(*[in_turn(generates(1002), waits(1), generates(), waits(1))] * 20)),
    ("ignored-retry-after", retries(4.6, head=b"retry-after: 5\r\n")),
    ("ignored-retry-after", retries(6, head=b"retry-after: Thu, 28 May 2026 20:26:46 GMT\r\n", status=503)),
    ("ignored-retry-after", retries(1, head=b"retry-after: soon\r\n")),
    ("generated-again-after-failed-download", in_turn(generates(0, URL), fetches(**FAILED), waits(61), generates())),
    (
        "downloaded-after-expiry",
        fetches(path=image_path(START + DAY), status=403, faults=faults("expired_url"), response_body=b"<Error/>"),
    ),
    ("generated-again-after-failed-download", generates_in_parallel),
    ("key-in-url", generates(target=f"/~<key {LABEL}>/v1/image_generation".encode())),
    ("downloaded-after-expiry", fetches(path=image_path(START - 1), faults=faults("expired_url"), status=403)),
    ("took-error-for-success", generates(1027, URL)),
    ("took-error-for-success", in_turn(generates(0, URL), fetches())),
    ("gave-up-at-once", in_turn(generates(1033), waits(1), fetches())),
    ("gave-up-at-once", generates(response_body=answer(7), reason="rate_limited")),
    ("gave-up-at-once", generates(**UNREADABLE)),
    ("wrong-shape", generates(body=LONG_BODY)),
    ("wrong-shape", generates(body=EMBEDDED)),
    ("wrong-shape", generates(1000, body=b"", client_gone=True, status=0, lasts=0.1)),
    ("wrong-shape", generates(0, body=b"{}", model="image-01")),
    ("wrong-shape", generates(0, body=b"{}", face="fal")),
    ("unknown-field", generates(body=LONG_BODY)),
    ("left-too-early", generates(**LEFT, lasts=26.0)),
    ("polled-too-fast", in_turn(generates(0, URL), *[in_turn(fetches(), waits(0.5))] * 20)),
    ("polled-too-fast", in_turn(generates(0, URL), *[in_turn(fetches(), waits(0.05))] * 5)),
    ("left-too-early", generates(**LEFT, lasts=2.0, faults=faults("hang"))),
    ("left-too-early", generates(**LEFT, lasts=2.0, faults=faults("wrong_size", "delay"))),
]
