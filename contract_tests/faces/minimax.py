"""The native dialect: ``POST /v1/image_generation``, errors inside HTTP 200."""

from __future__ import annotations

from typing import Any

from contract_tests.codes import CODES
from contract_tests.faces.interface import Body, Face

REFUSED: tuple[Body, ...] = (
    {"n": 0}, {"n": 10}, {"aspect_ratio": "5:4"}, {"width": 500, "height": 512}, {"width": 512, "height": 513},
    {"width": 1024}, {"height": 2056, "width": 2056}, {"response_format": "b64_json"}, {"model": "image-02"},
    {"prompt": "x" * 1501}, {"prompt": ""},
)  # fmt: skip
"""Requests that the service refuses with 2013 (documented limits, and recordings of the image endpoint)."""
INVALID: tuple[Body, ...] = (
    {"aspect_ratio": "99:99"},
    {"prompt": "a red fox in the snow " * 80},
    {"response_format": "b64_json"},
    {"model": "image-02"},
)
"""Each was recorded to be refused by the image endpoint, with 2013."""


def _urls(answer: Any) -> list[str]:
    data = answer.get("data") if isinstance(answer, dict) else None
    return list((data or {}).get("image_urls") or [])


FACE = Face(
    name="minimax",
    path="/v1/image_generation",
    codes=CODES,
    native=dict,
    wire=dict,
    urls=_urls,
    base64_path="data.image_base64.0",
    extra=("trace", "data.revised_prompt", "metadata.total", "base_resp.request_id", "data.extra.deep", "usage"),
    refused=REFUSED,
    asked_wrong=INVALID,
    spelling=frozenset({"counts", "other_image_key", "error_data", "error_metadata", "all_blocked", "body_id"}),
    without={},
)
