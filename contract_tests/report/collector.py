"""Gathers what the checks came to into one report."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Generator
from datetime import UTC, datetime

import msgspec
import pytest

from contract_tests.adapters.interface import AdapterError
from contract_tests.bench import Bench, Run
from contract_tests.checks import Check
from contract_tests.faces.minimax import FACE as MINIMAX
from contract_tests.plugin import EXAMPLES, RESULT
from contract_tests.report.model import Report, Reproduction, Result, Status
from contract_tests.targets.interface import CouldNotLookError, Target


def result_of(
    check: Check, report: pytest.TestReport, error: BaseException | None, bench: Bench | None, config: pytest.Config
) -> Result:
    """What one check came to."""
    status, reason = _status(report, error)
    run = bench.latest if bench is not None and status == "failed" else None
    return Result(
        id=check.id, level=check.level, sentence=check.sentence, status=status, reason=reason, claims=check.claims,
        reproduce=_reproduction(check, run, bench, config) if run is not None and bench is not None else None,
        exchanges=tuple(run.exchanges) if run is not None else (), seconds=round(report.duration, 3),
        examples=bench.tried if bench is not None else 0,
    )  # fmt: skip


def _status(report: pytest.TestReport, error: BaseException | None) -> tuple[Status, str]:
    if report.passed:
        return "passed", ""
    if report.skipped:
        return "skipped", str(getattr(error, "msg", error))
    if isinstance(error, AssertionError):
        return "failed", (str(error).splitlines() or ["it does not hold"])[0]
    if isinstance(error, BaseExceptionGroup) and error.split(AssertionError)[0] is not None:
        return "failed", f"not every time: {error.exceptions[0]}".splitlines()[0]
    if isinstance(error, CouldNotLookError):
        return "error", f"could not look: {error}"
    return "error", str(error) if isinstance(error, AdapterError) else f"{type(error).__name__}: {error}"


def _reproduction(check: Check, run: Run, bench: Bench, config: pytest.Config) -> Reproduction:
    options = config.option
    command = ["minimax-mock", "check", options.minimax_client, "-k", check.id, "--seed", str(options.minimax_seed)]
    if bench.face is not MINIMAX:
        command += ["--face", bench.face.name]
    if options.minimax_max_examples != EXAMPLES:
        command += ["--max-examples", str(options.minimax_max_examples)]
    if options.minimax_profile != "all":
        command += ["--profile", options.minimax_profile]
    if options.minimax_target != "emulator":
        command += ["--target", options.minimax_target]
    for name in ("url", "region", "max_spend"):
        if (value := getattr(options, f"minimax_{name}")) is not None:
            command += [f"--{name.replace('_', '-')}", str(value)]
    body = json.dumps(bench.face.wire(run.case.request), ensure_ascii=False)
    curl = f"{bench.target.curl} -H 'Content-Type: application/json' -d {shlex.quote(body)}"
    return Reproduction(shlex.join(command), run.case.scenario(), run.case.request, curl)


def as_text(result: Result) -> str:
    """A result in a form that travels between processes, whatever text a client came up with."""
    return json.dumps(msgspec.to_builtins(result))


def from_text(text: str) -> Result:
    """The result that `as_text` wrote."""
    return msgspec.convert(json.loads(text), Result)


class Collector:
    """A pytest plugin that keeps every result, also those of other processes, and writes the reports."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started = time.time()
        self._client: tuple[str, str | None] = (config.option.minimax_client, None)
        self._target: Target | None = None
        self.results: list[Result] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a check came to."""
        for name, value in report.user_properties:
            if name == RESULT:
                self.results.append(from_text(str(value)))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Learn the client's name and the target as soon as they are known."""
        result = yield
        if fixturedef.argname == "minimax_bench" and isinstance(result, Bench):
            self._client = (result.adapter.name, result.adapter.version)
            self._target = result.target
        return result

    @property
    def bill(self) -> str:
        """What was sent to a service, and spent; empty where nothing costs."""
        return "" if self._target is None else self._target.bill

    def report(self) -> Report:
        """All of it."""
        options = self._config.option
        profile = options.minimax_profile if options.minimax_target in {"emulator", "both"} else "none"
        return Report(
            client_name=self._client[0], client_version=self._client[1], adapter=options.minimax_client,
            target=options.minimax_target, profile=profile, seed=options.minimax_seed,
            results=tuple(sorted(self.results, key=lambda result: result.id)),
            started=datetime.fromtimestamp(self._started, UTC).isoformat(timespec="seconds"),
            seconds=round(time.time() - self._started, 2),
            spent_usd=self._target.spent_usd if self._target is not None else 0.0,
        )  # fmt: skip

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the reports, once, in the process that has all results."""
        folder = session.config.getoption("--minimax-report")
        if folder and not hasattr(session.config, "workerinput"):
            from contract_tests.report.files import write

            write(self.report(), folder)
