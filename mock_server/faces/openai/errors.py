"""How the gateway spells refusals: HTTP status, type, words, and the parameter that is wrong.

Statuses, types and words of 401, 402, 404, 429, 500 and 503 are those of the model's page at AIgateway; which of
MiniMax's codes the gateway turns into which of them is assumed throughout, and so is all of 400, 403, 405 and 413.
"""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.reasons import Refusal
from mock_server.grade import Grade

PAGE = "aigateway.sh, page of minimax/minimax-image-01-subject-reference, Errors"


class Spelling(Struct, frozen=True):
    """One reason as the gateway answers it. ``text`` may hold the upstream's message."""

    status: int
    type: str
    text: str = "{message}"
    grade: Grade = "assumed"
    retry_after: int | None = None
    """Seconds in Retry-After, where the refusal does not know better."""


class Rule(Struct, frozen=True):
    """One broken rule: the parameter, and what is said of it."""

    param: str | None
    text: str
    status: int = 400
    type: str = "invalid_request_error"


_INVALID = "invalid_request_error"
_FAILED = Spelling(500, "server_error", "Upstream provider failed: {message}", "documented")
_SATURATED = Spelling(503, "service_unavailable", "Upstream saturated: {message}", "documented")
_BUSY = Spelling(429, "rate_limit_error", "Over per-minute limit: {message}", "documented", retry_after=1)
_KEY = Spelling(401, "authentication_error", "Invalid or missing API key", "documented")
_BLOCKED = Spelling(400, "content_policy_violation", "Blocked by content safety: {message}")

SPELLINGS: dict[str, Spelling] = {
    "unknown_error": _FAILED,
    "upstream_timeout": _FAILED,
    "forbidden_reference": Spelling(400, _INVALID),
    "request_timeout": _FAILED,
    "rate_limited": _BUSY,
    "unauthorized": _KEY,
    "insufficient_balance": Spelling(402, "insufficient_credits", "Wallet empty", "documented"),
    "internal_error_legacy": _FAILED,
    "internal_error": _FAILED,
    "sensitive_input": _BLOCKED,
    "sensitive_output": _BLOCKED,
    "quota_exhausted": _SATURATED,
    "quota_exhausted_weekly": _SATURATED,
    "system_error": _FAILED,
    "token_limit": _BUSY,
    "connection_limit": _SATURATED,
    "invisible_characters": Spelling(400, _INVALID),
    "invalid_params": Spelling(400, _INVALID, "Invalid parameters"),
    "not_verified": Spelling(403, "permission_error"),
    "rate_growth": _BUSY,
    "invalid_key": _KEY,
    "plan_limit": _SATURATED,
    "model_not_in_plan": Spelling(403, "permission_error"),
}
"""Reason → spelling; a test holds that none is missing."""

ALL_BLOCKED = Spelling(400, "content_policy_violation", "Blocked by content safety: every image was blocked")
NO_ENDPOINT = Spelling(404, "not_found", "Unknown endpoint {method} {path}", "documented")
NO_MODEL = Spelling(404, "not_found", "Unknown model {model}", "documented")
WRONG_METHOD = Spelling(405, _INVALID, "{path} takes {allowed}, not {method}")
TOO_LARGE = Spelling(413, _INVALID, "Request body too large")
CRASHED = Spelling(500, "server_error", "Internal error")

RULES: dict[str, Rule] = {
    "missing_parameter": Rule("{field}", "Missing required parameter: {field}"),
    "syntax": Rule(None, "The body is not valid JSON: {problem}"),
    "form": Rule(None, "The body is not a valid form: {problem}"),
    "type_mismatch": Rule("{field}", "Invalid type for {field}: {problem}"),
    "unknown_field": Rule("{field}", "Unknown parameter: {field}"),
    "unknown_model": Rule("model", NO_MODEL.text, NO_MODEL.status, NO_MODEL.type),
    "unsupported_model": Rule("model", "Invalid parameters: unsupported model"),
    "empty_prompt": Rule("prompt", "prompt must not be empty"),
    "prompt_too_long": Rule("prompt", "prompt must be shorter than {limit} characters"),
    "size": Rule("size", "Invalid size {value}: must be auto or WIDTHxHEIGHT{hint}"),
    "aspect_ratio": Rule("aspect_ratio", "Invalid aspect_ratio {value}"),
    "aspect_ratio_of_model": Rule("aspect_ratio", "aspect_ratio {value} is not supported by {model}"),
    "size_incomplete": Rule("size", "width and height must be set together"),
    "size_range": Rule("size", "{field} must be between 512 and 2048"),
    "size_step": Rule("size", "{field} must be a multiple of 8"),
    "size_of_model": Rule("size", "size in pixels is only supported by image-01"),
    "n": Rule("n", "n must be between 1 and 9"),
    "response_format": Rule("response_format", "response_format must be url or b64_json"),
    "stream": Rule("stream", "Streaming is not supported by this model"),
    "unsupported_option": Rule("{field}", "{field} is not supported by this model"),
    "style_of_model": Rule("style", "style is only supported by image-01-live"),
    "style_type": Rule("style", "style_type not supported"),
    "style_weight": Rule("style", "style_weight must be in (0, 1]"),
    "image_missing": Rule("{field}", "A subject image is required: {field}"),
    "image_sources": Rule("{field}", "Give the subject image once: {field} comes on top of another"),
    "image_over_25_mb": Rule("image", "Image exceeds 25 MB", 413),
    "reference_type": Rule("subject_reference", "subject_reference must be character"),
    "reference_count": Rule("image", "only one subject image is supported"),
    "references_of_model": Rule("image", "subject images are not supported by {model}"),
    "reference_url": Rule("image_url", "The subject image must be a public URL or a base64 data URL"),
    "reference_format": Rule("image", "The subject image must be jpg, jpeg or png"),
    "reference_base64": Rule("image", "The subject image is not valid base64"),
    "reference_too_large": Rule("image", "The subject image must be less than 10 MB"),
    "reference_unreadable": Rule("image", "The subject image can not be decoded: {problem}"),
    "reference_not_fetched": Rule("image_url", "The subject image can not be fetched: {problem}"),
    "magic_prompt": Rule("prompt", "minimax-mock: {problem}"),
    "magic_key": Rule(None, "minimax-mock: {problem}", _KEY.status, _KEY.type),
}
"""Broken rule → how the gateway words it."""


class Spelled(Struct, frozen=True):
    """A refusal in the gateway's words."""

    status: int
    type: str
    message: str
    param: str | None
    retry_after: int | None


def spelled(refusal: Refusal) -> Spelled:
    """`refusal` in the gateway's words."""
    reason, values = refusal.reason, dict(refusal.values)
    spelling, rule = SPELLINGS[reason.name], RULES.get(refusal.detail)
    if rule is not None:
        text, status, kind = rule.text, rule.status, rule.type
        param = None if rule.param is None else rule.param.format(**values)
        message = text.format(**values)
    else:
        status, kind, param = spelling.status, spelling.type, None
        upstream = reason.message.format(**values) if values and "{message}" in spelling.text else reason.message
        message = spelling.text.format(message=upstream)
    known = values.get("retry_after")
    seconds = known if isinstance(known, int) else spelling.retry_after
    return Spelled(status, kind, refusal.message or message, param, seconds)
