"""The OpenAPI document that fal publishes for an endpoint, made from its models.

Form: a stored copy of ``https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=...`` of another endpoint, which the
same generator wrote.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from mock_server.faces.fal.schema import APPS, OWNER_ALIAS, App

_REF = "#/components/schemas/{model}"
_STATUS = {
    "type": "object",
    "required": ["status", "request_id"],
    "properties": {
        "status": {"type": "string", "enum": ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]},
        "request_id": {"type": "string", "description": "The request id."},
        "response_url": {"type": "string", "description": "The response url."},
        "status_url": {"type": "string", "description": "The status url."},
        "cancel_url": {"type": "string", "description": "The cancel url."},
        "logs": {"type": ["array", "null"], "description": "The logs.", "items": {"type": "object"}},
        "metrics": {"type": "object", "description": "The metrics."},
        "queue_position": {"type": "integer", "description": "The queue position."},
    },
}


def document(app: App) -> dict[str, Any]:
    """The document of one endpoint."""
    _, definitions = models_json_schema([(app.input, "validation"), (app.output, "serialization")], ref_template=_REF)
    schemas = {
        f"{app.name}{name.removeprefix(app.name)}" if name != "File" else name: schema
        for name, schema in definitions["$defs"].items()
    }
    schemas["QueueStatus"] = _STATUS
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Queue OpenAPI for {app.id}",
            "version": "1.0.0",
            "description": f"The OpenAPI schema for the {app.id} queue.",
            "x-fal-metadata": {
                "endpointId": app.id,
                "category": app.category,
                "playgroundUrl": f"https://fal.ai/models/{app.id}",
                "documentationUrl": f"https://fal.ai/models/{app.id}/api",
            },
        },
        "components": {
            "securitySchemes": {
                "apiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Fal Key"}
            },
            "schemas": schemas,
        },
        "servers": [{"url": "https://queue.fal.run"}],
        "security": [{"apiKeyAuth": []}],
        "paths": _paths(app),
    }


def _paths(app: App) -> dict[str, Any]:
    number = {"name": "request_id", "in": "path", "required": True, "schema": {"type": "string"}}
    logs = {"name": "logs", "in": "query", "required": False, "schema": {"type": "number"}}
    body = {"required": True, "content": _json(f"{app.name}Input")}
    requests = f"/{OWNER_ALIAS}/requests/{{request_id}}"
    cancelled = {"type": "object", "properties": {"status": {"type": "string"}}}
    return {
        f"/{app.id}": {
            "post": {"requestBody": body, "responses": {"200": _answer("The request status.", "QueueStatus")}}
        },
        requests: {"get": {"parameters": [number], "responses": {"200": _answer("Result.", f"{app.name}Output")}}},
        f"{requests}/status": {
            "get": {
                "parameters": [number, logs],
                "responses": {
                    "200": _answer("Completed.", "QueueStatus"),
                    "202": _answer("In the queue or in progress.", "QueueStatus"),
                },
            }
        },
        f"{requests}/cancel": {
            "put": {
                "parameters": [number],
                "responses": {
                    code: {"description": "The request.", "content": {"application/json": {"schema": cancelled}}}
                    for code in ("200", "202", "400")
                },
            }
        },
    }


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=name)}}}


def _answer(text: str, name: str) -> dict[str, Any]:
    return {"description": text, "content": _json(name)}


def documents() -> dict[str, Any]:
    """One document for all endpoints, as served at ``/_mock/contract/fal.json``."""
    parts = [document(app) for app in APPS.values()]
    whole = parts[0] | {"info": parts[0]["info"] | {"title": f"fal: {', '.join(APPS)}, as minimax-mock answers"}}
    whole["paths"] = {path: item for part in parts for path, item in part["paths"].items()}
    components = [part["components"]["schemas"] for part in parts]
    schemas = {name: schema for part in components for name, schema in part.items()}
    return whole | {"components": parts[0]["components"] | {"schemas": schemas}}
