"""Conditions on an exchange, in the one vocabulary of fault rules, journal queries and assertions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Protocol

from msgspec import Struct

from mock_server.core import models
from mock_server.core.endpoints import ENDPOINTS, FACES
from mock_server.core.reasons import REASONS
from mock_server.core.types import Injected
from mock_server.nearest import nearest
from mock_server.strict import InvalidError, Path


class Asked(Protocol):
    """What is known of a request as soon as it is read; None where it cannot be told."""

    @property
    def face(self) -> str: ...  # noqa: D102
    @property
    def endpoint(self) -> str: ...  # noqa: D102
    @property
    def model(self) -> str | None: ...  # noqa: D102
    @property
    def prompt(self) -> str | None: ...  # noqa: D102
    @property
    def n(self) -> int | None: ...  # noqa: D102


class Answered(Asked, Protocol):
    """What is known of an exchange in the journal."""

    @property
    def code(self) -> int | None: ...  # noqa: D102
    @property
    def status(self) -> int: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def faults(self) -> tuple[Injected, ...]: ...  # noqa: D102


class Field(Struct, frozen=True):
    """One thing that a condition can be about."""

    name: str
    about: str
    value: Callable[[Any], Any]
    number: bool = False
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    glob: bool = False
    of_answer: bool = False


_CODES = tuple(dict.fromkeys((0, *(reason.code for reason in REASONS.values()))))

_ROWS = (
    Field("face", "The wire dialect.", lambda item: item.face, words=tuple(FACES)),
    Field("endpoint", "What was called.", lambda item: item.endpoint, words=ENDPOINTS),
    Field("model", "The model asked for; of a download, the one that made the image.", lambda item: item.model,
          words=tuple(models.MODELS)),
    Field("prompt", "The prompt, as a pattern: * is any text, ? one character.", lambda item: item.prompt, glob=True),
    Field("n", "How many images were asked for.", lambda item: item.n, number=True, low=models.MIN_N,
          high=models.MAX_N),
    Field("status_code", "base_resp.status_code of the answer.", lambda item: item.code, number=True,
          words=tuple(map(str, _CODES)), of_answer=True),
    Field("status", "HTTP status of the answer; 0: none was sent.", lambda item: item.status, number=True, high=599,
          of_answer=True),
    Field("reason", "Why the call was refused.", lambda item: item.reason, glob=True, of_answer=True),
    Field("fault", "Name or kind of a fault that was put into the answer.",
          lambda item: tuple(word for fault in item.faults for word in (fault.label, fault.kind)), glob=True,
          of_answer=True),
)  # fmt: skip
FIELDS: dict[str, Field] = {row.name: row for row in _ROWS}
REQUEST_FIELDS = tuple(row.name for row in _ROWS if not row.of_answer)


class Matcher(Struct, frozen=True):
    """Conditions that must all hold."""

    conditions: tuple[tuple[str, Any], ...] = ()

    def matches(self, item: Asked) -> bool:
        """Whether every condition holds for `item`."""
        return all(_holds(FIELDS[name], wanted, item) for name, wanted in self.conditions)

    def differences(self, item: Asked) -> list[str]:
        """``prompt is 'a dog', not 'a cat*'`` for each condition that does not hold."""
        return [
            f"{name} is {FIELDS[name].value(item)!r}, not {wanted!r}"
            for name, wanted in self.conditions
            if not _holds(FIELDS[name], wanted, item)
        ]

    def get(self, name: str) -> Any:
        """What is wanted of that field; None when anything is."""
        return dict(self.conditions).get(name)

    def __str__(self) -> str:
        return " ".join(f"{name}={wanted!r}" for name, wanted in self.conditions)


def _holds(field: Field, wanted: Any, item: Asked) -> bool:
    value = field.value(item)
    if not field.glob:
        return bool(value == wanted)
    values = value if isinstance(value, tuple) else (value,)
    return any(text is not None and fnmatchcase(text, wanted) for text in values)


def matcher(given: Mapping[str, Any], *, answers: bool, path: Path = ()) -> Matcher:
    """The conditions in `given`; those on answers are for exchanges that are over.

    Raises `InvalidError` for an unknown field, and for a value that it cannot have.
    """
    valid = [name for name in FIELDS if answers or not FIELDS[name].of_answer]
    conditions = []
    for name, wanted in given.items():
        if name not in valid:
            raise InvalidError(f"unknown field {name!r}; {nearest(name, valid)}", path)
        conditions.append((name, _checked(FIELDS[name], wanted, (*path, name))))
    found = Matcher(tuple(conditions))
    face, endpoint = found.get("face"), found.get("endpoint")
    if face and endpoint and endpoint not in FACES[face]:
        raise InvalidError(f"face {face!r} has no endpoint {endpoint!r}; {nearest(endpoint, FACES[face])}", path)
    return found


def from_text(given: Mapping[str, str], path: Path = ()) -> Matcher:
    """Conditions from a query or a command line, where numbers are text."""
    typed = {
        name: int(text) if name in FIELDS and FIELDS[name].number and text.isdecimal() and len(text) < 10 else text
        for name, text in given.items()
    }
    return matcher(typed, answers=True, path=path)


def _checked(field: Field, wanted: Any, path: Path) -> Any:
    kind = int if field.number else str
    if not isinstance(wanted, kind) or isinstance(wanted, bool):
        raise InvalidError(f"must be {'a whole number' if field.number else 'text'}, got {wanted!r}", path)
    if field.words and str(wanted) not in field.words:
        raise InvalidError(f"cannot be {wanted!r}; {nearest(str(wanted), field.words)}", path)
    if field.number and not field.words and not field.low <= int(wanted) <= field.high:
        raise InvalidError(f"must be from {field.low} to {field.high}, got {wanted!r}", path)
    return wanted
