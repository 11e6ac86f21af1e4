"""Every scenario that can be had by name: shipped files, one for each status code, and a user's own folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from mock_server.core.reasons import REASONS, Reason
from mock_server.faults.scenario import Scenario, ScenarioError, read_scenario
from mock_server.fixture_files import fixtures
from mock_server.nearest import closest
from mock_server.strict import InvalidError

_LIMITED = re.compile(r"(.+?)x(\d{1,6})$")
_IN_KEY = re.compile(r"mock-(?!-)(.+?)(?:--|$)")
MAGIC = "[[mock:"
_IN_PROMPT = re.compile(r"\[\[mock:([^\]]*)\]\]")


class Library:
    """Scenarios by name. Files are read when somebody wants them."""

    def __init__(self, own_folder: str = "") -> None:
        """`own_folder` may hold more, and takes precedence."""
        self._own = Path(own_folder) if own_folder else None
        self._read: dict[str, Scenario] = {}

    @cached_property
    def _files(self) -> dict[str, Path]:
        from mock_server.faults.scenario_file import SUFFIXES

        folders = [fixtures() / "scenarios", *([self._own] if self._own else [])]
        return {file.stem: file for folder in folders for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES}

    @cached_property
    def _codes(self) -> dict[str, Reason]:
        return {str(reason.code): reason for reason in reversed(REASONS.values())}

    def names(self) -> list[str]:
        """Every name: codes first, then files."""
        return [*sorted(self._codes), *sorted(self._files)]

    def get(self, text: str) -> Scenario:
        """The scenario called `text`; ``NAMExN`` is NAME for the first N calls only.

        Raises `ScenarioError` when there is none, or its file is wrong.
        """
        if text in self._read:
            return self._read[text]
        limited = None if text in self._files else _LIMITED.match(text)
        name = limited[1] if limited else text
        if name in self._files:
            from mock_server.faults.scenario_file import read_file

            found = read_file(self._files[name])
        elif name in self._codes:
            found = _of_code(self._codes[name])
        else:
            raise ScenarioError(self._unknown(name))
        if limited:
            found = self._limited(found, int(limited[2]))
        self._read[text] = found
        return found

    def _unknown(self, name: str) -> str:
        """What was probably meant; all names would be too many for a message."""
        near = closest(name, sorted(self._codes) if name.isdecimal() and len(name) == 4 else self.names())
        guess = f"did you mean {near!r}? " if near else ""
        return f"no scenario {name!r}; {guess}`minimax-mock scenarios` lists all {len(self.names())}"

    @staticmethod
    def _limited(scenario: Scenario, calls: int) -> Scenario:
        try:
            return scenario.limited(calls)
        except InvalidError as error:
            raise ScenarioError(str(error)) from None

    def find(self, given: str | Path | Mapping[str, Any]) -> Scenario:
        """A scenario given whole, by name, or as a file: what holds a ``/`` or ends with .yaml, .yml or .json is one.

        Raises `ScenarioError`, and `InvalidError` for one that is given whole and wrong.
        """
        if isinstance(given, Mapping):
            return read_scenario(given)
        text = str(given)
        from mock_server.faults.scenario_file import SUFFIXES, read_file

        file = Path(text).expanduser()
        return read_file(file) if "/" in text or file.suffix in SUFFIXES else self.get(text)


def in_key(key: str) -> str | None:
    """The scenario that a magic key loads: ``sk-api-mock-1002x2--alice`` → ``1002x2``."""
    match = _IN_KEY.search(key) if "mock-" in key else None
    return match[1] if match else None


def in_prompt(prompt: str) -> str | None:
    """The scenario that a magic prompt asks for: ``a cat [[mock:1026]]`` → ``1026``."""
    match = _IN_PROMPT.search(prompt) if MAGIC in prompt else None
    return match[1].strip() if match else None


def _of_code(reason: Reason) -> Scenario:
    from mock_server.claims import of_reasons

    message = re.sub(r"\{\w+\}", "...", reason.message)
    advice = f"retries with growing delays, a bounded number of times ({reason.solution})"
    return read_scenario({
        "name": str(reason.code),
        "title": f"every call is refused with {reason.code}, {reason.name.replace('_', ' ')}",
        "reproduces": f'Status code {reason.code}, "{message}", inside HTTP 200.',
        "source": of_reasons()[reason.name].source,
        "good_client": f"Reads base_resp.status_code, tells code and message, and "
                       f"{advice if reason.retryable else f'does not retry ({reason.solution})'}.",
        "rules": [{"when": {"endpoint": "generate"}, "fault": {"kind": "status_code", "code": reason.code}}],
    })  # fmt: skip
