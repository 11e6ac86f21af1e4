"""Reference replacement: a value has one placeholder wherever it stands, so that identities are compared."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count
from urllib.parse import unquote

from contract_tests.exchanges.places import PLACEHOLDER, Found, derived, found

SHORTEST = 8
"""A shorter value is replaced in its own place only: in other texts it may be a word."""
SAME_MOMENT_SECONDS = 90.0
"""Times so close are those of one answer, which may take a minute."""
DAY_SECONDS = 86_400.0


class References:
    """The placeholders of one side of a comparison. Register all values first, then replace them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._moments: list[float] = []
        self._pattern: re.Pattern[str] | None = None

    def name(self, kind: str, value: str) -> str:
        """The placeholder of a value: what it was registered as first stays what it is."""
        if value not in self._names:
            plain = unquote(value)  # in a URL and in a text it is the same value
            if plain not in self._names:
                self._numbers[kind] += 1
                self._names[plain] = f"<{kind}:{self._numbers[kind]}>"
            self._names[value] = self._names[plain]
            self._pattern = None
        return self._names[value]

    def moment(self, second: float) -> str:
        """The placeholder of a time: ``<time:1>``, a day from it ``<time:1+24h>``."""
        for number, known in zip(count(1), self._moments, strict=False):
            for days, shown in ((0, ""), (1, "+24h"), (-1, "-24h")):
                if abs(second - known - days * DAY_SECONDS) <= SAME_MOMENT_SECONDS:
                    return f"<time:{number}{shown}>"
        self._moments.append(second)
        return f"<time:{len(self._moments)}>"

    def register(self, path: str, text: str) -> None:
        """Name the values in a text that stands at a path."""
        for value in found(path, text):
            self._named(value)
        self.made(path, text)

    def made(self, path: str, text: str) -> str:
        """The placeholder of the time that an id in this text was made at; empty for a text that has none."""
        second = derived(path, text)
        return "" if second is None else self.moment(second)

    def replaced(self, path: str, text: str) -> str:
        """A text with placeholders: for the values of its place, and for those that are known from elsewhere."""
        parts, at = [], 0
        for value in sorted(found(path, text), key=lambda value: value.start):
            if value.start >= at:
                parts += [self.everywhere(text[at : value.start]), self._named(value)]
                at = value.end
        return "".join([*parts, self.everywhere(text[at:])])

    def everywhere(self, text: str) -> str:
        """A text with placeholders for all values that are known and long enough."""
        if self._pattern is None:
            known = [value for value in self._names if len(value) >= SHORTEST or PLACEHOLDER.fullmatch(value)]
            self._pattern = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))) or r"(?!)")
        return self._pattern.sub(lambda match: self._names[match[0]], text)

    def _named(self, value: Found) -> str:
        return self.name(value.kind, value.value) if value.moment is None else self.moment(value.moment)
