"""A copy of the project to put bugs into, and the run of one test in it."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from xml.etree import ElementTree as ET

from tests.mutation.mutant import Mutant

ROOT = Path(__file__).parents[2]
COPIED = ("mock_server", "contract_tests", "fixtures", "tests", "conftest.py", "pyproject.toml")
SECONDS = 100
"""A run that takes longer fails."""
ALONE = ("-p", "no:cacheprovider", "-p", "pytest_timeout", "-p", "mock_server.pytest_plugin")
"""The plugins that the tests named in the table need; all that are installed take three times as long to import."""


@dataclass(frozen=True)
class Result:
    """What came of a run: how many tests there were, and the messages of failures and of errors."""

    tests: int
    failures: tuple[str, ...]
    errors: tuple[str, ...]
    output: str


class Trial:
    """The project in a folder of its own.

    Compiled files there are told by the source's hash: by its time and size, a bug of equal length would go unnoticed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
            else:
                shutil.copy(source, folder / name)
        for name in ("mock_server", "contract_tests"):
            compileall.compile_dir(
                folder / name, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH, workers=1
            )

    def run(self, *tests: str) -> Result:
        """Run those tests here, stopping at the first that fails."""
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        env = inherited | {"PYTHONPATH": str(self.folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *ALONE, f"--junit-xml={report}", *tests],
            cwd=self.folder, env=env, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        assert report.exists(), done.stdout + done.stderr
        suite = ET.parse(report).getroot()
        failures, errors = (tuple(item.get("message", "") for item in suite.iter(tag)) for tag in ("failure", "error"))
        return Result(len(list(suite.iter("testcase"))), failures, errors, done.stdout + done.stderr)

    def run_with(self, mutant: Mutant) -> Result:
        """Run the test that must catch `mutant`, with that bug in place."""
        file = self.folder / mutant.file
        source = file.read_text(encoding="utf-8")
        try:
            file.write_text(mutant.of(source), encoding="utf-8")
            return self.run(mutant.caught_by)
        finally:
            file.write_text(source, encoding="utf-8")
