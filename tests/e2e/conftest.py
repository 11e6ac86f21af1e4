"""What the end-to-end tests share: an emulator started as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The URL of ``make serve`` on a free port."""
    env = os.environ | {"ARGS": "--port 0", "PYTHON": sys.executable}
    with subprocess.Popen(
        ["make", "-s", "serve"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[-1]
        finally:
            os.killpg(process.pid, 2)
            assert process.wait(timeout=20) in {0, 130, -2}  # make ends itself with the signal it got
