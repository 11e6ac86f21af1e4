"""Published clients in processes of their own: one process for many calls, a line of JSON each way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

PROGRAMS = Path(__file__).parent / "programs"


class Driven:
    """A program of ``programs/`` that does one call per line, until the end of the block."""

    def __init__(self, command: Sequence[str | Path], env: Mapping[str, str]) -> None:
        self.command = command
        whole = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        if shutil.which(command[0]) is None:
            pytest.fail(f"{command[0]} is missing; `make e2e` sets it up")
        self._process = subprocess.Popen(
            command, env=whole | dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate(timeout=20)

    def __call__(self, do: str, *args: Any, **call: Any) -> dict[str, Any]:
        """What came of the call: ``value`` or ``error``, ``updates``."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, "args": args, **call}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self.command} ended; `make e2e` installs what it needs"
        answer: dict[str, Any] = json.loads(line)
        return answer
