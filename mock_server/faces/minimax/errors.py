"""How this face words a refusal: the live text where one is recorded, else the likeliest in the same style."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.reasons import CC_SKILLS, Grade, Refusal


class Wording(Struct, frozen=True):
    """The text after ``invalid params, `` for one broken rule, with its grade and source."""

    text: str
    grade: Grade
    source: str = ""


_STYLE = "no recording; worded like its neighbours"
_BINDING = f"{CC_SKILLS}: errors-E400-*, recorded on sibling endpoints"

WORDINGS: dict[str, Wording] = {
    "missing_parameter": Wording("binding: expr_path={field}, cause=missing required parameter", "recorded", _BINDING),
    "syntax": Wording("{problem}", "recorded", _BINDING),
    "type_mismatch": Wording("{problem}", "assumed", "the same decoder's wording for a wrong type"),
    "unknown_field": Wording("unknown field {field}", "assumed", _STYLE),
    "unsupported_model": Wording(
        "unsupported model", "recorded", "https://github.com/sst/models.dev/pull/5436, image_generation"
    ),
    "empty_prompt": Wording("prompt must not be empty", "assumed", _STYLE),
    "prompt_too_long": Wording(
        "prompt length must be less than {limit}", "recorded", "five recordings, image_generation"
    ),
    "aspect_ratio": Wording(
        "aspect_ratio must be one of the documented ratios", "assumed", "code recorded, text looks paraphrased"
    ),
    "aspect_ratio_of_model": Wording("aspect_ratio {value} is not supported by {model}", "assumed", _STYLE),
    "size_incomplete": Wording("width and height must be set together", "assumed", _STYLE),
    "size_range": Wording("{field} must be between 512 and 2048", "assumed", _STYLE),
    "size_step": Wording("{field} must be a multiple of 8", "assumed", _STYLE),
    "size_of_model": Wording("width and height are only supported by image-01", "assumed", _STYLE),
    "n": Wording("n must be between 1 and 9", "assumed", "code recorded, text from third parties"),
    "response_format": Wording(
        "response_format not 'url' or 'base64'", "recorded", "function logs, image_generation"
    ),
    "style_of_model": Wording("style is only supported by image-01-live", "assumed", _STYLE),
    "style_type": Wording("style_type not supported", "assumed", _STYLE),
    "style_weight": Wording("style_weight must be in (0, 1]", "assumed", _STYLE),
    "reference_type": Wording(
        "subject_reference must be character", "recorded", "two recordings, image_generation"
    ),
    "reference_count": Wording("only one subject_reference is supported", "assumed", _STYLE),
    "references_of_model": Wording("subject_reference is not supported by {model}", "assumed", _STYLE),
    "reference_url": Wording("subject_reference image_file must be a URL or a base64 data URL", "assumed", _STYLE),
    "reference_format": Wording("subject_reference image_file must be jpg, jpeg or png", "assumed", _STYLE),
    "reference_base64": Wording("subject_reference image_file is not valid base64", "assumed", _STYLE),
    "reference_too_large": Wording("subject_reference image_file must be less than 10MB", "assumed", _STYLE),
    "reference_unreadable": Wording("subject_reference image_file can not be decoded: {problem}", "assumed", _STYLE),
    "reference_not_fetched": Wording("subject_reference image_file can not be fetched: {problem}", "assumed", _STYLE),
    "magic_prompt": Wording("minimax-mock: {problem}", "assumed", "the emulator's own, never live"),
}  # fmt: skip


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
