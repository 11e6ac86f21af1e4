"""A run of the checks outside of anybody's pytest: its own settings, its own progress, its own report."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.resolve import resolve
from contract_tests.checks import Check
from contract_tests.plugin import RESULT
from contract_tests.recording.folder import Folder, FolderError
from contract_tests.report.collector import Collector, from_text
from contract_tests.report.files import write
from contract_tests.report.progress import Progress
from contract_tests.report.terminal import say
from contract_tests.targets.choice import Choice, ChoiceError, check_face, check_record, choose
from contract_tests.targets.plan import plan

_HERE = Path(__file__).parent


class NothingToRunError(Exception):
    """The run cannot begin; the message says why."""


class _Watcher:
    """A pytest plugin that shows progress, and keeps the collector's results."""

    def __init__(self, console: Console, choice: Choice, *, quiet: bool) -> None:
        self._console = console
        self._choice = choice
        self._quiet = quiet
        self._progress: Progress | None = None
        self.collector: Collector | None = None
        self.chosen: list[Check] = []
        self.problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(str(report.longrepr))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        found = (getattr(getattr(item, "function", None), "check", None) for item in session.items)
        self.chosen = [check for check in found if check is not None]
        self.collector = session.config.pluginmanager.get_plugin("minimax_collector")
        for line in plan(self.chosen, self._choice):
            say(self._console, (line, "dim"))
        if not self._quiet:
            self._progress = Progress(self._console, len(self.chosen))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        check: Check | None = getattr(getattr(item, "function", None), "check", None)
        if self._progress is not None and check is not None:
            self._progress.begin(check.id, check.sentence)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == RESULT and self._progress is not None:
                self._progress.end(from_text(str(value)))

    def pytest_sessionfinish(self) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextlib.contextmanager
def _nothing_left_behind() -> Iterator[None]:
    """Hypothesis keeps its tables in a folder that goes away again, not in the one that the user is in."""
    with TemporaryDirectory(prefix="minimax-mock-", ignore_cleanup_errors=True) as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _pytest(watcher: _Watcher, *arguments: str) -> int:
    """pytest on this package, whatever settings are around; what it prints is not for our user."""
    usual = [
        str(_HERE), "-c", str(_HERE / "pytest.ini"), f"--rootdir={_HERE}", "-p", "no:cacheprovider",
        "-p", "no:terminal", "-p", "no:hypothesispytest", "-p", "no:schemathesis", "--import-mode=importlib",
    ]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()), _nothing_left_behind():
        return int(pytest.main([*usual, *arguments], plugins=[watcher]))


def run(adapter: str, *, as_json: bool, report: str | None, expression: str | None, **options: Any) -> int:
    """Run the checks, show what they came to, and give the exit status. Raises `NothingToRunError`."""
    target = {name: options[name] for name in ("url", "region", "max_spend")}
    try:
        choice = choose(options["target"], profile=options["profile"], **target)
        check_face(options["face"], options["target"])
        check_record(options["record"], options["target"])
        if options["record"] is not None:
            Folder(Path(options["record"]), "")
        resolve(adapter).close()
    except (AdapterError, ChoiceError, FolderError) as error:
        raise NothingToRunError(str(error)) from None
    arguments = [
        f"--minimax-client={adapter}", f"--minimax-profile={options['profile']}", f"--minimax-level={options['level']}",
        f"--minimax-max-examples={options['max_examples']}", f"--minimax-target={options['target']}",
        f"--minimax-face={options['face']}",
    ]  # fmt: skip
    arguments += [f"--minimax-{name.replace('_', '-')}={value}" for name, value in target.items() if value is not None]
    if options["record"] is not None:
        arguments.append(f"--minimax-record={options['record']}")
    if options["seed"] is not None:
        arguments.append(f"--minimax-seed={options['seed']}")
    if expression:
        arguments += ["-k", expression]
    out = sys.stderr if as_json else sys.stdout  # as it is now: pytest's own is hidden
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    watcher = _Watcher(console, choice, quiet=as_json)
    _pytest(watcher, *arguments)
    if options["record"] is not None:
        say(console, (f"exchanges with the service are in {options['record']}", "dim"))
    return _finish(watcher, console, report, as_json=as_json, expression=expression)


def _finish(watcher: _Watcher, console: Console, folder: str | None, *, as_json: bool, expression: str | None) -> int:
    from contract_tests.report.document import as_text
    from contract_tests.report.outcome import exit_code
    from contract_tests.report.terminal import print_report

    if watcher.problems:
        raise NothingToRunError(watcher.problems[0])
    if watcher.collector is None or not watcher.chosen:
        msg = f"no check matches {expression!r}; `minimax-mock checks` lists them"
        raise NothingToRunError(msg)
    found = watcher.collector.report()
    if as_json:
        sys.stdout.write(as_text(found))
    else:
        print_report(found, console)
    if watcher.collector.bill:
        say(console, (watcher.collector.bill, "dim"))
    if folder:
        write(found, folder)
    return exit_code(found)
