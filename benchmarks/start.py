"""How long it takes from the command to the first right answer."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks import url_answers
from benchmarks.exchange import Request, send
from benchmarks.machine import BenchmarkError, cores, on_core
from benchmarks.rounds import Pace
from benchmarks.servers import Launch, aimock, answer_of, bare, free_port, ours, spawn, stop
from benchmarks.tables import Row, Table

POLL_SECONDS = 0.001
PATIENCE_SECONDS = 30
OF_AIMOCK = 1.0


def measure(pace: Pace, folder: Path) -> list[Table]:
    """Emulator, bare server and aimock started in turn."""
    answer = answer_of(ours(), url_answers.REQUEST, folder)
    url = json.loads(answer.body)["data"]["image_urls"][0]
    entries = [
        (ours(), url_answers.REQUEST),
        (bare(answer, folder), url_answers.REQUEST),
        (aimock({"url": url}, folder), url_answers.openai_request("url", b'"url":')),
    ]
    for launch, request in entries:
        _milliseconds(launch, request)
    times: list[list[float]] = [[] for _ in entries]
    for _ in range(pace.starts):
        for index, (launch, request) in enumerate(entries):
            times[index].append(_milliseconds(launch, request))
    mine, empty, canned = times
    rows = (
        _row(entries[0][0], mine),
        _row(entries[1][0], empty).judged(_faster(mine, empty), None),
        _row(entries[2][0], canned).judged(_faster(mine, canned), OF_AIMOCK),
    )
    note = f"from exec to the first right answer to POST, {pace.starts} starts of each in turn, files in the page cache"
    return [Table("Start", "ms", rows, note)]


def _faster(mine: Sequence[float], other: Sequence[float]) -> float:
    return median(theirs / own for own, theirs in zip(mine, other, strict=True))


def _row(launch: Launch, times: Sequence[float]) -> Row:
    return Row(launch.name, median(times), min(times), max(times))


def _milliseconds(launch: Launch, request: Request) -> float:
    port = free_port()
    began = time.perf_counter()
    process = spawn(launch, port)
    try:
        with on_core(cores()[1]):
            _wait_for(port, began)
            send(port, request)
            return (time.perf_counter() - began) * 1000
    finally:
        stop(process)


def _wait_for(port: int, began: float) -> None:
    while time.perf_counter() - began < PATIENCE_SECONDS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_SECONDS)
    raise BenchmarkError(f"nothing listens on port {port} after {PATIENCE_SECONDS} s")
