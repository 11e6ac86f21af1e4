"""``minimax-mock run``: the emulator for as long as a command runs, then what came of it."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from mock_server.client import MockServer
from mock_server.intercept.child import NOT_EXECUTABLE, NOT_FOUND, Child, signals_to
from mock_server.intercept.environment import through_hooks
from mock_server.intercept.refusal import AuthorityError, SandboxError
from mock_server.intercept.summary import duration, summarise, text
from mock_server.intercept.ways import Plan, opened, started
from mock_server.server import BindError
from mock_server.settings import SettingError

if TYPE_CHECKING:
    from mock_server.judge import Verdict


class RunError(Exception):
    """Why the command was not run; with the exit status that says so."""

    def __init__(self, reason: str, status: int = 2) -> None:
        super().__init__(reason)
        self.status = status


class Wishes(Struct, frozen=True):
    """The options of `run` that are not settings of the emulator."""

    via: str = "env"
    judge: bool = False
    report: Path | None = None
    verbose: bool = False
    quiet: bool = False
    passthrough: bool = False
    ephemeral_ca: bool = False


class End(Struct, frozen=True):
    """How the command ended: its exit status, or minus the signal that it died of; and after how long."""

    status: int
    seconds: float


def run(command: tuple[str, ...], wishes: Wishes, values: Mapping[str, Any]) -> int:
    """Run the command; the exit status to end with, or minus the signal that it died of. Raises `RunError`."""
    if wishes.passthrough and wishes.via != "proxy":
        raise RunError(f"--passthrough is for --via proxy; with --via {wishes.via} it means nothing")
    if wishes.ephemeral_ca and wishes.via == "env":
        raise RunError("--ephemeral-ca is for --via proxy and --via sandbox; --via env needs no certificates")
    if wishes.report is not None:
        _make_folder(wishes.report)
    refused: list[str] = []
    plan = Plan(
        command, wishes.via, refused.append, say if wishes.verbose else None, wishes.passthrough, wishes.ephemeral_ca
    )
    try:
        server = MockServer(**values, tls=wishes.via != "env")
        logging.basicConfig(level=server.settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        began = time.monotonic()
        with startable(command):
            status = _until_it_ends(plan, server)
        ended = End(status, time.monotonic() - began)
    except (SettingError, BindError, SandboxError, AuthorityError) as error:
        raise RunError(str(error)) from None
    return _finish(plan, wishes, server, refused, ended)


@contextmanager
def startable(command: tuple[str, ...]) -> Iterator[None]:
    """Say as shells do why a command cannot be run. Raises `RunError`."""
    try:
        yield
    except BindError:
        raise
    except FileNotFoundError:
        raise RunError(f"no command {command[0]!r}", NOT_FOUND) from None
    except OSError as error:
        raise RunError(f"cannot run {command[0]!r}: {error.strerror}", NOT_EXECUTABLE) from None


def run_led(command: tuple[str, ...], url: str, *, verbose: bool = False) -> int:
    """Run a command that is led to a server at `url` by settings and hooks, as ``run --via env`` does it.

    The status that it ended with, or minus the signal that it died of. Raises `RunError`.
    """
    child = Child()
    with signals_to(child), startable(command):
        child.process = opened(command, through_hooks(os.environ, url, verbose=verbose))
        return child.process.wait()


def say(line: str) -> None:
    """Print a line that is ours, on stderr: stdout belongs to the command."""
    click.echo(f"minimax-mock: {line}", err=True)


def _until_it_ends(plan: Plan, server: MockServer) -> int:
    child = Child()
    with signals_to(child), started(plan, server) as child.process:
        return child.process.wait()


def _finish(plan: Plan, wishes: Wishes, server: MockServer, refused: list[str], ended: End) -> int:
    """Say what came of it, and decide the exit status."""
    exchanges = list(server.state.exchanges())
    summary = summarise(exchanges, server.state.accounts(), refused)
    if not wishes.quiet:
        click.echo("\n".join(text(summary, f"{told(ended.status)} after {duration(ended.seconds)}")), err=True)
    if not wishes.judge and wishes.report is None:
        return ended.status
    from mock_server.judge import exit_code, judge

    verdict = judge(exchanges)
    if wishes.judge:
        _print(verdict)
    if wishes.report is not None:
        from mock_server.intercept.report import write

        facts = {"command": shlex.join(plan.command), "via": plan.via, "exit_status": ended.status}
        write(wishes.report, facts | {"seconds": round(ended.seconds, 3)}, summary, verdict, server.journal())
        say(f"wrote {wishes.report}")
    broken = exit_code(verdict) if wishes.judge and ended.status >= 0 else 0
    return broken or ended.status


def told(status: int) -> str:
    """How a command ended, in words."""
    if status >= 0:
        return f"the command ended with exit status {status}"
    try:
        return f"the command died of {signal.Signals(-status).name}"
    except ValueError:
        return f"the command died of signal {-status}"


def _print(verdict: Verdict) -> None:
    from rich.console import Console

    from mock_server.judge.table import print_verdict

    print_verdict(verdict, Console(stderr=True, highlight=False, markup=False, emoji=False))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"cannot write the report to {str(folder)!r}: {error.strerror}") from None
