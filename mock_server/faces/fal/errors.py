"""How fal words each reason to refuse: three families of bodies, each with its headers.

Model errors are ``{"detail": [{loc, msg, type, url}]}``, platform errors ``{"detail": text, "error_type": type}`` with
``X-Fal-Error-Type``, account errors ``{"detail": text}``. Sources: fal's pages "Error Reference" and "Request errors",
bodies in GitHub issues of fal-ai/fal. What fal makes of MiniMax's own codes is recorded nowhere: assumed.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from mock_server.core.reasons import Reason, Refusal
from mock_server.grade import Grade

Family = Literal["account", "platform", "model"]
ERROR_PAGE = "https://docs.fal.ai/errors/#"
CHECKER = "The content could not be processed because it contained material flagged by a content checker."
LOCKED = "User is locked. Reason: {}"


class Spelling(Struct, frozen=True):
    """One reason in fal's words: status, family, ``type`` and text; ``field`` of the input that it is about."""

    status: int
    family: Family
    type: str
    text: str
    field: str = ""
    grade: Grade = "assumed"
    ctx: tuple[tuple[str, Any], ...] = ()


_NO_KEY = Spelling(401, "account", "", "Authentication is required to access this application.")
_BAD_KEY = Spelling(401, "account", "", "No user found for Key ID and Secret", grade="recorded")
_BALANCE = "Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
_EXHAUSTED = Spelling(403, "account", "", LOCKED.format(_BALANCE), grade="recorded")
_UNVERIFIED = Spelling(403, "account", "", LOCKED.format("Admin lock. Please contact support@fal.ai"), grade="recorded")
_TOO_MANY = Spelling(
    429, "platform", "concurrent_requests_limit", "Reached concurrent requests limit. Please try again later."
)
_TIMEOUT = Spelling(504, "model", "generation_timeout", "Generation timeout", grade="documented")
_INTERNAL = Spelling(500, "model", "internal_server_error", "Internal server error", grade="documented")
_UNAVAILABLE = Spelling(
    500, "model", "downstream_service_unavailable", "Downstream service unavailable", grade="documented"
)
_DOWNSTREAM = Spelling(400, "model", "downstream_service_error", "Downstream service error", grade="documented")
_POLICY = Spelling(422, "model", "content_policy_violation", CHECKER, "prompt", "documented")
_NOT_DOWNLOADED = Spelling(
    422, "model", "file_download_error",
    "Failed to download the file. Please check if the URL is accessible and try again.", "image_url", "documented",
)  # fmt: skip
_NOT_LOADED = Spelling(
    422, "model", "image_load_error",
    "Failed to load the image. Please ensure the image file is not corrupted and is in a supported format.",
    "image_url", "documented",
)  # fmt: skip
_TOO_LARGE = Spelling(
    422, "model", "file_too_large", "File size exceeds the maximum allowed size of 10485760 bytes.", "image_url",
    "documented", (("max_size", 10_485_760),),
)  # fmt: skip
_FORMAT = Spelling(
    422, "model", "unsupported_image_format", "Unsupported image format. Supported formats are: .jpg, .jpeg, .png.",
    "image_url", "documented", (("supported_formats", [".jpg", ".jpeg", ".png"]),),
)  # fmt: skip

SPELLINGS: dict[str, Spelling] = {
    "unknown_error": _UNAVAILABLE,
    "upstream_timeout": _TIMEOUT,
    "forbidden_reference": _NOT_DOWNLOADED,
    "request_timeout": _TIMEOUT,
    "rate_limited": _TOO_MANY,
    "unauthorized": _NO_KEY,
    "insufficient_balance": _EXHAUSTED,
    "internal_error_legacy": _INTERNAL,
    "internal_error": _INTERNAL,
    "sensitive_input": _POLICY,
    "sensitive_output": _POLICY,
    "quota_exhausted": _DOWNSTREAM,
    "quota_exhausted_weekly": _DOWNSTREAM,
    "system_error": _UNAVAILABLE,
    "token_limit": _TOO_MANY,
    "connection_limit": _TOO_MANY,
    "invisible_characters": _DOWNSTREAM,
    "invalid_params": _DOWNSTREAM,
    "not_verified": _UNVERIFIED,
    "rate_growth": _TOO_MANY,
    "invalid_key": _BAD_KEY,
    "plan_limit": _DOWNSTREAM,
    "model_not_in_plan": _DOWNSTREAM,
}
"""Reason → how fal says it."""

_DETAILS: dict[str, Spelling] = {
    "reference_url": _NOT_DOWNLOADED,
    "reference_not_fetched": _NOT_DOWNLOADED,
    "reference_format": _FORMAT,
    "reference_base64": _NOT_LOADED,
    "reference_unreadable": _NOT_LOADED,
    "reference_too_large": _TOO_LARGE,
}
"""Broken rule of ``invalid_params`` → how fal says it, where it can be told from others."""


_PLAIN = {"unreadable": "There was an error parsing the body", "unhandled": "Internal Server Error"}
"""What FastAPI says of a body that it cannot read, and of one at which it fails."""


def spelling(refused: Refusal) -> Spelling:
    """How fal says that."""
    return _DETAILS.get(refused.detail) or SPELLINGS[refused.reason.name]


def answered_at_submit(reason: Reason) -> bool:
    """Whether the queue refuses the submission itself: what is about the account. The rest shows at the result."""
    return SPELLINGS[reason.name].family != "model"


def content(refused: Refusal, found: Spelling) -> dict[str, Any]:
    """The body of a refusal."""
    values = dict(refused.values)
    if refused.detail == "fields":
        return {"detail": values["errors"]}
    if refused.detail in _PLAIN:
        return {"detail": _PLAIN[refused.detail]}
    text = found.text
    if refused.message or refused.detail in {"magic_key", "magic_prompt"}:
        text = refused.message or f"minimax-mock: {values['problem']}"
    if found.family == "account":
        return {"detail": text}
    if found.family == "platform":
        return {"detail": text, "error_type": found.type}
    place = ["body", found.field] if found.field else ["body"]
    error: dict[str, Any] = {"loc": place, "msg": text, "type": found.type, "url": ERROR_PAGE + found.type}
    return {"detail": [error | ({"ctx": dict(found.ctx)} if found.ctx else {})]}


def status(refused: Refusal, found: Spelling) -> int:
    """The HTTP status of a refusal."""
    return {"fields": 422, "unreadable": 400}.get(refused.detail, found.status)
