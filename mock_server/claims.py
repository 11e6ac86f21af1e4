"""Claims: what is known of the live service, one sentence each, from ``fixtures/claims.toml``.

A claim says how the service behaves, who says so and since when, how sure that is, what it costs to look, which answer
of a profile it is, and which tests rest on it. Evidence stands there and nowhere else.

Grades: ``recorded`` (a public recording of the live service), ``documented`` (its own documentation), ``assumed``
(inference, or third parties agree), ``conflicting`` (sources contradict each other).
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct, ValidationError, convert

from mock_server.fixture_files import fixtures
from mock_server.grade import Grade
from mock_server.strict import InvalidError, read
from mock_server.strict import Path as Place

Face = Literal["minimax", "fal", "openai"]
Cost = Literal["free", "1 image", "2 images", "9 images", "not on demand"]

FACES: tuple[Face, ...] = get_args(Face)
GRADES: tuple[Grade, ...] = get_args(Grade)
COSTS: tuple[Cost, ...] = get_args(Cost)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence on how the live service behaves.

    ``date`` is when the source says that it was seen, else when it was collected. ``cost`` is what deciding it anew
    takes of the live service. ``switch`` is the field of a profile that answers otherwise; ``reasons`` and ``wordings``
    are the rows of ``core/reasons.py`` and ``faces/minimax/errors.py`` that it is about. ``tests`` are
    ``path::function`` in the repository.
    """

    id: str
    says: str
    face: Face
    grade: Grade
    source: str
    date: date
    cost: Cost
    tests: Annotated[tuple[str, ...], Meta(min_length=1)]
    switch: str = ""
    reasons: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()


def claims(file: Path | None = None) -> dict[str, Claim]:
    """Every claim by its id, in the order of the file.

    Raises `InvalidError`, with the claim's id and the nearest valid word, when the file holds what cannot be.
    """
    file = file or fixtures() / "claims.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidError(f"{file.name} is not valid TOML: {error}") from None
    return {name: _claim(name, table) for name, table in tables.items()}


def of_switches() -> dict[str, Claim]:
    """Field of a profile → the claim that it answers."""
    return {claim.switch: claim for claim in claims().values() if claim.switch}


def of_reasons() -> dict[str, Claim]:
    """Name of a reason → the claim about it."""
    return {name: claim for claim in claims().values() for name in claim.reasons}


def of_wordings() -> dict[str, Claim]:
    """Broken rule of ``invalid_params`` → the claim about its wording."""
    return {name: claim for claim in claims().values() for name in claim.wordings}


def evidence(claim: Claim | None) -> dict[str, str | None]:
    """What lists show of a claim: its grade, source and id. Without a claim, it is no live service that says so."""
    if claim is None:
        return {"grade": "assumed", "source": "the emulator's own, never live", "claim": None}
    return {"grade": claim.grade, "source": claim.source, "claim": claim.id}


def _claim(name: str, table: Any) -> Claim:
    if not _ID.fullmatch(name):
        raise InvalidError("an id is lower-case words joined by hyphens, such as 'prompt-limit'", (name,))
    if not isinstance(table, dict):
        raise InvalidError(f"must be a table, got {table!r}", (name,))
    if "id" in table:
        raise InvalidError("the id is the table's name, not a field", (name,))
    with suppress(ValidationError):  # the quick way; the other one says what is wrong
        return convert({"id": name} | table, Claim, builtin_types=(date,))
    return read(Claim, {"id": name} | table, (name,), {"date": _date})


def _date(value: Any, place: Place) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise InvalidError(f"must be a date such as 2026-11-21, without quotes, got {value!r}", place)
