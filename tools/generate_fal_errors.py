"""Write docs/fal-errors.md: every reason to refuse in fal's words, and what is open about fal."""

from __future__ import annotations

from pathlib import Path

from mock_server.core.reasons import REASONS, Reason
from mock_server.faces.fal.errors import SPELLINGS, answered_at_submit
from tools.generate_reference import switch_table, table

TARGET = Path(__file__).parent.parent / "docs" / "fal-errors.md"
COLUMNS = ("reason", "HTTP", "family", "type", "text", "in the queue", "grade of the wording")


def _row(reason: Reason) -> tuple[str, ...]:
    said = SPELLINGS[reason.name]
    where = "at once" if answered_at_submit(reason) else "at the result"
    kind = f"`{said.type}`" if said.type else "(none)"
    return f"{reason.code} `{reason.name}`", str(said.status), said.family, kind, said.text, where, said.grade


def page() -> str:
    """The whole document."""
    parts = [
        "# fal's errors",
        "Made by `make docs` from the tables that the program uses; a test keeps it current. See [fal.md](fal.md).",
        "What fal makes of MiniMax's own codes is recorded nowhere: which reason gets which error is assumed.",
        table(COLUMNS, map(_row, REASONS.values())),
        "## Open questions",
        switch_table("fal_"),
    ]
    return "\n\n".join(parts) + "\n"
