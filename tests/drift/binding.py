"""From the bytes of a body to its fields: syntax, types, required parameters, in the words of a sonic decoder."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from json.decoder import scanstring
from typing import Any

from tests.drift.deviations import Ways
from tests.drift.refusal import invalid

Shape = str | dict[str, Any] | list[Any]
Path = tuple[str | int, ...]

SHAPE: dict[str, Shape] = {
    "model": "string",
    "prompt": "string",
    "aspect_ratio": "string",
    "response_format": "string",
    "n": "int64",
    "width": "int64",
    "height": "int64",
    "seed": "int64",
    "prompt_optimizer": "bool",
    "aigc_watermark": "bool",
    "style": {"style_type": "string", "style_weight": "float64"},
    "subject_reference": [{"type": "string", "image_file": "string"}],
}
NAMES = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number", type(None): "null"}
FITS = {"string": (str,), "int64": (int,), "float64": (int, float), "bool": (bool,)}


def bind(body: bytes, ways: Ways) -> dict[str, Any]:
    """The fields of a body. Raises RefusedError as `typed` and `require` do."""
    return require(typed(body, ways), ways)


def typed(body: bytes, ways: Ways) -> dict[str, Any]:
    """The fields of a body, those that are null left out; a body of no bytes has none.

    Raises RefusedError (tier binding) for what is not JSON or has a wrong type.
    """
    if not body:
        value, text = {}, "{}"
    else:
        value, text = decode(body, ways), body.decode()
    for path, expected, found in mismatches(value, SHAPE, ()):
        raise invalid(ways, "binding", "type_mismatch", problem=mismatch(text, path, expected, found))
    if ways("null-is-a-value") and None in value.values():
        raise invalid(ways, "binding", "type_mismatch", problem="null")
    return without_null(value)


def require(fields: dict[str, Any], ways: Ways) -> dict[str, Any]:
    """The same fields. Raises RefusedError (tier binding) when a required parameter is missing."""
    if "prompt" in fields and ways("model-optional"):
        fields.setdefault("model", "image-01")
    if fields.get("model") == "image-01" and ways("prompt-optional"):
        fields.setdefault("prompt", "anything")
    for missing in missing_parameters(fields):
        raise invalid(ways, "binding", "missing_parameter", field=missing)
    return fields


def decode(body: bytes, ways: Ways) -> Any:
    """The JSON value of a body."""
    try:
        return json.loads(body.decode(), parse_constant=float_constant)
    except UnicodeDecodeError as error:
        at, what = error.start, "invalid char"
    except json.JSONDecodeError as error:
        at = len(error.doc[: error.pos].encode())
        if error.msg.startswith("Unterminated string"):
            at = len(body)
        elif error.msg.startswith("Illegal trailing comma"):
            at += len(body[at + 1 :]) - len(body[at + 1 :].lstrip()) + 1
        what = "eof" if at >= len(body) else "invalid char"
    except (ValueError, RecursionError):
        at, what = 0, "invalid char"
    raise invalid(ways, "binding", "syntax", problem=quoted(f"Syntax error at index {at}: {what}{snippet(body, at)}"))


def float_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def mismatches(value: Any, shape: Shape, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Where a value is not of the type that the shape asks for: path, type expected, JSON type found."""
    if value is None and path:
        return
    found = NAMES[type(value)]
    if isinstance(shape, str):
        if not fits(value, shape):
            yield path, shape, found
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield path, "slice", found
        else:
            for index, item in enumerate(value):
                yield from mismatches(item, shape[0], (*path, index))
    elif not isinstance(value, dict):
        yield path, "struct", found
    else:
        for name, item in value.items():
            if name in shape:
                yield from mismatches(item, shape[name], (*path, name))


def fits(value: Any, shape: str) -> bool:
    if isinstance(value, bool):
        return shape == "bool"
    return isinstance(value, FITS[shape]) and not (shape == "int64" and not -(2**63) <= value < 2**63)


def without_null(value: Any) -> Any:
    """The same without what is null: to the decoder that is as good as absent."""
    if isinstance(value, dict):
        return {name: without_null(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_null(item) for item in value if item is not None]
    return value


def missing_parameters(fields: dict[str, Any]) -> Iterator[str]:
    """The paths of required parameters that are not there, model first."""
    yield from (name for name in ("model", "prompt") if name not in fields)
    if "style" in fields and "style_type" not in fields["style"]:
        yield "style.style_type"
    for index, reference in enumerate(fields.get("subject_reference", [])):
        yield from (f"subject_reference[{index}].{name}" for name in ("type", "image_file") if name not in reference)


def mismatch(text: str, path: Path, expected: str, found: str) -> str:
    at = len(text[: place(text, path)].encode())
    inner = quoted(f"at index {at}: mismatched type with value{snippet(text.encode(), at)}")
    return quoted(f"Mismatch type {expected} with value {found} {inner}")


def place(text: str, path: Path) -> int:
    """The index at which the value of a path begins in valid JSON text."""
    decoder, at = json.JSONDecoder(), past_space(text, 0)
    for step in path:
        at = past_space(text, at + 1)
        for count in itertools.count():
            key: str | int = count
            if isinstance(step, str):
                key, at = scanstring(text, at + 1)
                at = past_space(text, past_space(text, at) + 1)
            if key == step:
                break
            _, at = decoder.raw_decode(text, at)
            at = past_space(text, past_space(text, at) + 1)
    return at


def past_space(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip(" \t\r\n"))


def snippet(body: bytes, at: int) -> str:
    """Up to 32 bytes around a position and a line that points at it, as sonic prints them."""
    left, right, before, after = 0, len(body), 0, 0
    if at < len(body):
        left, right = max(0, at - 16), min(len(body), max(at + 16, 32))
        short = max(at + 16, 32) - right
        left -= short if left > short else 0
        before, after = at - left, max(0, right - at - 1)
    shown = body[left:right].decode(errors="replace")
    return f"\n\n\t{shown}\n\t{'.' * before}^{'.' * after}\n"


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
