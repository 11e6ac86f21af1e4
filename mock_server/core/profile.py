"""Profiles: named answers to what is unknown, conflicting or varies in the live service.

Every open question is one row of ``SWITCHES``; a profile gives each a value. The default is ``io``.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs

from mock_server.nearest import nearest


class Switch(Struct, frozen=True):
    """One open question: the profile field that answers it, and the answers there are (default first).

    What is known of it is the claim of ``fixtures/claims.toml`` that names the field.
    """

    field: str
    answers: tuple[str, ...]
    question: str


class Profile(Struct, frozen=True):
    """One answer for each switch; the fields are described in ``SWITCHES``."""

    counts: str = "string"
    other_image_key: str = "absent"
    error_data: str = "absent"
    error_metadata: str = "absent"
    all_blocked: str = "empty_list"
    prompt_limit: str = "less_than"
    prompt_unit: str = "characters"
    unknown_key: str = "by_shape"
    data_url_references: str = "accepted"
    multiple_references: str = "accepted"
    product_reference: str = "refused"
    live_model_size: str = "ignored"
    live_model_21_9: str = "accepted"
    live_model_references: str = "accepted"
    style_on_image_01: str = "ignored"
    unknown_fields: str = "ignored"
    body_id: str = "trace_id"
    tpm_limit: str = "images"
    rate_counts: str = "all_calls"
    blocked_images: str = "free"
    head_on_signed_url: str = "refused"
    gateway_size: str = "nearest"
    gateway_code: str = "http_status"
    gateway_options: str = "refused"
    gateway_subject: str = "optional"
    gateway_all_blocked: str = "refused"
    gateway_should_retry: str = "absent"
    gateway_image_name: str = "png"
    fal_prompt_limit: str = "fal"
    fal_all_blocked: str = "content_policy"
    fal_cancel: str = "by_state"
    fal_retry_header: str = "both"


SWITCHES: tuple[Switch, ...] = (
    Switch("counts", ("string", "integer"), "are metadata counts strings or integers?"),
    Switch("other_image_key", ("absent", "null"), "the image key that was not asked for"),
    Switch("error_data", ("absent", "null", "empty_object"), "`data` in a handler error"),
    Switch("error_metadata", ("absent", "zero_counts"), "`metadata` in a handler error"),
    Switch("all_blocked", ("empty_list", "empty_object", "null_data", "absent_data"),
           "`data` when every image is blocked"),
    Switch("prompt_limit", ("less_than", "at_most"), "is a prompt of exactly 1500 refused?"),
    Switch("prompt_unit", ("characters", "bytes"), "what the 1500 count"),
    Switch("unknown_key", ("by_shape", "1004", "2049"), "what a key that is not known gets"),
    Switch("data_url_references", ("accepted", "refused"), "data URLs in subject_reference"),
    Switch("multiple_references", ("accepted", "refused"), "more than one subject_reference"),
    Switch("product_reference", ("refused", "accepted"), "subject_reference of type product"),
    Switch("live_model_size", ("ignored", "refused"), "width and height with image-01-live"),
    Switch("live_model_21_9", ("accepted", "refused"), "21:9 with image-01-live"),
    Switch("live_model_references", ("accepted", "refused"), "subject_reference with image-01-live"),
    Switch("style_on_image_01", ("ignored", "refused"), "style with image-01"),
    Switch("unknown_fields", ("ignored", "refused"), "fields that are not documented"),
    Switch("body_id", ("trace_id", "other"), "does the body's id equal the Trace-Id header?"),
    Switch("tpm_limit", ("images", "ignored"), "what the documented 'TPM 60' limits"),
    Switch("rate_counts", ("all_calls", "accepted_calls"), "which calls count against the rate limit"),
    Switch("blocked_images", ("free", "charged"), "are images blocked by content safety charged?"),
    Switch("head_on_signed_url", ("refused", "served"), "HEAD on an image URL that was signed for GET"),
    Switch("gateway_size", ("nearest", "strict", "pixels"), "what the OpenAI-compatible gateway makes of `size`"),
    Switch("gateway_code", ("http_status", "text", "upstream"), "error.code of the OpenAI-compatible gateway"),
    Switch("gateway_options", ("refused", "ignored"), "OpenAI's options that this model does not have (quality, ...)"),
    Switch("gateway_subject", ("optional", "required"), "the subject-reference model without a subject image"),
    Switch("gateway_all_blocked", ("refused", "empty"), "the gateway's answer when every image is blocked"),
    Switch("gateway_should_retry", ("absent", "sent"), "does the gateway send x-should-retry?"),
    Switch("gateway_image_name", ("png", "jpg"), "how the gateway names image files"),
    Switch("fal_prompt_limit", ("fal", "service"), "fal: who refuses a prompt over 1500 characters?"),
    Switch("fal_all_blocked", ("content_policy", "empty_list"), "fal: the result when every image is blocked"),
    Switch("fal_cancel", ("by_state", "requested", "success"), "fal: the answer to a cancellation"),
    Switch("fal_retry_header", ("both", "retryable", "needs_retry"), "fal: the header that says whether to retry"),
)  # fmt: skip

_SWITCH = {switch.field: switch for switch in SWITCHES}

_SHORT_NAMES = {
    "counts-as-integers": {"counts": "integer"},
    "other-key-null": {"other_image_key": "null"},
    "toolkit-docs": {"counts": "integer", "other_image_key": "null"},
    "error-data-null": {"error_data": "null"},
    "error-data-empty": {"error_data": "empty_object"},
    "error-zero-counts": {"error_data": "empty_object", "error_metadata": "zero_counts"},
    "blocked-empty-object": {"all_blocked": "empty_object"},
    "blocked-null-data": {"all_blocked": "null_data"},
    "blocked-absent-data": {"all_blocked": "absent_data"},
    "prompt-1500-accepted": {"prompt_limit": "at_most"},
    "prompt-in-bytes": {"prompt_unit": "bytes"},
    "unknown-key-1004": {"unknown_key": "1004"},
    "unknown-key-2049": {"unknown_key": "2049"},
    "data-urls-refused": {"data_url_references": "refused"},
    "one-reference": {"multiple_references": "refused"},
    "product-references": {"product_reference": "accepted"},
    "live-model-strict": {
        "live_model_size": "refused",
        "live_model_references": "refused",
        "style_on_image_01": "refused",
    },
    "unknown-fields-refused": {"unknown_fields": "refused"},
    "body-id-differs": {"body_id": "other"},
    "tpm-ignored": {"tpm_limit": "ignored"},
    "refused-calls-free": {"rate_counts": "accepted_calls"},
    "blocked-images-charged": {"blocked_images": "charged"},
    "head-served": {"head_on_signed_url": "served"},
    "gateway-strict": {"gateway_size": "strict", "gateway_subject": "required", "unknown_fields": "refused"},
    "gateway-pixels": {"gateway_size": "pixels"},
    "gateway-code-text": {"gateway_code": "text"},
    "gateway-code-upstream": {"gateway_code": "upstream"},
    "gateway-options-ignored": {"gateway_options": "ignored"},
    "gateway-blocked-empty": {"gateway_all_blocked": "empty"},
    "gateway-should-retry": {"gateway_should_retry": "sent"},
    "gateway-jpg": {"gateway_image_name": "jpg"},
    "fal-prompt-unchecked": {"fal_prompt_limit": "service"},
    "fal-blocked-empty-list": {"fal_all_blocked": "empty_list"},
    "fal-cancel-requested": {"fal_cancel": "requested"},
    "fal-cancel-success": {"fal_cancel": "success"},
    "fal-retryable-header": {"fal_retry_header": "retryable"},
    "fal-needs-retry-header": {"fal_retry_header": "needs_retry"},
}

PROFILES: dict[str, Profile] = {
    "io": Profile(),
    "cn": Profile(live_model_21_9="refused"),
    **{name: Profile(**answers) for name, answers in _SHORT_NAMES.items()},
}
"""The named profiles: one for each site's documentation, and one for each other answer to a switch."""


class ProfileError(ValueError):
    """An unknown profile, switch or answer; the message has the nearest valid word."""


def profile_named(name: str) -> Profile:
    """The profile called `name`. Raises `ProfileError` when there is none."""
    if name not in PROFILES:
        msg = f"unknown profile {name!r}; {nearest(name, PROFILES)}"
        raise ProfileError(msg)
    return PROFILES[name]


def with_answers(profile: Profile, answers: dict[str, Any]) -> Profile:
    """`profile` with some switches set otherwise. Raises `ProfileError` for an unknown switch or answer."""
    for field, answer in answers.items():
        if field not in _SWITCH:
            msg = f"unknown profile switch {field!r}; {nearest(field, _SWITCH)}"
            raise ProfileError(msg)
        if answer not in _SWITCH[field].answers:
            msg = f"profile switch {field!r} cannot be {answer!r}; {nearest(str(answer), _SWITCH[field].answers)}"
            raise ProfileError(msg)
    return structs.replace(profile, **answers)


def name_of(profile: Profile) -> str:
    """The name of `profile`, or ``custom`` when it is none of the named ones."""
    return next((name for name, named in PROFILES.items() if named == profile), "custom")


def differences(profile: Profile) -> str:
    """What `profile` answers otherwise than the default, as ``switch=answer``, or ``the default``."""
    base = Profile()
    pairs = ((field, getattr(profile, field)) for field in profile.__struct_fields__)
    return ", ".join(f"{field}={answer}" for field, answer in pairs if answer != getattr(base, field)) or "the default"
