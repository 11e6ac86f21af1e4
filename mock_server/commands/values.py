"""``NAME=VALUE`` and lengths of time, as they are typed on a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import click
import msgspec
from msgspec import inspect

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+")


def pairs(given: Iterable[str], what: str) -> dict[str, str]:
    """``("a=1", "b=2")`` by name. Raises `UsageError` for anything else; `what` is how the error calls a pair."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{what} is given as NAME=VALUE, got {text!r}")
        if name in found:
            raise click.UsageError(f"{what} {name!r} is given twice")
        found[name] = value
    return found


def typed(given: Mapping[str, str], types: Mapping[str, Any]) -> dict[str, Any]:
    """Each value as its declared type asks: text stays text, a list may be typed without brackets, the rest is JSON.

    What is no JSON, and what nobody declared, stays text: the server says what is wrong with it.
    """
    return {name: _value(types.get(name, Any), text) for name, text in given.items()}


def _value(kind: Any, text: str) -> Any:
    kinds = _kinds(kind)
    if text == "null" and "None" in kinds and "=null" not in kinds:
        return None
    if "Str" in kinds:
        return text
    if kinds & {"List", "Tuple", "VarTuple"} and not text.startswith("["):
        return _json(f"[{text}]", text)
    return _json(text, text)


def _json(text: str, otherwise: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return otherwise


def _kinds(kind: Any) -> set[str]:
    """What a type can be, as the beginnings of the names of msgspec's types; words count as text."""
    found = inspect.type_info(kind) if not isinstance(kind, inspect.Type) else kind
    while isinstance(found, inspect.Metadata):
        found = found.type
    if isinstance(found, inspect.UnionType):
        return set().union(*map(_kinds, found.types))
    if isinstance(found, inspect.LiteralType):
        return {f"={value}" for value in found.values} | {type(value).__name__.title() for value in found.values}
    return {type(found).__name__.removesuffix("Type")}


def seconds(text: str) -> float:
    """``30``, ``90s``, ``15m``, ``24h``, ``1d`` or ``1h30m`` in seconds. Raises `UsageError`."""
    if _SPAN.fullmatch(text):
        return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)([smhd])", text))
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    raise click.UsageError(f"a length of time is like 30, 90s, 15m, 24h, 1d or 1h30m, got {text!r}")


def span(length: float) -> str:
    """A length of time as people say it: ``1d 2h``."""
    rest = round(length)
    parts = []
    for unit, size in reversed(_UNITS.items()):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
