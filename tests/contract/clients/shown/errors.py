"""Where the bugs of errors show."""

from __future__ import annotations

import json

from tests.contract.clients.bench import ASK, Situation
from tests.contract.clients.errors import ClientError
from tests.contract.clients.shown import Shown

REFUSED = frozenset({"refused"})
NO_IMAGES = "blocked every image"


def _code(code: int) -> Situation:
    return Situation([ASK], [("status_code", {"code": code})])


SHOWN = {
    "ignores-base-resp": Shown(
        Situation(faults=[("set_field", {"path": "base_resp.status_code", "value": 1027})]),
        lambda seen: seen.images() and "took-error-for-success" in seen.findings,
        REFUSED,
    ),
    "lists-codes": Shown(_code(2056), lambda seen: NO_IMAGES in str(seen.error)),
    "images-before-status": Shown(_code(1002), lambda seen: "returned no images" in str(seen.error), REFUSED),
    "swallows-errors": Shown(
        _code(1004), lambda seen: seen.answers == [{"images": [], "failed": 0}], REFUSED | {"gateway"}
    ),
    "crashes-on-null-data": Shown(
        Situation(faults=[("null_data", {})]), lambda seen: isinstance(seen.error, AttributeError)
    ),
    "wants-an-id": Shown(_code(1004), lambda seen: isinstance(seen.error, KeyError), REFUSED),
    "json-traceback": Shown(
        Situation(faults=[("malformed_json", {})]),
        lambda seen: isinstance(seen.error, json.JSONDecodeError),
        frozenset({"gateway"}),
    ),
    "not-an-object-traceback": Shown(
        Situation(faults=[("http_status", {"status": 200, "body": "[]", "content_type": "application/json"})]),
        lambda seen: isinstance(seen.error, AttributeError),
    ),
    "rate-limit-is-content": Shown(_code(1002), lambda seen: seen.category() == "content"),
    "generic-errors": Shown(_code(2056), lambda seen: seen.told[0]["message"] == "image generation failed", REFUSED),
    "everything-is-server": Shown(_code(1004), lambda seen: seen.category() == "server", REFUSED),
    "output-moderation-is-server": Shown(_code(1027), lambda seen: seen.category() == "server"),
    "loses-code": Shown(_code(1004), lambda seen: seen.told[0]["code"] is None, REFUSED),
    "loses-message": Shown(_code(1004), lambda seen: seen.told[0]["message"] == "image generation failed", REFUSED),
    "lenient-base64": Shown(
        Situation(
            [ASK | {"response_format": "base64"}], [("set_field", {"path": "data.image_base64.0", "value": "AB<!>CD"})]
        ),
        lambda seen: not isinstance(seen.error, ClientError) and seen.images() == [b"\x00\x10\x83"],
    ),
}
