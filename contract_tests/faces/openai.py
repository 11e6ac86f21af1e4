"""OpenAI's dialect as AIgateway speaks it: ``POST /v1/images/generations``, errors as HTTP statuses.

How MiniMax's refusals become statuses is documented by the gateway for 401, 402, 429, 500 and 503, and else assumed.
"""

from __future__ import annotations

from typing import Any

from contract_tests.codes import Code
from contract_tests.faces.interface import Body, Face
from contract_tests.faces.minimax import INVALID, REFUSED

MODEL = "minimax/minimax-image-01"
_NATIVE_MODELS = {MODEL: "image-01"}
_NATIVE_FORMATS = {"b64_json": "base64"}
_NOT_HERE = frozenset({"width", "height", "response_format"})

CODES: tuple[Code, ...] = (
    Code(1000, retryable=True, categories=("server",), told=500),
    Code(1001, retryable=True, categories=("server", "timeout"), told=500),
    Code(1002, retryable=True, categories=("rate_limit",), told=429),
    Code(1004, retryable=False, categories=("auth",), told=401),
    Code(1008, retryable=False, categories=("balance",), told=402),
    Code(1024, retryable=True, categories=("server",), told=500),
    Code(1026, retryable=False, categories=("content", "invalid_request"), told=400),
    Code(1027, retryable=False, categories=("content", "invalid_request"), told=400),
    Code(1033, retryable=True, categories=("server",), told=500),
    Code(1039, retryable=True, categories=("rate_limit",), told=429),
    Code(2013, retryable=False, categories=("invalid_request",), told=400),
    Code(2049, retryable=False, categories=("auth",), told=401),
    Code(2056, retryable=True, categories=("server", "rate_limit", "balance"), told=503),
    Code(2061, retryable=False, categories=("auth", "balance", "invalid_request"), told=403),
)


def _native(body: Body) -> Body:
    """The gateway's names for model and format, back in MiniMax's; everything else is sent under MiniMax's own."""
    named = {"model": _NATIVE_MODELS, "response_format": _NATIVE_FORMATS}
    return {field: named[field].get(value, value) if field in named else value for field, value in body.items()}


def _wire(request: Body) -> Body:
    formats = {native: name for name, native in _NATIVE_FORMATS.items()}
    body = {"model": MODEL} | {field: value for field, value in request.items() if field != "model"}
    if "response_format" in body:
        body["response_format"] = formats.get(body["response_format"], body["response_format"])
    return body


def _urls(answer: Any) -> list[str]:
    data = answer.get("data") if isinstance(answer, dict) else None
    return [item["url"] for item in data or () if "url" in item]


def _here(requests: tuple[Body, ...]) -> tuple[Body, ...]:
    return tuple(request for request in requests if _NOT_HERE.isdisjoint(request))


FACE = Face(
    name="openai",
    path="/v1/images/generations",
    codes=CODES,
    native=_native,
    wire=_wire,
    urls=_urls,
    base64_path="data.0.b64_json",
    extra=("trace", "data.0.revised_prompt", "background", "data.0.extra.deep", "usage"),
    refused=_here(REFUSED),
    asked_wrong=_here(INVALID),
    spelling=frozenset({"gateway_code", "gateway_image_name", "gateway_should_retry"}),
    without={
        "errors.inside-200": "this dialect has HTTP statuses for errors (errors.own looks at them)",
        "errors.code-over-images": "this dialect has HTTP statuses for errors, and no images beside them",
    },
)
