"""Figures beside their targets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table as RichTable


@dataclass(frozen=True)
class Row:
    """One server, or one figure: median, least and most; ``ratio`` is how much better ours is than this one.

    ``cpu_micros`` is processor time a request, ``busy`` the share of its core that the server used. Where that is well
    under 1, something else was the limit (the load generator, other programs) and ``cpu_ratio`` tells more.
    """

    name: str
    value: float
    low: float
    high: float
    cpu_micros: float | None = None
    busy: float | None = None
    ratio: float | None = None
    cpu_ratio: float | None = None
    target: str = ""
    met: bool | None = None

    def judged(self, ratio: float, target: float | None) -> Row:
        """With a ratio, which is to be at least `target`."""
        if target is None:
            return replace(self, ratio=ratio)
        return replace(self, ratio=ratio, target=f">= {target:g}", met=ratio >= target)

    def at_most(self, limit: float) -> Row:
        """With a figure that is to be no more than `limit`."""
        return replace(self, target=f"<= {limit:g}", met=self.value <= limit)


@dataclass(frozen=True)
class Table:
    """One benchmark's result."""

    title: str
    unit: str
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether no target is missed."""
        return all(row.met is not False for row in self.rows)


def show(console: Console, table: Table) -> None:
    """Print a table."""
    figures = RichTable(title=table.title, title_justify="left", title_style="bold", caption_justify="left")
    figures.caption = table.note
    figures.add_column("")
    served = any(row.cpu_micros is not None for row in table.rows)
    of_cpu = ("CPU µs", "core", "by CPU") if served else ()
    for heading in (table.unit, "least", "most", *of_cpu, "ours is", "target", ""):
        figures.add_column(heading, justify="right", no_wrap=True)
    for row in table.rows:
        spread = (_text(row.low), _text(row.high)) if row.low < row.high else ("", "")
        cpu = (_text(row.cpu_micros), _text(row.busy, "{:.0%}"), _text(row.cpu_ratio, "{:.2f} ×")) if served else ()
        ratio = _text(row.ratio, "{:.2f} ×")
        figures.add_row(row.name, _text(row.value), *spread, *cpu, ratio, row.target, _verdict(row.met))
    console.print(figures)


def _text(value: float | None, form: str = "") -> str:
    if value is None:
        return ""
    return (form or ("{:,.0f}" if abs(value) >= 1000 else "{:.1f}")).format(value)


def _verdict(met: bool | None) -> str:
    return {None: "", True: "[green]met[/]", False: "[red]missed[/]"}[met]
