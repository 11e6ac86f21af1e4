"""``python -m benchmarks``: measure everything, print it beside its targets. Exit status 1 when a target is missed."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from benchmarks import base64_answers, downloads, machine, memory, start, url_answers
from benchmarks.rounds import Pace
from benchmarks.tables import Table, show

BENCHMARKS: dict[str, Callable[[Pace, Path], list[Table]]] = {
    "url": url_answers.measure,
    "base64": base64_answers.measure,
    "download": downloads.measure,
    "start": start.measure,
    "memory": memory.measure,
}
QUICK = Pace(rounds=1, seconds=1, starts=3, memory_requests=50_000)
MISSED, COULD_NOT_RUN, INTERRUPTED = 1, 2, 130


@click.command()
@click.option("--only", type=click.Choice(list(BENCHMARKS)), multiple=True, help="One benchmark; may be repeated.")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Rounds of each table.")
@click.option("--seconds", type=click.IntRange(1), default=3, show_default=True, help="Seconds of each load.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there too."
)
@click.option("--quick", is_flag=True, help="One short round of everything, to see that it works.")
def main(only: tuple[str, ...], rounds: int, seconds: int, json_file: Path | None, quick: bool) -> None:
    """Measure the emulator beside its peers, all servers of a table up at once and loaded in turn."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(COULD_NOT_RUN))
    pace = QUICK if quick else Pace(rounds, seconds, starts=9, memory_requests=500_000)
    console = Console(width=None if sys.stdout.isatty() else 120)
    try:
        machine.check()
        facts = machine.describe() | {"bytecode": machine.compile_bytecode()}
        for name, fact in facts.items():
            console.print(f"[bold]{name:>9}[/]  {fact}", highlight=False, soft_wrap=True)
        tables = _measure(only or tuple(BENCHMARKS), pace, console)
    except machine.BenchmarkError as error:
        click.echo(f"benchmarks: {error}", err=True)
        sys.exit(COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    if json_file:
        json_file.write_text(json.dumps({**facts, "tables": [asdict(table) for table in tables]}, indent=2) + "\n")
    sys.exit(0 if all(table.met for table in tables) else MISSED)


def _measure(names: tuple[str, ...], pace: Pace, console: Console) -> list[Table]:
    tables = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder, console.status(f"measuring {name}"):
            found = BENCHMARKS[name](pace, Path(folder))
        for table in found:
            console.print()
            show(console, table)
        tables += found
    return tables


if __name__ == "__main__":
    main()
