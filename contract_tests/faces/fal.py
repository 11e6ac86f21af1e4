"""fal's dialect: a queue. Submit, ask for the status, fetch the result, which is where errors of the model show.

How fal words MiniMax's refusals is recorded nowhere: the statuses are those of its own error pages, assumed.
"""

from __future__ import annotations

import json
from typing import Any

from contract_tests.codes import Code
from contract_tests.faces.interface import Body, Exchange, Face, Rule

_NAMES = {"num_images": "n"}
_OF_THE_JOB = frozenset({"status_code", "partial", "all_blocked", "delay", "hang"})
"""Faults of the generation itself. A gateway stands before the submission; what else befalls an answer befalls the one
that has the images.
"""

CODES: tuple[Code, ...] = (
    Code(1000, retryable=True, categories=("server",), told=500),
    Code(1001, retryable=True, categories=("server", "timeout"), told=504),
    Code(1002, retryable=True, categories=("rate_limit",), told=429),
    Code(1004, retryable=False, categories=("auth",), told=401),
    Code(1008, retryable=False, categories=("balance", "auth"), told=403),  # "User is locked": only its words say why
    Code(1024, retryable=True, categories=("server",), told=500),
    Code(1026, retryable=False, categories=("content", "invalid_request"), told=422),
    Code(1027, retryable=False, categories=("content", "invalid_request"), told=422),
    Code(1033, retryable=True, categories=("server",), told=500),
    Code(1039, retryable=True, categories=("rate_limit",), told=429),
    Code(2013, retryable=False, categories=("invalid_request",), told=400),
    Code(2049, retryable=False, categories=("auth",), told=401),
    Code(2061, retryable=False, categories=("balance", "auth", "invalid_request"), told=400),
)


def _native(body: Body) -> Body:
    """fal's names for the number of images and the reference, back in MiniMax's."""
    native = {_NAMES.get(field, field): value for field, value in body.items() if field != "image_url"}
    if "image_url" in body:
        native["subject_reference"] = [{"type": "character", "image_file": body["image_url"]}]
    return native


def _wire(request: Body) -> Body:
    names = {native: name for name, native in _NAMES.items()}
    body = {names.get(field, field): value for field, value in request.items() if field in _SENT}
    for reference in request.get("subject_reference") or ():
        body["image_url"] = reference["image_file"]
    return body


_SENT = frozenset({"prompt", "aspect_ratio", "n", "prompt_optimizer"})


def _urls(answer: Any) -> list[str]:
    files = answer.get("images") if isinstance(answer, dict) else None
    return [file["url"] for file in files or ()]


def _generations(exchanges: list[Exchange]) -> list[Exchange]:
    """What was submitted, each with the answer that its job was fetched with, if it was."""
    found: list[Exchange] = []
    places: dict[str, int] = {}
    for item in exchanges:
        if item["endpoint"] in {"generate", "submit"}:
            places[_job(item)] = len(found)
            found.append(item)
        elif item["endpoint"] == "result" and item["reason"] != "in_progress":
            number = item["path"].partition("/requests/")[2].partition("/")[0]
            if number in places:
                submitted = found[places[number]]
                found[places[number]] = item | {"request": submitted["request"]}
    return found


def _job(submitted: Exchange) -> str:
    """The id of the job that was made of a submission."""
    try:
        said = json.loads(submitted["response"]["body"])
    except (ValueError, KeyError):
        return ""
    return str(said.get("request_id", "")) if isinstance(said, dict) else ""


def _rule(rule: Rule) -> Rule:
    """A rule for a generation, put to the phase that it would befall, with the names that things have there."""
    fault = dict(rule["fault"])
    if fault["kind"] == "null_data":
        fault = {"kind": "set_field", "path": "images", "value": None}
    elif fault.get("path") == "data":
        fault["path"] = "images"
    when = dict(rule.get("when", {}))
    if when.get("endpoint") == "generate" and fault["kind"] not in _OF_THE_JOB:
        when["endpoint"] = "submit" if fault["kind"] == "http_status" else "result"
    return {**rule, "fault": fault} | ({"when": when} if when else {})


FACE = Face(
    name="fal",
    path="/queue/fal-ai/minimax/image-01",
    scheme="key",
    codes=CODES,
    native=_native,
    wire=_wire,
    urls=_urls,
    generations=_generations,
    rule=_rule,
    account={"jobs": "immediate"},
    base64_path="",
    extra=("trace", "images.0.width", "seed", "images.0.extra.deep", "timings"),
    refused=({"n": 0}, {"n": 10}, {"aspect_ratio": "5:4"}, {"prompt": "x" * 1501}, {"prompt": ""}),
    asked_wrong=({"aspect_ratio": "99:99"}, {"prompt": "a red fox in the snow " * 80}),
    spelling=frozenset({"fal_retry_header", "fal_cancel", "fal_all_blocked"}),
    without={
        "errors.inside-200": "this dialect has HTTP statuses for errors (errors.own looks at them)",
        "errors.code-over-images": "this dialect has HTTP statuses for errors, and no images beside them",
        "errors.bad-base64": "this dialect has no base64",
    },
)
