"""One deliberate bug."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A plausible bug of one line: `before`, which `file` has once, becomes `after`, and the test `caught_by` fails."""

    name: str
    wrong: str
    file: str
    before: str
    after: str
    caught_by: str

    def of(self, source: str) -> str:
        """`source` with the bug in it."""
        found = source.count(self.before)
        assert found == 1, f"the table is stale: {self.file} has {self.before!r} {found} times, must be once"
        return source.replace(self.before, self.after)
