"""JSON Schemas of rules and scenarios, made from the declarations that read them."""

from __future__ import annotations

from typing import Any

import msgspec

from mock_server.core.matching import FIELDS, REQUEST_FIELDS, Field
from mock_server.faults.kinds import KINDS, about
from mock_server.faults.rule import SEQUENCE_FIELDS, Rule
from mock_server.faults.scenario import Scenario

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rule_schema() -> dict[str, Any]:
    """The schema of one rule, as served at ``/_mock/schema/faults``."""
    schema, kinds = _rule()
    return {"$schema": _DIALECT, "title": "Fault rule", **schema, "$defs": kinds}


def scenario_schema() -> dict[str, Any]:
    """The schema of a scenario, as served at ``/_mock/schema/scenario``."""
    rule, kinds = _rule()
    schema = _properties(Scenario)
    schema["properties"]["rules"] = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    schema["anyOf"] = [{"required": ["rules"]}, {"required": ["account"]}]
    return {"$schema": _DIALECT, "title": "Scenario", **schema, "$defs": {"rule": rule, **kinds}}


def _rule() -> tuple[dict[str, Any], dict[str, Any]]:
    schema = _properties(Rule)
    schema["properties"]["when"] = _when()
    schema["properties"]["fault"] = {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS]}
    return schema, {kind: _kind(kind) for kind in KINDS}


def _properties(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The object schema of a Struct in which nothing else may stand; null is said by leaving a field out."""
    fields = msgspec.structs.fields(struct)
    properties = {field.name: _of(field.type) for field in fields if field.name not in {"when", "fault", "rules"}}
    required = [field.name for field in fields if field.required]
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": required} if required else {})


def _of(kind: Any) -> dict[str, Any]:
    schema = msgspec.json.schema(kind)
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        schema = {name: value for name, value in schema.items() if name != "anyOf"} | options[0]
    if "enum" in schema:
        schema["enum"] = [word for word in schema["enum"] if word is not None]
    return schema


def _kind(name: str) -> dict[str, Any]:
    schema = _properties(KINDS[name])  # type: ignore[arg-type]
    schema["properties"] = {"kind": {"const": name}} | schema["properties"]
    return {"description": about(KINDS[name])} | schema | {"required": ["kind", *schema.get("required", [])]}


def _when() -> dict[str, Any]:
    properties = {name: _condition(FIELDS[name]) for name in REQUEST_FIELDS}
    properties |= {name: {"description": text, **_of(kind)} for name, (kind, text) in SEQUENCE_FIELDS.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _condition(field: Field) -> dict[str, Any]:
    if field.words:
        return {"description": field.about, "enum": list(field.words)}
    if field.number:
        return {"description": field.about, "type": "integer", "minimum": field.low, "maximum": field.high}
    return {"description": field.about, "type": "string"}
