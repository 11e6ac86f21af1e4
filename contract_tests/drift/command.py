"""``minimax-mock drift``: from its options to a run, its report and its exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from contract_tests.drift.claim import Claims
from contract_tests.drift.injected import InjectedError
from contract_tests.drift.model import Drift
from contract_tests.drift.report import as_text, seen, write
from contract_tests.drift.run import Knowledge, Target, planned, run
from contract_tests.drift.terminal import Teller, print_drift
from contract_tests.report.document import ReportError
from contract_tests.report.terminal import say
from contract_tests.targets.choice import KEY, ChoiceError, choose
from contract_tests.targets.pace import Pace

Written = Callable[..., str]


class NothingToCompareError(Exception):
    """The run cannot begin; the message says why."""


def compare(
    claims: Claims, switches: Mapping[str, Sequence[str]], profile_text: Written, *, target: str, region: str,
    max_spend: float | None, rpm: int, report: str | None, write_profile: str | None, only_plan: bool, as_json: bool,
) -> int:  # fmt: skip
    """Compare as the options say; the exit status. Raises `NothingToCompareError`."""
    console = Console(file=sys.stderr if as_json else sys.stdout, highlight=False, markup=False, emoji=False)
    try:
        chosen = _target(target, region, max_spend, needs_key=not only_plan)
        known = Knowledge(claims, switches, seen=seen(report, chosen.name) if report else {})
        if only_plan:
            Teller(console).planned(planned(chosen, known, Pace(calls=rpm))[1])
            return 0
        teller = Teller(console)
        try:
            found = run(chosen, known, teller, Pace(calls=rpm))
        finally:
            teller.stop()
        _write(found, report, write_profile, profile_text, console)
    except (ChoiceError, InjectedError, ReportError) as error:
        raise NothingToCompareError(str(error)) from None
    if as_json:
        sys.stdout.write(as_text(found))
    else:
        print_drift(found, console)
    return found.exit_code


def _target(target: str, region: str, max_spend: float | None, *, needs_key: bool) -> Target:
    if target in {"emulator", "both"}:
        raise ChoiceError(f"--target {target}: the emulator is what is compared with; say live, or a URL")
    environment = dict(os.environ) if needs_key else {KEY: "-", **os.environ}
    live = target == "live"
    spend = 0.0 if live and max_spend is None else max_spend
    choice = choose(target, region=region if live else None, max_spend=spend, environment=environment)
    return Target(choice.name, choice.url, choice.key, region, choice.limit_usd, live=choice.kind == "live")


def _write(found: Drift, report: str | None, profile: str | None, text: Written, console: Console) -> None:
    if report:
        write(found, report)
        say(console, (f"wrote {report}", "dim"))
    if not profile:
        return
    if not found.profile:
        say(console, (f"{profile} is not written: no contradicted claim has a switch that matches", "dim"))
        return
    about = f"What {found.target} ({found.region}) answered on {found.started}."
    try:
        Path(profile).write_text(text(found.profile, about), encoding="utf-8")
    except OSError as error:
        raise ReportError(f"cannot write {profile}: {error.strerror}") from None
    say(console, (f"wrote {profile}: minimax-mock serve --profile {profile}", "dim"))
