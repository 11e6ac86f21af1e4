"""Why a call is refused, independent of any face: one row for each reason, with the code the live service gives it.

How each is known is a claim of ``fixtures/claims.toml``, which names the reason.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Tier = Literal["gateway", "handler"]

ERROR_PAGE = "https://platform.minimax.io/docs/api-reference/errorcode"
"""Where the service documents its codes, and whether to retry."""


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
    Reason("unknown_error", 1000, "unknown error", True, "handler", "retry later"),
    Reason("upstream_timeout", 1000, "rpc timeout: timeout=1m0s", True, "handler", "retry later"),
    Reason(
        "forbidden_reference", 1000, "disallowed image url: localhost or private address not allowed", False,
        "handler", "use a public URL",
    ),
    Reason("request_timeout", 1001, "request timeout", True, "handler", "retry later"),
    Reason("rate_limited", 1002, "rate limit exceeded(RPM)", True, "gateway", "retry later"),
    Reason(
        "unauthorized", 1004,
        "login fail: Please carry the API secret key in the 'Authorization' field of the request header", False,
        "gateway", "check API key", ("not authorized", "token not match group", "cookie is missing, log in again"),
    ),
    Reason("insufficient_balance", 1008, "insufficient balance", False, "gateway", "check balance"),
    Reason("internal_error_legacy", 1013, "internal error", True, "handler", "retry later"),
    Reason("internal_error", 1024, "internal error", True, "handler", "retry later"),
    Reason(
        "sensitive_input", 1026, "input new_sensitive", False, "handler", "change input",
        ("input new_sensitive, input text sensitive",),
    ),
    Reason("sensitive_output", 1027, "output new_sensitive", False, "handler", "change input"),
    Reason(
        "quota_exhausted", 1028, "Daily quota exhausted for {model}", False, "gateway", "wait for the quota to renew",
    ),
    Reason(
        "quota_exhausted_weekly", 1030, "quota exhausted for {model}", False, "gateway", "wait for the quota to renew",
    ),
    Reason("system_error", 1033, "system error", True, "handler", "retry later", ("mysql failed",)),
    Reason("token_limit", 1039, "token limit", True, "gateway", "retry later"),
    Reason("connection_limit", 1041, "conn limit", False, "gateway", "contact us"),
    Reason(
        "invisible_characters", 1042, "invisible character ratio limit", False, "handler",
        "check for invisible or illegal characters",
    ),
    Reason("invalid_params", 2013, "invalid params, {problem}", False, "handler", "check parameters",
           ("glyph definition format error",)),
    Reason("not_verified", 2038, "no real-name verification", False, "gateway", "verify the account"),
    Reason("rate_growth", 2045, "rate growth limit", True, "gateway", "avoid sudden increases"),
    Reason("invalid_key", 2049, "invalid api key", False, "gateway", "check API key"),
    Reason(
        "plan_limit", 2056,
        "usage limit exceeded, 5-hour usage limit reached for {plan} ({used}/{limit} used), resets at {resets}", False,
        "gateway", "wait for the next 5-hour window",
        ("usage limit exceeded, daily usage limit reached for {plan} ({used}/{limit} used)",),
    ),
    Reason(
        "model_not_in_plan", 2061, "your current token plan not support model, {model}", False, "gateway",
        "use a model of the plan",
    ),
)  # fmt: skip

REASONS: dict[str, Reason] = {row.name: row for row in _ROWS}


def refuse(reason: str, detail: str = "", /, **values: object) -> Refusal:
    """A refusal for the reason of that name."""
    return Refusal(REASONS[reason], detail, tuple(values.items()))
