"""Binding a body to the wire model as the service does: what is missing, malformed or mistyped, in its words.

The service is written in Go; its messages are those of the Hertz binder and the sonic JSON decoder (recorded on a
sibling endpoint, errors-E400-malformed-json and -missing-messages of github.com/terrylica/cc-skills).
"""

from __future__ import annotations

import re

import msgspec

from mock_server.core.reasons import Refusal, refuse
from mock_server.faces.minimax.schema import ImageGenerationRequest

_decoder = msgspec.json.Decoder(ImageGenerationRequest)
_REQUIRED = ("model", "prompt")
_GO_TYPES = {"int": "int64", "str": "string", "bool": "bool", "float": "float64", "array": "slice", "object": "struct"}
_JSON_NAMES = {"int": "number", "float": "number", "str": "string"}

_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `\$\.?(.*)`)?")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `(\w+)`(?: - at `\$\.?(.*)`)?")
_PLACE = re.compile(r" - at `\$\.?(.*)`")
_LONE_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|"
    rb"(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)


def unknown_field(body: bytes) -> str | None:
    """The first field of a bound body that the wire model does not have."""
    known = ImageGenerationRequest.__struct_fields__
    return next((name for name in msgspec.json.decode(body, type=dict[str, msgspec.Raw]) if name not in known), None)


def bind(body: bytes, content_type: bytes) -> ImageGenerationRequest | Refusal:
    """The request in `body`, or the refusal that the service's binder would give.

    A body of another content type than JSON is not looked into, so that its first required field is missing (assumed
    from the binder's source). Like Go's decoder, invalid UTF-8 and lone surrogates become U+FFFD.
    """
    if not body or (content_type != b"application/json" and b"json" not in content_type.lower()):
        return _missing(_REQUIRED[0])
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        return _mistyped(body, str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        mended = _mend(body)
        if mended != body:
            return bind(mended, content_type)
        return refuse("invalid_params", "syntax", problem=_quoted(_syntax_error(body, error)))


def _mend(body: bytes) -> bytes:
    """`body` with U+FFFD for what cannot be text, as https://pkg.go.dev/encoding/json#Unmarshal does it."""
    text = body.decode("utf-8", "replace").encode()
    return _LONE_SURROGATE.sub(rb"\1\\ufffd", text) if b"\\u" in text else text


def _missing(field: str) -> Refusal:
    return refuse("invalid_params", "missing_parameter", field=field)


def _mistyped(body: bytes, error: str) -> Refusal:
    match = _MISSING.match(error)
    if match:
        return _missing(f"{match[2]}.{match[1]}" if match[2] else match[1])
    match = _EXPECTED.match(error)
    place = _PLACE.search(error)
    path = place[1] if place else ""
    expected, got = (match[1].removesuffix(" | null"), match[2]) if match else ("int", "int")
    if got == "null" and path in _REQUIRED:
        return _missing(path)
    wanted = _GO_TYPES.get(expected, expected)
    found = _JSON_NAMES.get(got, got)
    described = _quoted(_at(body, _position(body, path), "mismatched type with value"))
    problem = _quoted(f"Mismatch type {wanted} with value {found} {described}")
    return refuse("invalid_params", "type_mismatch", problem=problem)


def _position(body: bytes, path: str) -> int:
    """Where the value at a path such as ``subject_reference[...].type`` begins: its names are found from the left."""
    position = 0
    for name in re.findall(r"[A-Za-z_]+", path):
        match = re.compile(rb'"%s"\s*:\s*' % name.encode()).search(body, position)
        position = match.end() if match else position
    return position


def _syntax_error(body: bytes, error: Exception) -> str:
    where = re.search(r"\(byte (\d+)\)", str(error))
    behind = "trailing characters" in str(error)  # msgspec names the byte after the first of them
    return f"Syntax error {_at(body, int(where[1]) - behind, 'invalid char') if where else _at(body, len(body), 'eof')}"


def _at(body: bytes, position: int, problem: str) -> str:
    """The decoder's picture of a position: the text around it, and a caret below."""
    size, left, right, caret = len(body), 0, len(body), 0
    if position < size:
        left, right = max(position - 16, 0), min(max(position + 16, 32), size)
        left = max(min(left, right - 32), 0)
        caret = position - left
    dots = "." * caret, "." * max(right - left - caret - 1, 0) if position < size else ""
    text = body[left:right].decode("utf-8", "replace")
    return f"at index {position}: {problem}\n\n\t{text}\n\t{dots[0]}^{dots[1]}\n"


def _quoted(text: str) -> str:
    """`text` as Go's ``%q`` prints it (recorded: the message holds a quoted string with escapes)."""
    return msgspec.json.encode(text).decode()
