"""The OpenAPI 3.1 document of this face, made from its wire model."""

from __future__ import annotations

from typing import Any

import msgspec

from mock_server import __version__
from mock_server.faces.minimax.schema import ANSWERS, ImageGenerationRequest

_REF = "#/components/schemas/{name}"
_ERROR_TEXT = {"description": "Not this endpoint.", "content": {"text/plain": {"schema": {"type": "string"}}}}


def _documented(field: dict[str, Any]) -> dict[str, Any]:
    """A field as documented: the service takes ``null`` for "not given", but nowhere promises it."""
    kinds = [kind for kind in field.get("anyOf", []) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else field


def document() -> dict[str, Any]:
    """The document, as served at ``/_mock/contract/minimax.json``."""
    (request, *answers), components = msgspec.json.schema_components(
        [ImageGenerationRequest, *ANSWERS], ref_template=_REF
    )
    request_schema = components["ImageGenerationRequest"]
    request_schema["properties"] = {name: _documented(field) for name, field in request_schema["properties"].items()}
    # Both sides or neither: what a type cannot say (documented: "must be set together").
    request_schema["dependentRequired"] = {"width": ["height"], "height": ["width"]}
    responses = {
        "200": {
            "description": "Success and business errors alike: see base_resp.status_code.",
            "headers": {
                name: {"schema": {"type": "string"}} for name in ("Trace-Id", "Minimax-Request-Id", "alb_request_id")
            },
            "content": {"application/json": {"schema": {"anyOf": answers}}},
        },
        "404": _ERROR_TEXT,
        "413": {"description": "Body over 32 MiB.", "content": {"text/html": {"schema": {"type": "string"}}}},
    }
    operation = {
        "operationId": "image_generation",
        "summary": "Generate images from text, and from a reference image",
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": responses,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "MiniMax image generation, as minimax-mock answers it", "version": __version__},
        "paths": {"/v1/image_generation": {"post": operation}},
        "components": {
            "schemas": components,
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearerAuth": []}],
    }
