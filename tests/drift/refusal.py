"""A refusal on its way from where it is decided to where it is sent, and the wordings of code 2013."""

from __future__ import annotations

from typing import Literal

from tests.drift.deviations import Ways

Tier = Literal["gateway", "binding", "handler"]

WORDINGS = {
    "syntax": "{problem}",
    "missing_parameter": "binding: expr_path={field}, cause=missing required parameter",
    "type_mismatch": "{problem}",
    "unknown_field": "unknown field {field}",
    "unsupported_model": "unsupported model",
    "empty_prompt": "prompt must not be empty",
    "prompt_too_long": "prompt length must be less than {limit}",
    "aspect_ratio": "aspect_ratio must be one of the documented ratios",
    "aspect_ratio_of_model": "aspect_ratio {value} is not supported by {model}",
    "size_incomplete": "width and height must be set together",
    "size_range": "{field} must be between 512 and 2048",
    "size_step": "{field} must be a multiple of 8",
    "size_of_model": "width and height are only supported by image-01",
    "n": "n must be between 1 and 9",
    "response_format": "response_format not 'url' or 'base64'",
    "style_of_model": "style is only supported by image-01-live",
    "style_type": "style_type not supported",
    "style_weight": "style_weight must be in (0, 1]",
    "reference_type": "subject_reference must be character",
    "reference_count": "only one subject_reference is supported",
    "references_of_model": "subject_reference is not supported by {model}",
    "reference_url": "subject_reference image_file must be a URL or a base64 data URL",
    "reference_format": "subject_reference image_file must be jpg, jpeg or png",
    "reference_base64": "subject_reference image_file is not valid base64",
    "reference_too_large": "subject_reference image_file must be less than 10MB",
    "reference_unreadable": "subject_reference image_file can not be decoded: {problem}",
}


class RefusedError(Exception):
    """The call is refused with `base_resp.status_code` and `status_msg`; the tier decides what else the body holds."""

    def __init__(self, tier: Tier, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.tier, self.code, self.message = tier, code, message


def invalid(ways: Ways, tier: Tier, rule: str, **values: object) -> RefusedError:
    """Code 2013 in the words of a rule."""
    wording = ways.reworded(rule) or WORDINGS[rule]
    return RefusedError(tier, 2013, "invalid params, " + wording.format(**values))
