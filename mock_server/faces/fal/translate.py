"""Between fal's wire models and the core: inputs in. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from mock_server.core import types
from mock_server.core.profile import Profile
from mock_server.core.reading import Parsed
from mock_server.core.reasons import Refusal, refuse
from mock_server.faces.fal.schema import App, Input, MinimaxImage01SubjectReferenceInput, field_errors

Parse = Callable[[bytes, dict[bytes, bytes], Profile], Parsed]


def parser(app: App) -> Parse:
    """Reads the input of `app` as its FastAPI application would."""

    def parse(body: bytes, headers: dict[bytes, bytes], profile: Profile) -> Parsed:
        content = _content(body, headers)
        if isinstance(content, Refusal):
            return content
        try:
            limit = {"prompt_limit": profile.fal_prompt_limit}
            read = app.input.model_validate(content, from_attributes=True, context=limit)  # as FastAPI does
        except ValidationError as error:
            refusal = _refused(field_errors(error.errors(include_url=False)))
            attempt = _attempt(content)
            return refusal if attempt is None else (attempt, refusal)
        return _request(read)

    return parse


def _refused(errors: list[dict[str, Any]]) -> Refusal:
    try:
        json.dumps(errors, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate in the input, at which FastAPI fails as well
        return refuse("internal_error", "unhandled")
    return refuse("invalid_params", "fields", errors=errors)


def _content(body: bytes, headers: dict[bytes, bytes]) -> Any:
    """What FastAPI makes of a body before its model looks at it, or why it cannot."""
    if not body:
        return _refused([{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}])
    media_type = headers.get(b"content-type", b"application/json").partition(b";")[0].strip().lower()
    if media_type != b"application/json" and not media_type.endswith(b"+json"):
        return body.decode("utf-8", "replace")
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        problem: dict[str, Any] = {"type": "json_invalid", "loc": ["body", error.pos], "msg": "JSON decode error"}
        return _refused([problem | {"input": {}, "ctx": {"error": error.msg}}])
    except (UnicodeDecodeError, RecursionError):
        return refuse("invalid_params", "unreadable")


def _attempt(content: Any) -> types.ImageRequest | None:
    """What a wrong input asks for, as far as rules, magic prompts and the journal look at it."""
    prompt = content.get("prompt") if isinstance(content, dict) else None
    if not isinstance(prompt, str):
        return None
    number = content.get("num_images", 1)
    return types.ImageRequest("image-01", prompt, n=number if type(number) is int else 1)


def _request(read: Input) -> types.ImageRequest:
    subject = read.image_url if isinstance(read, MinimaxImage01SubjectReferenceInput) else None
    return types.ImageRequest(
        "image-01",
        read.prompt,
        read.aspect_ratio,
        n=read.num_images,
        prompt_optimizer=read.prompt_optimizer,
        subject_references=() if subject is None else (types.SubjectReference("character", subject),),
    )
