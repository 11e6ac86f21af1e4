"""What recordings say: the third voice, when service and emulator differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contract_tests.drift.answer import Answer
from contract_tests.drift.questions import Question
from contract_tests.targets.interface import CouldNotLookError

Recordings = Mapping[str, Sequence[Answer]]
"""By claim: the answers of recorded exchanges that bear on it."""


def voice(asked: Question, recordings: Sequence[Answer]) -> Any:
    """What the first recording that shows it says; None when none does. Two calls were never recorded together."""
    if len(asked.calls) != 1:
        return None
    for answer in recordings:
        try:
            return asked.observe(answer)
        except CouldNotLookError:
            continue
    return None
