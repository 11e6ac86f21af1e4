"""A request that the service's binder cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from mock_server.core.reasons import Refusal
from mock_server.faces.minimax.schema import ImageGenerationRequest
from mock_server.journal import Exchange
from mock_server.judge.bodies import bound, bound_gateway, content_type, kept_body
from mock_server.judge.rule import DOCUMENTATION, Hit, Rule, Tally, quoted
from mock_server.judge.traffic import Traffic

RECORDINGS = "https://github.com/terrylica/cc-skills (plugins/minimax/references), errors-E400-*"
_EXPECTED = re.compile(r"Expected `(\w+)[^`]*`, got `(\w+)`(?: - at `\$\.?(.*)`)?")
_JSON_TYPES = {"int": "an integer", "str": "a string", "bool": "a boolean", "array": "a list", "float": "a number",
               "object": "an object", "null": "null"}  # fmt: skip


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each way in which requests were wrong."""
    tally = Tally()
    for attempt in traffic.to("generate"):
        result = bound(attempt.exchange)
        if isinstance(result, Refusal):
            tally.add(_described(attempt.exchange, result), attempt.exchange.id)
        told = bound_gateway(attempt.exchange)
        if isinstance(told, Refusal):
            tally.add(_described_by_gateway(attempt.exchange, told), attempt.exchange.id)
    return tally.hits("request", "requests")


def _described(exchange: Exchange, refusal: Refusal) -> str:
    if not exchange.request_body:
        return "had no body"
    given = content_type(exchange)
    if b"json" not in given.lower():
        named = f"Content-Type {quoted(given.decode('latin-1'))}" if given else "no Content-Type"
        return f"had {named}, so that the body is not looked into: it must be application/json"
    if refusal.detail == "missing_parameter":
        return _missing(exchange, str(dict(refusal.values)["field"]))
    if refusal.detail == "syntax":
        return "had a body that is not JSON"
    return _mistyped(exchange)


def _described_by_gateway(exchange: Exchange, refusal: Refusal) -> str:
    if not exchange.request_body:
        return "had no body"
    values = dict(refusal.values)
    if refusal.detail == "missing_parameter":
        return f"lacked {values['field']}, which is required"
    if refusal.detail == "type_mismatch":
        return f"had {values['field']} of a wrong type: {values['problem']}"
    return "had a body that is not JSON"


def _missing(exchange: Exchange, field: str) -> str:
    if field.endswith("image_file") and b'"image_url"' in exchange.request_body:
        return "had image_url in subject_reference, in place of image_file"
    return f"lacked {field}, which is required"


def _mistyped(exchange: Exchange) -> str:
    """The first field of the wrong type; the binder's own words are hard to read."""
    try:
        msgspec.json.decode(kept_body(exchange), type=ImageGenerationRequest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        match = _EXPECTED.match(str(error))
        if match:
            expected, got = (_JSON_TYPES.get(name, name) for name in match.groups()[:2])
            return f"had {got} as {match[3] or 'the whole body'}, which must be {expected}"
        return f"had a value that cannot be bound: {error}"
    return "had text that is not valid UTF-8"


RULE = Rule(
    name="wrong-shape",
    level="MUST",
    summary="A request could not be read: wrong types, missing fields, no JSON.",
    explanation=(
        "The request does not fit the documented schema: a field has the wrong type (a number sent as a string, "
        "`subject_reference` that is no list of objects with `type` and `image_file`), a required field is missing, "
        "the body is not JSON, or the Content-Type says so. The live service answers 2013 with the words of its "
        "binder (`invalid params, binding: ...`) before it looks at anything else. Build the body from the "
        "documented types and send it as application/json."
    ),
    source=f"{DOCUMENTATION}; recorded: {RECORDINGS}",
    check=check,
)
