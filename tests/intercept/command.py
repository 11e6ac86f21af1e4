"""`minimax-mock run` as its users run it, and programs to be run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

COMMAND = [sys.executable, "-m", "mock_server"]
ROOT = Path(__file__).parent.parent.parent
PROGRAMS = Path(__file__).parent / "programs"
OWN = ("MINIMAX", "OPENAI", "FAL_", "AIGATEWAY", "NODE_", "SSL_", "JAVA_")
ENV = {name: value for name, value in os.environ.items() if not name.startswith(OWN) and "PROXY" not in name.upper()}
ENV["PYTHONPATH"] = str(ROOT)
ENV["XDG_DATA_HOME"] = str(Path(gettempdir()) / f"minimax-mock-tests-{os.getuid()}")
"""The certificate authority of the tests is not that of whoever runs them."""


def minimax_mock(
    *arguments: str, stdin: str = "", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """The command, with nothing in its environment that it would set itself."""
    command, everything = [*COMMAND, *arguments], ENV | env
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, env=everything, cwd=cwd, timeout=100, check=False
    )


def run(
    *arguments: str, via: str = "env", stdin: str = "", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """`minimax-mock run` with these options and this command."""
    return minimax_mock("run", "--via", via, *arguments, stdin=stdin, cwd=cwd, **env)


def python(program: str, *arguments: str) -> list[str]:
    """A Python program of the folder as a command."""
    return ["--", sys.executable, str(PROGRAMS / program), *arguments]
