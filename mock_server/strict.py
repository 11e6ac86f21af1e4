"""Objects from outside (JSON, YAML, keyword arguments) into Structs; what is wrong is refused and explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from math import isfinite
from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, structs

from mock_server.nearest import nearest

T = TypeVar("T", bound=msgspec.Struct)
Path = tuple[str | int, ...]
Reader = Callable[[Any, Path], Any]


class InvalidError(ValueError):
    """A value that cannot be; ``path`` is where it stands, the message says what was given and what can be."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(f"{shown(path)}: {message}" if path else message)
        self.problem = message
        self.path = path


def shown(path: Path) -> str:
    """``("rules", 0, "fault")`` as ``rules[0].fault``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def an_object(given: Any, path: Path) -> Mapping[str, Any]:
    """`given` if it is an object with text keys. Raises `InvalidError`."""
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise InvalidError(f"must be an object, got {given!r}", path)
    return given


def read(kind: type[T], given: Any, path: Path = (), readers: Mapping[str, Reader] | None = None) -> T:
    """`given` as a `kind`; `readers` read the fields that no type describes.

    Raises `InvalidError` for an unknown or missing field, and for a value that its field cannot have.
    """
    fields = {field.encode_name: field for field in structs.fields(kind)}
    for name in an_object(given, path):
        if name not in fields:
            raise InvalidError(f"unknown field {name!r}; {nearest(name, fields) if fields else 'it takes none'}", path)
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in given:
            reader = (readers or {}).get(name)
            value = given[name]
            values[field.name] = reader(value, (*path, name)) if reader else value_of(field.type, value, (*path, name))
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            raise InvalidError(f"needs {name!r}", path)
    try:
        return kind(**values)
    except InvalidError:
        raise
    except ValueError as error:
        raise InvalidError(str(error), path) from None


def value_of(kind: Any, value: Any, path: Path) -> Any:
    """`value` as a field of type `kind` has it. Raises `InvalidError`."""
    finite = not isinstance(value, float) or isfinite(value)
    with suppress(msgspec.ValidationError):
        if finite:
            return msgspec.convert(value, kind, strict=True)
    raise InvalidError(_problem(kind, value), path)


def _problem(kind: Any, value: Any) -> str:
    words = _words(kind)
    if words:
        return f"cannot be {value!r}; {nearest(str(value), words)}"
    return f"must be {described(kind)}, got {value!r}"


def described(kind: Any) -> str:
    """What a field of type `kind` can be, in words."""
    words = _words(kind)
    return ", ".join(words) if words else " or ".join(_described(member) for member in _members(kind))


def _words(kind: Any) -> list[str]:
    return [str(word) for member in _members(kind) for word in getattr(member, "values", ())]


def _members(kind: Any) -> Iterator[Any]:
    """What a type can be, apart from null: in a file, "not given" is said by leaving it out."""
    from msgspec import inspect

    found = inspect.type_info(kind) if not isinstance(kind, inspect.Type) else kind
    while isinstance(found, inspect.Metadata):
        found = found.type
    if isinstance(found, inspect.UnionType):
        for member in found.types:
            yield from _members(member)
    elif not isinstance(found, inspect.NoneType):
        yield found


_NAMES = {
    "IntType": "a whole number", "FloatType": "a number", "StrType": "text", "BoolType": "true or false",
    "DictType": "an object", "AnyType": "any JSON",
}  # fmt: skip
_BOUNDS = (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"))


def _described(kind: Any) -> str:
    if hasattr(kind, "item_types"):
        return f"a list of {len(kind.item_types)}, each {_described(next(_members(kind.item_types[0])))}"
    if hasattr(kind, "item_type"):
        least = " (at least one)" if kind.min_length else ""
        return f"a list{least}, each item {_described(next(_members(kind.item_type)))}"
    name = _NAMES[type(kind).__name__]
    bounds = [f"{word} {bound:.10g}" for key, word in _BOUNDS if (bound := getattr(kind, key, None)) is not None]
    if getattr(kind, "multiple_of", None):
        bounds.append(f"a multiple of {kind.multiple_of}")
    lengths = [f"{word} {size} characters" for key, word in (("min_length", "at least"), ("max_length", "at most"))
               if (size := getattr(kind, key, None)) is not None]  # fmt: skip
    pattern = getattr(kind, "pattern", None)
    said = " and ".join(bounds or lengths)
    return name + (f" of {said}" if said else "") + (f" like {pattern}" if pattern else "")
