"""Runs the command in this process, as a program in a pipe would see it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from mock_server.cli import main


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table, which are at least two spaces apart."""
        return [re.split(r"\s{2,}", line.strip()) for line in self.out.splitlines()]


def run(*arguments: str, stdin: str = "", **env: str) -> Run:
    clean: dict[str, str | None] = {name: None for name in os.environ if name.startswith(("MINIMAX_MOCK_", "FORCE_"))}
    result = CliRunner().invoke(main, arguments, input=stdin, env=clean | env, prog_name="minimax-mock")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Run(result.exit_code, result.stdout, result.stderr)
