"""Request bodies of the faces, bound again from what the journal keeps of them."""

from __future__ import annotations

from typing import Any

import msgspec

from mock_server.core.reasons import Refusal
from mock_server.faces.minimax.binding import bind
from mock_server.faces.minimax.schema import ImageGenerationRequest
from mock_server.faces.openai.binding import bind as bind_gateway
from mock_server.faces.openai.schema import ImagesRequest
from mock_server.journal import MAX_BODY_BYTES, Exchange
from mock_server.judge.heads import header, key_marks

_STAND_IN = b"11111111"
"""In place of a key: text within a string, and a number where the key was a number."""


def bound(exchange: Exchange) -> ImageGenerationRequest | Refusal | None:
    """What the service's binder makes of the body; None where there is no such body, or the journal changed it.

    The journal cuts long bodies, and shortens keys and embedded images. A request whose model it knows was bound once,
    so that it binds.
    """
    if exchange.face != "minimax" or not _was_read(exchange):
        return None
    body = kept_body(exchange)
    result = bind(body, content_type(exchange))
    if isinstance(result, Refusal):
        shortened = result.detail == "syntax" and b";base64,<" in body
        return None if shortened or exchange.model is not None else result
    return result


def bound_gateway(exchange: Exchange) -> ImagesRequest | Refusal | None:
    """The same for a JSON body of the OpenAI-compatible face."""
    if exchange.face != "openai" or not _was_read(exchange) or b"multipart/" in content_type(exchange).lower():
        return None
    body = kept_body(exchange)
    result = bind_gateway(body)
    if isinstance(result, Refusal):
        shortened = result.detail == "syntax" and b";base64,<" in body
        return None if shortened or exchange.model is not None else result
    return result


def kept_body(exchange: Exchange) -> bytes:
    """The body, with figures in place of a key."""
    body = exchange.request_body
    for mark in key_marks(exchange):
        body = body.replace(mark, _STAND_IN)
    return body


def fields(exchange: Exchange) -> dict[str, Any]:
    """The fields of a body that binds."""
    try:
        content = msgspec.json.decode(kept_body(exchange))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def content_type(exchange: Exchange) -> bytes:
    """The header, empty when there is none."""
    return header(exchange.request_head, b"content-type") or b""


def _was_read(exchange: Exchange) -> bool:
    """Whether the whole body of a generation reached the journal."""
    generates = exchange.endpoint == "generate"
    cut = len(exchange.request_body) > MAX_BODY_BYTES or exchange.status == 413
    left = exchange.client_gone and not exchange.request_body
    return generates and not cut and not left
