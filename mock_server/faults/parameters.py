"""The parameters of faults as people read them: in the documentation, in help texts, in forms."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import NODEFAULT, inspect, structs

from mock_server.strict import described


def parameter_rows(kind: Any) -> list[tuple[str, str, str, str]]:
    """Name, what it can be, default, and meaning of each parameter of a kind of fault."""
    return [
        (field.name, described(field.type), _default(field.default), _meaning(field.type))
        for field in structs.fields(kind)
    ]


def _default(value: Any) -> str:
    if value is NODEFAULT:
        return "required"
    return "" if value is None else msgspec.json.encode(value).decode()


def _meaning(kind: Any) -> str:
    found = inspect.type_info(kind)
    return (found.extra_json_schema or {}).get("description", "") if isinstance(found, inspect.Metadata) else ""
