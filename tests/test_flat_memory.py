"""A server that is sent the worst, over and over, does not grow."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.oddities import NOT_JSON
from tests.test_command import serving

ALLOWED_BYTES = 48 * 1024 * 1024
ROUNDS = 4
"""One round sends and asks for more than 200 MiB; the journal and the images kept have 18 MiB."""


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def abuse(url: str, client: httpx.Client, number: int) -> None:
    """One round of everything that is large, wrong or left half done."""
    where = httpx.URL(url)
    native = f"{url}/v1/image_generation"
    headers = {"Authorization": f"Bearer sk-api-{number:06d}", "Content-Type": "application/json"}
    for body in (b"9" * 10_000_000, b"[" * 5_000_000, b'{"prompt":"' + b"x" * 20_000_000 + b'"}', b" " * 33_000_000):
        assert client.post(native, content=body, headers=headers).status_code != 500
        for path in ("clock", "account", "nothing"):
            assert client.post(f"{url}/_mock/{path}", content=body).status_code in {404, 405, 413}
    for body in NOT_JSON:
        assert client.post(native, content=body, headers=headers).status_code != 500
    for key in range(60):
        body = json.dumps({"model": "image-01", "prompt": f"{number} {key} " + "x" * 1000, "n": 9}).encode()
        client.post(native, content=body, headers=headers | {"Authorization": f"Bearer sk-api-{number}-{key}"})
        client.get(f"{url}/_mock/journal?limit=5")
    half = [
        b"GET / HTTP/1.1\r\nX: " + b"y" * 2_000_000,
        b"GET /" + b"a" * 2_000_000,
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n" + b"x" * 10_000_000,
        b"POST /_mock/clock HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n" + b"x" * 10_000_000,
        b"GET /_mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"nonsense",
    ]
    for sent in half * 5:
        with socket.create_connection((where.host, where.port or 0), timeout=10) as raw, suppress(ConnectionError):
            raw.sendall(sent)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_stays_flat() -> None:
    options = ("--port", "0", "--json")
    with serving(*options) as (process, line), httpx.Client(trust_env=False, timeout=60) as client:
        url = json.loads(line)["url"]
        for number in range(2):
            abuse(url, client, number)
        before = resident(process.pid)
        for number in range(2, 2 + ROUNDS):
            abuse(url, client, number)
        grown = resident(process.pid) - before
        assert client.get(f"{url}/_mock/health").status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    assert "ERROR" not in errors
    assert grown < ALLOWED_BYTES, f"{grown / 1e6:.0f} MB more after {ROUNDS} rounds"
