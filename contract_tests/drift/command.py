"""``minimax-mock drift``: from its options to a run, its report and its exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from rich.console import Console

from contract_tests.drift.claim import Claims
from contract_tests.drift.injected import InjectedError
from contract_tests.drift.model import Drift
from contract_tests.drift.recorded import recordings
from contract_tests.drift.report import as_text, seen, write
from contract_tests.drift.run import Knowledge, Target, planned, run
from contract_tests.drift.sides import Exchanged
from contract_tests.drift.terminal import Teller, print_drift
from contract_tests.recording.folder import Folder, FolderError
from contract_tests.report.document import ReportError
from contract_tests.report.terminal import say
from contract_tests.targets.choice import KEY, ChoiceError, choose
from contract_tests.targets.pace import CALLS, Pace

Written = Callable[..., str]


class NothingToCompareError(Exception):
    """The run cannot begin; the message says why."""


class Wishes(Struct, frozen=True):
    """The options of the command."""

    target: str = "live"
    region: str = "io"
    max_spend: float | None = None
    rpm: int = CALLS
    report: str | None = None
    record: str | None = None
    write_profile: str | None = None
    only_plan: bool = False
    as_json: bool = False


class Sources(Struct, frozen=True):
    """What is known: the claims, the answers that each switch has, and the folder of recorded exchanges."""

    claims: Claims
    switches: Mapping[str, Sequence[str]]
    exchanges: Path


def compare(sources: Sources, profile_text: Written, wishes: Wishes) -> int:
    """Compare as the options say; the exit status. Raises `NothingToCompareError`.

    Stopped by Ctrl-C, it tells what is known by then, and raises `KeyboardInterrupt`.
    """
    console = Console(file=sys.stderr if wishes.as_json else sys.stdout, highlight=False, markup=False, emoji=False)
    pace = Pace(calls=wishes.rpm)
    try:
        target = _target(wishes)
        before = seen(wishes.report, target.name) if wishes.report else {}
        known = Knowledge(sources.claims, sources.switches, recordings(sources.exchanges), before)
        if wishes.only_plan:
            Teller(console).planned(planned(target, known, pace)[1])
            return 0
        teller = Teller(console)
        try:
            found = run(target, known, teller, pace, _recorder(wishes, target))
        finally:
            teller.stop()
        _write(found, wishes, profile_text, console)
    except (ChoiceError, InjectedError, ReportError, FolderError) as error:
        raise NothingToCompareError(str(error)) from None
    if wishes.as_json:
        sys.stdout.write(as_text(found))
    else:
        print_drift(found, console)
    if found.stopped:
        raise KeyboardInterrupt
    return found.exit_code


def _target(wishes: Wishes) -> Target:
    if wishes.target in {"emulator", "both"}:
        raise ChoiceError(f"--target {wishes.target}: the emulator is what is compared with; say live, or a URL")
    environment = {KEY: "-", **os.environ} if wishes.only_plan else dict(os.environ)
    live = wishes.target == "live"
    spend = 0.0 if live and wishes.max_spend is None else wishes.max_spend
    region = wishes.region if live else None
    choice = choose(wishes.target, region=region, max_spend=spend, environment=environment)
    return Target(choice.name, choice.url, choice.key, wishes.region, choice.limit_usd, live=choice.kind == "live")


def _recorder(wishes: Wishes, target: Target) -> Exchanged | None:
    if wishes.record is None:
        return None
    return Folder(Path(wishes.record), f"minimax-mock drift --record, {target.url}", [target.key]).add


def _write(found: Drift, wishes: Wishes, text: Written, console: Console) -> None:
    if wishes.report:
        write(found, wishes.report)
        say(console, (f"wrote {wishes.report}", "dim"))
    file = wishes.write_profile
    if not file:
        return
    if not found.profile:
        say(console, (f"{file} is not written: no contradicted claim has a switch that matches", "dim"))
        return
    about = f"What {found.target} ({found.region}) answered on {found.started}."
    try:
        Path(file).write_text(text(found.profile, about), encoding="utf-8")
    except OSError as error:
        raise ReportError(f"cannot write {file}: {error.strerror}") from None
    say(console, (f"wrote {file}: minimax-mock serve --profile {file}", "dim"))
