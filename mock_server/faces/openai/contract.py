"""The OpenAPI 3.1 document of this face, made from its wire model."""

from __future__ import annotations

from typing import Any

import msgspec

from mock_server import __version__
from mock_server.faces.openai.catalogue import OFFERS
from mock_server.faces.openai.errors import PAGE
from mock_server.faces.openai.schema import (
    Balance,
    ErrorBody,
    ImagesRequest,
    ImagesResponse,
    ModelCard,
    ModelList,
    ModelSchema,
)

_REF = "#/components/schemas/{name}"
_TYPES = [ImagesRequest, ImagesResponse, ErrorBody, ModelCard, ModelList, ModelSchema, Balance]
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "enum": [o.id for o in OFFERS]}}
_REQUEST_ID = {"x-request-id": {"required": True, "schema": {"type": "string"}}}
_ERRORS = {
    "400": "A parameter that is wrong, or content safety.",
    "401": "No key, or a wrong one.",
    "402": "The wallet is empty.",
    "403": "Not allowed to this account.",
    "404": "Unknown model or endpoint.",
    "405": "Another method.",
    "413": "An image over 25 MB, or a body over 32 MiB.",
    "429": "Over the limit: see Retry-After.",
    "500": "The upstream provider failed.",
    "503": "The upstream provider is saturated.",
}


def _documented(field: dict[str, Any]) -> dict[str, Any]:
    """A field as documented: ``null`` for "not given" is taken, but nowhere promised."""
    kinds = [kind for kind in field.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        return dict(kinds[0])
    return {**field, "anyOf": kinds} if kinds else field


def _schemas() -> dict[str, Any]:
    _, components = msgspec.json.schema_components(_TYPES, ref_template=_REF)
    request = components["ImagesRequest"]
    request["properties"] = {name: _documented(field) for name, field in request["properties"].items()}
    return components


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(name=name)}}}


def _operation(name: str, summary: str, answer: str, **more: Any) -> dict[str, Any]:
    errors = {
        status: {"description": text, "headers": _REQUEST_ID, "content": _json("ErrorBody")}
        for status, text in _ERRORS.items()
    }
    good = {"description": summary, "headers": _REQUEST_ID, "content": _json(answer)}
    return {"operationId": name, "summary": summary, "responses": {"200": good} | errors, **more}


def _generation(name: str, summary: str, *media_types: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": _REF.format(name="ImagesRequest")}}
    body = {"required": True, "content": dict.fromkeys(media_types, schema)}
    return {"post": _operation(name, summary, "ImagesResponse", requestBody=body)}


def document() -> dict[str, Any]:
    """The document, as served at ``/_mock/contract/openai.json``."""
    one = {"parameters": [_ID]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "MiniMax's image model behind an OpenAI-compatible gateway, as minimax-mock answers it",
            "version": __version__,
            "description": f"Errors: {PAGE}.",
        },
        "servers": [{"url": "/openai"}],
        "paths": {
            "/v1/images/generations": _generation("generations", "Generate images", "application/json"),
            "/v1/images/edits": _generation(
                "edits", "Generate images from a subject image", "application/json", "multipart/form-data"
            ),
            "/v1/models": {"get": _operation("models", "The models", "ModelList")},
            "/v1/models/{id}": {"get": _operation("model", "One model", "ModelCard", **one)},
            "/v1/models/{id}/schema": {"get": _operation("schema", "What a model takes", "ModelSchema", **one)},
            "/v1/balance": {"get": _operation("balance", "What is left", "Balance")},
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearerAuth": []}],
    }


def model_schema(model: str) -> ModelSchema:
    """What a model takes and gives, each with the definitions it needs."""
    schemas = _schemas()
    shared = {"$defs": {name: schemas[name] for name in ("Style", "SubjectReference", "Image")}}
    text = msgspec.json.encode([schemas["ImagesRequest"] | shared, schemas["ImagesResponse"] | shared])
    taken, given = msgspec.json.decode(text.replace(b"#/components/schemas/", b"#/$defs/"))
    return ModelSchema(model, "model.schema", "/v1/images/generations", taken, given)
