"""Why a call is refused, independent of any face: one row for each reason, with the code the live service gives it.

Grades: ``recorded`` (a public recording of the live service), ``documented`` (platform.minimax.io, error code page),
``assumed`` (third-party clients agree, or inference). ``where`` says on which endpoint the wording was seen.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Grade = Literal["recorded", "documented", "assumed", "conflicting"]
Tier = Literal["gateway", "handler"]

ERROR_PAGE = "https://platform.minimax.io/docs/api-reference/errorcode"
CC_SKILLS = "https://github.com/terrylica/cc-skills (plugins/minimax/references)"


class Reason(Struct, frozen=True):
    """One way to be refused.

    ``tier`` decides the body: the gateway answers with ``base_resp`` alone, the handler adds ``id``.
    ``retryable`` is what the documentation's "Solution" column says: retry later, or change something first.
    ``message`` is the live wording; a face may need values for its braces. ``also`` are other wordings that the
    documentation or recordings of other endpoints have for the code, for a client to be ready for.
    """

    name: str
    code: int
    message: str
    retryable: bool
    tier: Tier
    solution: str
    grade: Grade
    source: str
    where: str = ""
    also: tuple[str, ...] = ()


class Refusal(Struct, frozen=True):
    """A reason applied to one call. ``detail`` names the rule broken (each face words it), ``values`` fill it in.

    ``message`` is said in place of the reason's own, if it is given.
    """

    reason: Reason
    detail: str = ""
    values: tuple[tuple[str, object], ...] = ()
    message: str = ""


_ROWS = (
    Reason("unknown_error", 1000, "unknown error", True, "handler", "retry later", "documented", ERROR_PAGE),
    Reason(
        "upstream_timeout", 1000, "rpc timeout: timeout=1m0s", True, "handler", "retry later", "recorded",
        "OpenClaw live CI: 'MiniMax image generation API error (1000): rpc timeout: timeout=1m0s'", "image_generation",
    ),
    Reason(
        "forbidden_reference", 1000, "disallowed image url: localhost or private address not allowed", False, "handler",
        "use a public URL", "recorded", "single report of 2026-10-02, api.minimaxi.com, subject_reference",
        "image_generation",
    ),
    Reason("request_timeout", 1001, "request timeout", True, "handler", "retry later", "documented", ERROR_PAGE),
    Reason(
        "rate_limited", 1002, "rate limit exceeded(RPM)", True, "gateway", "retry later", "recorded",
        f"{CC_SKILLS}: body of 74 bytes, no Retry-After; same text seen through mmx image", "image_generation, t2a_v2",
    ),
    Reason(
        "unauthorized", 1004,
        "login fail: Please carry the API secret key in the 'Authorization' field of the request header", False,
        "gateway", "check API key", "recorded", f"{CC_SKILLS}: errors-E401-native-bad-key, body of 144 bytes",
        "files/list, image_generation", ("not authorized", "token not match group", "cookie is missing, log in again"),
    ),
    Reason(
        "insufficient_balance", 1008, "insufficient balance", False, "gateway", "check balance", "recorded",
        "https://github.com/MiniMax-AI/MiniMax-01/issues/59", "t2a_v2",
    ),
    Reason("internal_error_legacy", 1013, "internal error", True, "handler", "retry later", "assumed",
           "older documentation; several clients map it"),
    Reason("internal_error", 1024, "internal error", True, "handler", "retry later", "documented", ERROR_PAGE),
    Reason(
        "sensitive_input", 1026, "input new_sensitive", False, "handler", "change input", "recorded",
        "sibling endpoints; the image page lists the code", "video_generation",
        ("input new_sensitive, input text sensitive",),
    ),
    Reason(
        "sensitive_output", 1027, "output new_sensitive", False, "handler", "change input", "recorded",
        "https://github.com/MiniMax-AI/cli/pull/256", "search",
    ),
    Reason("quota_exhausted", 1028, "Daily quota exhausted for {model}", False, "gateway",
           "wait for the quota to renew", "assumed", "mmx-cli source and its fixture; never seen in a recording"),
    Reason("quota_exhausted_weekly", 1030, "quota exhausted for {model}", False, "gateway",
           "wait for the quota to renew", "assumed", "mmx-cli source; never seen in a recording"),
    Reason(
        "system_error", 1033, "system error", True, "handler", "retry later", "recorded",
        "https://github.com/MiniMax-AI/MiniMax-Coding-Plan-MCP/issues/21", "search", ("mysql failed",),
    ),
    Reason("token_limit", 1039, "token limit", True, "gateway", "retry later", "documented", ERROR_PAGE),
    Reason("connection_limit", 1041, "conn limit", False, "gateway", "contact us", "documented", ERROR_PAGE),
    Reason("invisible_characters", 1042, "invisible character ratio limit", False, "handler",
           "check for invisible or illegal characters", "documented", ERROR_PAGE),
    Reason("invalid_params", 2013, "invalid params, {problem}", False, "handler", "check parameters", "recorded",
           "see the wordings of each rule", "image_generation", ("glyph definition format error",)),
    Reason("not_verified", 2038, "no real-name verification", False, "gateway", "verify the account", "assumed",
           "minimax-mcp client.py"),
    Reason("rate_growth", 2045, "rate growth limit", True, "gateway", "avoid sudden increases", "documented",
           ERROR_PAGE),
    Reason(
        "invalid_key", 2049, "invalid api key", False, "gateway", "check API key", "recorded",
        "image endpoint probe, 3 calls; a key of the other region", "image_generation",
    ),
    Reason(
        "plan_limit", 2056,
        "usage limit exceeded, 5-hour usage limit reached for {plan} ({used}/{limit} used), resets at {resets}", False,
        "gateway", "wait for the next 5-hour window", "recorded",
        "https://github.com/MiniMax-AI/MiniMax-M2.7/issues/36", "chat, video_generation",
        ("usage limit exceeded, daily usage limit reached for {plan} ({used}/{limit} used)",),
    ),
    Reason(
        "model_not_in_plan", 2061, "your current token plan not support model, {model}", False, "gateway",
        "use a model of the plan", "recorded", f"{CC_SKILLS}: audio-tts.md, video-generation.md",
        "t2a_v2, video_generation",
    ),
)  # fmt: skip

REASONS: dict[str, Reason] = {row.name: row for row in _ROWS}


def refuse(reason: str, detail: str = "", /, **values: object) -> Refusal:
    """A refusal for the reason of that name."""
    return Refusal(REASONS[reason], detail, tuple(values.items()))
