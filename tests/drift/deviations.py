"""The single ways in which the service can differ from what is known of MiniMax's, and the claim that each contradicts.

A deviation is one row here and one question `ways(NAME)` at the place where the service would otherwise do the known
thing. It changes one property and leaves every other as it is.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

ERRORS = {
    "errors-http-401": "error-in-200",
    "gateway-error-with-id": "gateway-errors",
    "errors-with-spaces": "compact-json",
    "body-before-auth": "auth-before-body",
    "model-before-binding": "binding-before-model",
    "no-key-other-words": "refusal-unauthorized",
    "other-scheme-as-invalid-key": "wrong-scheme",
    "unknown-key-1004": "unknown-key",
    "invalid-key-other-words": "refusal-invalid-key",
    "handler-error-without-id": "handler-error-id",
    "error-data-null": "error-data",
    "error-metadata-zero": "error-metadata",
    "unknown-path-json": "unknown-path",
    "wrong-method-405": "wrong-method",
    "binding-error-with-id": "binding-errors",
    "openai-path-401": "no-openai-paths",
}

LIMITS = {
    "model-optional": "model-required",
    "prompt-optional": "prompt-required",
    "any-model": "models",
    "prompt-1500-accepted": "prompt-limit",
    "long-prompts-refused": "prompt-1499",
    "prompt-in-bytes": "prompt-unit",
    "n-0-is-1": "n-limit",
    "n-10-accepted": "n-limit",
    "n-9-refused": "nine-images",
    "limits-before-model": "model-before-limits",
    "blank-prompt-accepted": "prompt-not-empty",
    "two-by-default": "n-default",
    "base64-by-default": "response-format-default",
    "wide-by-default": "size-default",
    "null-is-a-value": "null-fields",
    "any-content-type": "content-type-of-requests",
    "b64-json-accepted": "response-formats",
    "any-ratio": "aspect-ratios",
    "small-sizes-accepted": "size-range",
    "large-sizes-accepted": "size-range",
    "any-size-step": "size-step",
    "width-alone-accepted": "size-pair",
    "any-style": "style-types",
    "any-style-weight": "style-weights",
    "product-accepted": "reference-types",
    "private-address-accepted": "reference-private-address",
}

HEADERS = {
    "charset-missing": "content-type",
    "vary-missing": "vary",
    "trace-id-longer": "trace-id",
    "minimax-request-id-missing": "minimax-request-id",
    "alb-request-id-shorter": "alb-headers",
    "session-headers-always": "session-headers",
    "retry-after": "no-rate-limit-headers",
    "trace-id-differs": "body-id",
    "id-not-time": "id-formula",
}

SUCCESS = {
    "base-resp-first": "success-body",
    "success-count-first": "metadata-order",
    "counts-integers": "string-counts",
    "other-key-null": "other-image-key",
    "success-other-words": "success-message",
    "one-address-more": "image-urls",
    "base64-data-url": "base64",
    "one-failed-too-many": "failed-count",
}

PICTURES = {
    "png": "image-format",
    "size-off-by-8": "sizes",
    "custom-size-ignored": "custom-sizes",
    "size-over-ratio": "ratio-over-size",
    "seed-ignored": "seed",
    "images-alike": "images-differ",
}

ADDRESSES = {
    "other-scheme": "image-scheme",
    "other-host": "image-host",
    "key-with-slashes": "object-key",
    "one-query-parameter-more": "url-query",
    "expires-in-1-hour": "url-expiry",
    "octet-stream": "download",
    "range-ignored": "download-range",
    "unsigned-served": "download-unsigned",
    "tampered-served": "download-tampered",
    "head-served": "download-head",
    "etag-missing": "download-headers",
    "beyond-the-end-416": "download-range-outside",
    "any-key-id": "download-unknown-key-id",
    "authorization-accepted": "download-authorization",
}

OTHER_MODELS_AND_FIELDS = {
    "unknown-fields-refused": "unknown-fields",
    "live-model-size-refused": "live-model-size",
    "live-model-21-9-otherwise": "live-model-21-9",
    "live-model-references-refused": "live-model-references",
    "style-on-image-01-refused": "style-on-image-01",
    "data-urls-refused": "data-url-references",
    "one-reference-only": "multiple-references",
}

REWORDED = {
    "syntax": "body is not valid JSON",
    "missing_parameter": "{field} is required",
    "type_mismatch": "body has a field of the wrong type",
    "unsupported_model": "model is not supported",
    "empty_prompt": "prompt is empty",
    "prompt_too_long": "prompt length must be at most {limit}",
    "n": "n must be in [1, 9]",
    "response_format": "response_format must be url or base64",
    "aspect_ratio": "unsupported aspect_ratio",
    "size_incomplete": "width and height are required together",
    "size_range": "{field} must be in [512, 2048]",
    "size_step": "{field} must be divisible by 8",
    "style_type": "unknown style_type",
    "style_weight": "style_weight out of range",
    "reference_type": "subject_reference type must be character",
    "reference_url": "image_file must be a public URL",
    "reference_format": "image_file has an unsupported format",
    "reference_base64": "image_file can not be decoded",
}
"""Rule of the wordings -> what a service says that words it otherwise: deviation `reworded-RULE`."""

DEVIATIONS: dict[str, str] = (
    ERRORS
    | LIMITS
    | HEADERS
    | SUCCESS
    | PICTURES
    | ADDRESSES
    | OTHER_MODELS_AND_FIELDS
    | {f"reworded-{rule.replace('_', '-')}": f"wording-{rule.replace('_', '-')}" for rule in REWORDED}
)
"""Deviation -> id of the one claim that it contradicts."""


@dataclass(frozen=True)
class Ways:
    """What the service does otherwise: nothing, or one deviation."""

    deviation: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError, with the nearest name, for a deviation that does not exist."""
        if self.deviation is not None and self.deviation not in DEVIATIONS:
            near = difflib.get_close_matches(self.deviation, DEVIATIONS, 1, 0)[0]
            raise ValueError(f"no deviation {self.deviation!r}; the nearest is {near!r}")

    def __call__(self, name: str) -> bool:
        """Whether this is the deviation that was chosen. A name that has no row raises KeyError."""
        return DEVIATIONS[name] != "" and name == self.deviation

    def reworded(self, rule: str) -> str | None:
        """What is said in place of a rule's known wording, if that is the deviation."""
        return REWORDED[rule] if self.deviation == f"reworded-{rule.replace('_', '-')}" else None
