"""``minimax-mock check --face``, as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def run(face: str, adapter: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The checks of that face on the client behind `adapter`; `env` is added to the environment."""
    command = [sys.executable, "-m", "mock_server", "check", adapter, "--face", face, "--max-examples", "3"]
    around = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "160"} | env
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, cwd=ROOT, env=around, timeout=280, check=False
    )


def outcomes(face: str, adapter: str, *arguments: str, **env: str) -> dict[str, str]:
    """The status of each check."""
    said = run(face, adapter, "--json", *arguments, **env)
    assert said.returncode in {0, 1}, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    return {item["id"]: item["status"] for item in found["checks"]}
