"""One module for each kind of fault. Importing this package finds them all: to add a kind, add a file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from msgspec import Struct

from mock_server.faults.stages import STAGES, Fault


def _declared() -> Iterator[type[Fault]]:
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Struct) and value.__module__ == module.__name__:
                yield cast("type[Fault]", value)


_STAGES = list(STAGES)
KINDS: dict[str, type[Fault]] = {
    item.kind: item for item in sorted(_declared(), key=lambda item: (_STAGES.index(item.stage), item.kind))
}
"""Every kind by its name, in the order of the stages."""


def about(kind: type[Fault]) -> str:
    """What a kind does, in one paragraph."""
    return " ".join((kind.__doc__ or "").split())
