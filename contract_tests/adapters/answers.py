"""What an adapter says of its client, checked: a wrong adapter must never look like a wrong client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contract_tests.adapters.interface import CATEGORIES, FIELDS, SETTINGS, AdapterError, Description
from mock_server.nearest import nearest

DESCRIPTION_KEYS = ("code", "category", "message", "retryable")
_SHOWN = 100


def shown(value: object) -> str:
    """`value` as an error message shows it, cut short."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def refuse_unknown(given: Iterable[object], valid: Iterable[str], where: str) -> None:
    """Raise `AdapterError` for the first word that is not valid."""
    valid = tuple(valid)
    for word in given:
        if word not in valid:
            msg = f"{where}: unknown {word!r}; {nearest(str(word), valid)}"
            raise AdapterError(msg)


def object_of(value: object, where: str) -> Mapping[str, Any]:
    """`value`, if it is an object. Raises `AdapterError`."""
    if not isinstance(value, Mapping):
        msg = f"{where} must be an object, got {shown(value)}"
        raise AdapterError(msg)
    return value


def text_of(value: object, where: str) -> str | None:
    """`value`, if it is a text or nothing. Raises `AdapterError`."""
    if value is not None and not isinstance(value, str):
        msg = f"{where} must be a text, got {shown(value)}"
        raise AdapterError(msg)
    return value


def flag_of(value: object, where: str) -> bool | None:
    """`value`, if it is true, false or nothing. Raises `AdapterError`."""
    if value is not None and not isinstance(value, bool):
        msg = f"{where} must be true, false or nothing, got {shown(value)}"
        raise AdapterError(msg)
    return value


def fields_of(value: object, where: str) -> frozenset[str]:
    """What a client cannot be told, if `value` is a set or list of fields and settings. Raises `AdapterError`."""
    if not isinstance(value, set | frozenset | list | tuple):
        msg = f"{where} must be a set or a list of fields, got {shown(value)}"
        raise AdapterError(msg)
    refuse_unknown(sorted(value, key=str), (*FIELDS, *SETTINGS), where)
    return frozenset(value)


def missing_of(value: object, where: str) -> int | None:
    """How many images a client says are missing. Raises `AdapterError`."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        msg = f"{where} must be a whole number of at least 0, or nothing, got {shown(value)}"
        raise AdapterError(msg)
    return value


def description_of(value: object, where: str) -> Description:
    """What a client says of an error; nothing is said by None. Raises `AdapterError`."""
    if value is None:
        return Description()
    said = object_of(value, where)
    refuse_unknown(said, DESCRIPTION_KEYS, where)
    code, category = said.get("code"), text_of(said.get("category"), f"{where}: category")
    if code is not None and (not isinstance(code, int) or isinstance(code, bool)):
        msg = f"{where}: code must be a whole number or nothing, got {shown(code)}"
        raise AdapterError(msg)
    if category is not None:
        refuse_unknown([category], CATEGORIES, f"{where}: category")
    message = text_of(said.get("message"), f"{where}: message")
    return Description(code, category, message or "", flag_of(said.get("retryable"), f"{where}: retryable"))
