"""How this face words a refusal: the live text where one is recorded, else the likeliest in the same style."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.reasons import Refusal


class Wording(Struct, frozen=True):
    """The text after ``invalid params, `` for one broken rule."""

    text: str


WORDINGS: dict[str, Wording] = {
    "missing_parameter": Wording("binding: expr_path={field}, cause=missing required parameter"),
    "syntax": Wording("{problem}"),
    "type_mismatch": Wording("{problem}"),
    "unknown_field": Wording("unknown field {field}"),
    "unsupported_model": Wording("unsupported model"),
    "empty_prompt": Wording("prompt must not be empty"),
    "prompt_too_long": Wording("prompt length must be less than {limit}"),
    "aspect_ratio": Wording("aspect_ratio must be one of the documented ratios"),
    "aspect_ratio_of_model": Wording("aspect_ratio {value} is not supported by {model}"),
    "size_incomplete": Wording("width and height must be set together"),
    "size_range": Wording("{field} must be between 512 and 2048"),
    "size_step": Wording("{field} must be a multiple of 8"),
    "size_of_model": Wording("width and height are only supported by image-01"),
    "n": Wording("n must be between 1 and 9"),
    "response_format": Wording("response_format not 'url' or 'base64'"),
    "style_of_model": Wording("style is only supported by image-01-live"),
    "style_type": Wording("style_type not supported"),
    "style_weight": Wording("style_weight must be in (0, 1]"),
    "reference_type": Wording("subject_reference must be character"),
    "reference_count": Wording("only one subject_reference is supported"),
    "references_of_model": Wording("subject_reference is not supported by {model}"),
    "reference_url": Wording("subject_reference image_file must be a URL or a base64 data URL"),
    "reference_format": Wording("subject_reference image_file must be jpg, jpeg or png"),
    "reference_base64": Wording("subject_reference image_file is not valid base64"),
    "reference_too_large": Wording("subject_reference image_file must be less than 10MB"),
    "reference_unreadable": Wording("subject_reference image_file can not be decoded: {problem}"),
    "reference_not_fetched": Wording("subject_reference image_file can not be fetched: {problem}"),
    "magic_prompt": Wording("minimax-mock: {problem}"),
}
"""Broken rule → its wording. All but the last, which is the emulator's own, are claims of ``fixtures/claims.toml``."""


def message(refusal: Refusal) -> str:
    """``status_msg`` of a refusal."""
    if refusal.message:
        return refusal.message
    values = dict(refusal.values)
    if refusal.detail == "magic_key":
        return f"minimax-mock: {values['problem']}"
    if refusal.detail:
        values["problem"] = WORDINGS[refusal.detail].text.format(**values)
    return refusal.reason.message.format(**values) if values else refusal.reason.message
