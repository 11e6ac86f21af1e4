"""What recordings say: the third voice, when service and emulator differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import UNSET

from contract_tests.drift.answer import Answer
from contract_tests.drift.questions import Question
from contract_tests.exchanges.format import Exchange, compact, read
from contract_tests.targets.interface import CouldNotLookError

Recordings = Mapping[str, Sequence[Answer]]
"""By claim: the answers of recorded exchanges that bear on it."""
SEEN = ("recorded", "transcribed")
"""Of what the service itself said; what its documents show is their word, not the service's."""


def recordings(folder: Path) -> dict[str, list[Answer]]:
    """What the exchanges in `folder` say of each claim. Raises `FormatError`."""
    found: dict[str, list[Answer]] = {}
    for exchange in map(read, sorted(folder.glob("*.json"))):
        if exchange.provenance.kind in SEEN:
            for claim in exchange.claims:
                found.setdefault(claim, []).append(_answer(exchange))
    return found


def _answer(exchange: Exchange) -> Answer:
    said = exchange.response
    return Answer(said.status, said.headers, b"" if said.body is UNSET else compact(said.body))


def voices(asked: Question, recorded: Sequence[Answer]) -> list[Any]:
    """What each recording that shows it says. Two calls were never recorded together."""
    if len(asked.calls) != 1:
        return []
    said = []
    for answer in recorded:
        try:
            said.append(asked.observe(answer))
        except CouldNotLookError:
            continue
    return said
