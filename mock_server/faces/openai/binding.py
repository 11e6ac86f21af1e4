"""Reading a body of this face: JSON, or a form, into its wire model."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any

import msgspec

from mock_server.core.reasons import Refusal, refuse
from mock_server.faces.openai import forms
from mock_server.faces.openai.schema import ImagesRequest

EDIT_MAX_BYTES = 25 * 1024 * 1024
"""Of one image to edit (AIgateway, OpenAPI document: "Image exceeds 25 MB")."""
_decoder = msgspec.json.Decoder(ImagesRequest)
_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `\$\.?(.*)`)?")
_PLACE = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?$", re.DOTALL)
_MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_IMAGES = frozenset({"image", "image[]"})


def bind(body: bytes) -> ImagesRequest | Refusal:
    """The request in a JSON body, whatever its Content-Type says, or why there is none."""
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        return _mistyped(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        mended = _mended(body)
        return refuse("invalid_params", "syntax", problem=str(error)) if mended is None else bind(mended)


def bind_form(body: bytes, headers: dict[bytes, bytes]) -> ImagesRequest | Refusal:
    """The request in a form: texts are read as what they stand for, images become data URLs."""
    fields: dict[str, Any] = {}
    images: list[str] = []
    try:
        found = forms.parts(body, headers)
    except forms.FormError as error:
        return refuse("invalid_params", "form", problem=str(error))
    for part in found:
        if len(part.data) > EDIT_MAX_BYTES:
            return refuse("invalid_params", "image_over_25_mb")
        value = part.data.decode("utf-8", "replace") if part.filename is None else _data_url(part)
        if part.name in _IMAGES:
            images.append(value)
        else:
            fields[part.name] = value
    if images:
        fields["image"] = images
    try:
        return msgspec.convert(fields, ImagesRequest, strict=False)
    except msgspec.ValidationError as error:
        return _mistyped(str(error))


def names(body: bytes, headers: dict[bytes, bytes]) -> list[str]:
    """The fields of a body that binds."""
    if forms.is_form(headers):
        return [part.name.removesuffix("[]") for part in forms.parts(body, headers)]
    return list(msgspec.json.decode(_mended(body) or body, type=dict[str, msgspec.Raw]))


def _data_url(part: forms.Part) -> str:
    known = next((kind for magic, kind in _MAGIC.items() if part.data.startswith(magic)), None)
    given = part.content_type.partition(";")[0].strip().lower()
    kind = given if given.startswith("image/") else known or "application/octet-stream"
    return f"data:{kind};base64,{b64encode(part.data).decode()}"


def _mended(body: bytes) -> bytes | None:
    """`body` with U+FFFD for what cannot be text, as JavaScript reads it; None where that does not make it readable."""
    if b"\\u" not in body and body.decode("utf-8", "replace").encode() == body:
        return None
    try:
        content = json.loads(body.decode("utf-8", "replace"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    text = json.dumps(content, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    mended = text.encode()
    return None if mended == body else mended


def _no_number(word: str) -> None:
    """``NaN`` and the like, which Python's reader takes and JSON does not have."""
    raise ValueError(word)


def _mistyped(error: str) -> Refusal:
    missing = _MISSING.match(error)
    if missing:
        field = f"{missing[2]}.{missing[1]}" if missing[2] else missing[1]
        return refuse("invalid_params", "missing_parameter", field=field)
    match = _PLACE.match(error)
    problem, field = (match[1], match[2] or "body") if match else (error, "body")
    return refuse("invalid_params", "type_mismatch", field=field, problem=problem.replace("`", ""))
