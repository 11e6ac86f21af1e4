"""A run at a terminal: the plan, what it is at, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.status import Status

from contract_tests.drift.calls import Call
from contract_tests.drift.model import Drift
from contract_tests.drift.page import shown
from contract_tests.drift.run import Watcher
from contract_tests.report.legible import one_line, shortened
from contract_tests.report.terminal import say
from contract_tests.targets.guard import counted

LONGEST = 300
COLOURS = {"confirmed": "green", "contradicted": "bold red", "could not look": "dim"}


class Teller(Watcher):
    """Says what is done. On a terminal the present call is a line that goes away again."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._place = ""

    def planned(self, lines: Sequence[str]) -> None:
        """See `Watcher`."""
        for line in lines:
            say(self._console, (line, "dim"))

    def calling(self, number: int, total: int, call: Call) -> None:
        """See `Watcher`."""
        self._place = f"[{number}/{total}] {call.name}"
        self._show(self._place)

    def waiting(self, seconds: float) -> None:
        """See `Watcher`. In a log, too, it is said why nothing happens."""
        text = f"{self._place}: waiting {seconds:.0f} s for the rate limit"
        if self._console.is_terminal:
            self._show(text)
        else:
            say(self._console, (text, "dim"))

    def _show(self, text: str) -> None:
        if self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        self._status.update(text)

    def stop(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def print_drift(drift: Drift, console: Console) -> None:
    """Per claim what came of it, what could not be looked at by its reasons, and the sum."""
    say(console)
    for item in drift.of("confirmed"):
        seen = shortened(one_line(shown(item.finding.observed)), 60)
        say(console, ("confirmed ", COLOURS["confirmed"]), (item.finding.claim, ""), (f": {seen}", "dim"))
    reasons: dict[str, list[str]] = {}
    for item in drift.of("could not look"):
        reasons.setdefault(item.finding.why, []).append(item.finding.claim)
    for why, names in reasons.items():
        dim = COLOURS["could not look"]
        say(console, (f"could not look: {shortened(one_line(why), LONGEST)}: {', '.join(names)}", dim))
    for item in drift.of("contradicted"):
        found = item.finding
        say(console)
        say(console, ("CONTRADICTED", COLOURS["contradicted"]), (f" {found.claim}", "bold"), (f": {item.says}", ""))
        for name, value in (("expected", found.expected), ("observed", found.observed)):
            say(console, (f"  {name}: {shortened(one_line(shown(value)), LONGEST)}", ""))
        say(console, (f"  {one_line(found.why)}", ""), (f"; by {', '.join(found.calls)}", "dim"))
        for switch, answer in found.profile.items():
            say(console, (f"  the emulator does so with {switch}={answer}", "bold"))
    say(console)
    colour = ("green", "bold red", "magenta")[drift.exit_code]
    say(console, (summary(drift), colour))


def summary(drift: Drift) -> str:
    """``62 confirmed, 1 contradicted, 40 could not look; 33 calls, 4 images: at most $0.0140 of $0.05 spent``."""
    counts = ", ".join(f"{len(drift.of(word))} {word}" for word in ("confirmed", "contradicted", "could not look"))
    spent = f"at most ${drift.spent_usd:.4f} of ${drift.limit_usd:g} spent"
    return f"{counts}; {counted(drift.calls, 'call')}, {counted(drift.images, 'image')}: {spent}"
