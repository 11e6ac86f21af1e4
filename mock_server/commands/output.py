"""What commands print: pleasant on a terminal, one plain line for each row in a pipe, JSON for programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 1_000_000
PAGE_WIDTH = 120
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def console() -> Console:
    """Standard output; one that is no terminal has no width and no colours."""
    screen = Console(highlight=False, markup=False, emoji=False)
    if not screen.is_terminal:
        screen.width = PIPE_WIDTH
    return screen


def page() -> Console:
    """Standard output for running text: as wide as a page where it is no terminal."""
    screen = console()
    if not screen.is_terminal:
        screen.width = PAGE_WIDTH
    return screen


def show(*parts: RenderableType, screen: Console | None = None) -> None:
    """Print each part; in a pipe without the spaces that fill up a column."""
    screen = screen or console()
    if screen.is_terminal:
        screen.print(*parts, sep="\n")
        return
    with screen.capture() as captured:
        screen.print(*parts, sep="\n")
    lines = captured.get().splitlines()
    screen.file.write("".join(f"{line.rstrip()}\n" for line in lines))


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, title: str = "", screen: Console | None = None
) -> None:
    """Print a table. A column called ``>name`` is aligned to the right; one called ``!name`` is never broken."""
    screen = screen or console()
    on_terminal = screen.is_terminal
    made = Table(
        title=title or None, title_justify="left", title_style="bold", header_style="bold",
        box=box.SIMPLE_HEAD if on_terminal else None, padding=(0, 1) if on_terminal else (0, 2, 0, 0),
        pad_edge=False,
    )  # fmt: skip
    cells = [[cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row] for row in rows]
    for index, column in enumerate(columns):
        name = column.lstrip(">!")
        unbroken = column != name
        width = max([Text(name).cell_len, *(row[index].cell_len for row in cells)])
        made.add_column(
            name, justify="right" if column[0] == ">" else "left", overflow="fold",
            no_wrap=unbroken, min_width=width if unbroken else None,
        )  # fmt: skip
    for row in cells:
        made.add_row(*row)
    show(made, screen=screen)


def facts(rows: Iterable[tuple[str, str | Text]], *, screen: Console | None = None) -> None:
    """Print names and what is to be said of each."""
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True, style="bold")
    made.add_column(overflow="fold")
    for name, said in rows:
        made.add_row(name, said if isinstance(said, Text) else Text(plain(said)))
    show(made, screen=screen)


def print_json(content: object) -> None:
    """Print JSON for programs: what was decoded, or bytes as they came."""
    raw = content if isinstance(content, bytes) else msgspec.json.encode(content)
    sys.stdout.write(msgspec.json.format(raw, indent=2).decode() + "\n")


def compact(value: Any) -> str:
    """A value on one line, as JSON; text as it is."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def plain(text: str) -> str:
    """`text` on one line, with what a terminal would take for a command spelled out."""
    return _UNPRINTABLE.sub(_spelled, text)


def plain_lines(text: str) -> str:
    """`text` with its lines, and with what a terminal would take for a command spelled out."""
    return "\n".join(plain(line) for line in text.replace("\r\n", "\n").split("\n"))


def _spelled(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]


def moment(at: float) -> str:
    """A time of an account's clock, in the time zone of this machine."""
    try:
        return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return f"{at:.0f} s"


def dollars(amount: float) -> str:
    """``$1,234.0035``: as many digits as it takes, two at least."""
    text = f"{amount:,.6f}".rstrip("0")
    return "$" + text + "0" * max(0, 2 - len(text.partition(".")[2]))
