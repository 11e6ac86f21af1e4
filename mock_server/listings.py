"""What the listing commands print: a table for people, JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from mock_server.core.profile import PROFILES, SWITCHES, differences
from mock_server.core.reasons import REASONS
from mock_server.faces.minimax.errors import WORDINGS


def print_codes(*, as_json: bool) -> None:
    """Every reason, then the wording of every rule behind code 2013."""
    if as_json:
        wordings = [{"rule": name} | msgspec.to_builtins(wording) for name, wording in WORDINGS.items()]
        _print_json({"codes": msgspec.to_builtins(list(REASONS.values())), "invalid_params": wordings})
        return
    rows = [
        (
            str(reason.code),
            reason.name,
            "\n".join((reason.message, *reason.also)),
            "yes" if reason.retryable else "no",
            reason.grade,
            reason.source,
        )
        for reason in REASONS.values()
    ]
    _print_table("Status codes", ("code", "reason", "status_msg", "retry", "grade", "source"), rows)
    rules = [(name, wording.text, wording.grade, wording.source) for name, wording in WORDINGS.items()]
    _print_table("2013: invalid params, ...", ("rule", "wording", "grade", "source"), rules)


def print_profiles(*, as_json: bool) -> None:
    """Every profile by what it sets, then every switch with its answers."""
    if as_json:
        _print_json({"profiles": msgspec.to_builtins(PROFILES), "switches": msgspec.to_builtins(SWITCHES)})
        return
    rows = [(name, differences(profile)) for name, profile in PROFILES.items()]
    _print_table("Profiles", ("profile", "differs from io in"), rows)
    switches = [(item.field, " | ".join(item.answers), item.question, item.source) for item in SWITCHES]
    _print_table("Switches (first answer: default)", ("switch", "answers", "question", "evidence"), switches)


def _print_json(content: object) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n")


def _print_table(title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(title=title, title_justify="left", show_lines=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console = Console()
    if not console.is_terminal:
        console.width = 200
    console.print(table, markup=False)
