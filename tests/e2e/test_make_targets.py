"""The set-up commands of the README, in a terminal as a person has one."""

from __future__ import annotations

import os
import pty
import select
import signal
import time

import httpx
import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e


def test_ctrl_c_in_a_terminal_stops_make_serve_cleanly() -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execvp("make", ["make", "-s", "serve", "ARGS=--port 0"])
    try:
        shown = read_until(terminal, "Ctrl-C")
        url = next(line.split()[-1] for line in shown.splitlines() if "minimax-mock ready:" in line)
        assert httpx.get(f"{url}/_mock/health", trust_env=False).json()["status"] == "ok"
        os.write(terminal, b"\x03")
        rest = read_until(terminal, None)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    assert f"dashboard  {url}/_mock/" in shown
    assert "curl " in shown
    assert "Traceback" not in rest
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def read_until(terminal: int, mark: str | None) -> str:
    """What the terminal shows, up to `mark` or to its end."""
    shown = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (mark is None or mark.encode() not in shown):
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                block = os.read(terminal, 65536)
            except OSError:
                break
            if not block:
                break
            shown += block
    return shown.decode()
