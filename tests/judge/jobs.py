"""Recordings of clients of fal's queue: what they asked for, and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.judge.exchanges import Log

Record = Callable[[Log], object]
NUMBER = "11111111-1111-4111-8111-111111111111"


def _get(endpoint: str, status: int, said: Any, end: str, **fields: Any) -> Record:
    target = f"/fal/queue/fal-ai/minimax/requests/{NUMBER}{end}".encode()
    body = json.dumps(said, separators=(",", ":")).encode()
    usual = {"endpoint": endpoint, "method": "GET", "target": target, "status": status, "response_body": body}
    return lambda log: log.add(face="fal", **usual | fields)


def polls(status: str, **fields: Any) -> Record:
    code = 200 if status == "COMPLETED" else 202
    return _get("status", code, {"status": status, "request_id": NUMBER, "logs": None}, "/status", **fields)


def fetches_result(status: int = 200, **fields: Any) -> Record:
    said = {"images": []} if status == 200 else {"detail": "no"}
    return _get("result", status, said, "", **fields)


def too_early() -> Record:
    return fetches_result(400, reason="in_progress")


def in_turn(*records: Record) -> Record:
    def record(log: Log) -> None:
        for item in records:
            item(log)
            log.wait(0.5)

    return record


COMPLETED, WAITING = polls("COMPLETED"), polls("IN_PROGRESS")
BREAKS: list[tuple[str, Record]] = [
    ("went-on-after-completed", in_turn(WAITING, *[COMPLETED] * 5)),
    ("fetched-result-too-early", in_turn(WAITING, too_early(), WAITING, COMPLETED, fetches_result())),
    ("fetched-result-too-early", in_turn(too_early(), fetches_result())),
    ("ignored-error-at-result", in_turn(COMPLETED, fetches_result(422), COMPLETED)),
    ("polled-too-fast", lambda log: [polls("IN_QUEUE")(log) and log.wait(0.02) for _ in range(8)]),
]
KEEPS: list[tuple[str, Record]] = [
    ("went-on-after-completed", in_turn(WAITING, COMPLETED, COMPLETED, fetches_result())),
    ("went-on-after-completed", in_turn(*[WAITING] * 30, COMPLETED, fetches_result())),
    ("fetched-result-too-early", in_turn(WAITING, COMPLETED, fetches_result(422))),
    ("ignored-error-at-result", in_turn(COMPLETED, fetches_result(422))),
    ("ignored-error-at-result", in_turn(COMPLETED, fetches_result(503), COMPLETED, fetches_result())),
    ("retried-what-cannot-succeed", in_turn(*[WAITING] * 3, COMPLETED, fetches_result())),
]
