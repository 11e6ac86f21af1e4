"""What a run is at, while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from contract_tests.report.legible import one_line
from contract_tests.report.model import Result
from contract_tests.report.outcome import duration, outcome
from contract_tests.report.terminal import colour, fitting


class Progress:
    """A line for each check. On a terminal it is there from the start, with the time; else it comes with the outcome.

    Use it as a context manager, or call `stop` when a run ends early, so that the terminal is left as it was.
    """

    def __init__(self, console: Console, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._total = total
        self._clock = clock
        self._number = 0
        self._live: Live | None = None

    def begin(self, name: str, sentence: str) -> None:
        """The check `name` starts; `sentence` is what it demands."""
        self.stop()
        self._number += 1
        if not self._console.is_terminal or self._console.is_dumb_terminal:
            return
        started = self._clock()
        place = self._place()
        line = fitting(self._console, f"{one_line(name)}: {one_line(sentence)}")

        def shown() -> Text:
            time_taken = duration(self._clock() - started)
            return Text(f"{place} {time_taken:>7}  {line}", "dim", no_wrap=True, overflow="ellipsis")

        self._live = Live(console=self._console, get_renderable=shown, transient=True, refresh_per_second=4)
        self._live.start(refresh=True)

    def end(self, result: Result) -> None:
        """The check that was begun last has ended."""
        self.stop()
        line = Text(f"{self._place()} {duration(result.seconds):>7}", "dim")
        line.append(f"  {fitting(self._console, one_line(result.id))}: ", "not dim")
        self._console.print(line.append(outcome(result), colour(result)), soft_wrap=True, highlight=False)

    def stop(self) -> None:
        """Take the live line away, if there is one."""
        live, self._live = self._live, None
        if live:
            live.stop()

    def _place(self) -> str:
        width = len(str(self._total))
        return f"[{self._number:>{width}}/{self._total}]"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
