"""Refusals: their status, shape and order."""

from __future__ import annotations

import json
from typing import Any

from contract_tests.drift.answer import Answer, present
from contract_tests.drift.questions import question
from contract_tests.targets.interface import CouldNotLookError

KEY_CODES = (1004, 2049)


@question("error-in-200", "unknown-key", "no-prompt")
def statuses(*answers: Answer) -> list[int]:
    """HTTP statuses of answers that hold an error."""
    if not all(answer.code for answer in answers):
        raise CouldNotLookError("nothing was refused")
    return [answer.status for answer in answers]


@question("gateway-errors", "unknown-key")
def keys(answer: Answer) -> list[str]:
    """The keys of a refusal by the gateway."""
    _refused_key(answer)
    return list(answer.fields)


@question("compact-json", "unknown-key")
@question("compact-json", "no-prompt")
def compact(answer: Answer) -> bool:
    """Whether a body has no white space besides that in its texts."""
    plain = json.dumps(answer.fields, separators=(",", ":"), ensure_ascii=False)
    return len(answer.body.decode("utf-8", "replace")) <= len(plain)


@question("auth-before-body", "no-key")
def key_or_body(answer: Answer) -> str:
    """What is told without a key, with an empty object for a body."""
    if answer.code not in {*KEY_CODES, 2013}:
        raise CouldNotLookError(f"answered {answer.code} ({answer.message})")
    return "the body" if answer.code == 2013 else "the key"


@question("binding-before-model", "model-and-prompt")
def field_or_model(answer: Answer) -> str:
    """What is told of an unknown model without a prompt."""
    said = str(answer.refusal())
    return "the model" if "model" in said and "prompt" not in said else "the missing field"


@question("model-before-limits", "unknown-model", "unknown-model-and-n")
def model_or_limit(model: Answer, answer: Answer) -> str:
    """What is told of an unknown model and too many images, where that model alone is refused."""
    model.refusal()
    said = str(answer.refusal())
    return "the model" if "model" in said else "the limit" if "n must" in said else said


@question("binding-errors", "no-prompt")
def keys_of_binding(answer: Answer) -> list[str]:
    """The keys of a refusal of what cannot be read."""
    answer.refusal()
    return list(answer.fields)


@question("refusal-invalid-params", "unknown-model")
@question("refusal-invalid-params", "no-prompt")
def invalid_params(answer: Answer) -> str:
    """How the words of 2013 begin."""
    return str(answer.refusal())[: len("invalid params, ")]


@question("bearer", "broken-json")
def bearer(answer: Answer) -> str:
    """Whether an account's key as a bearer token is one."""
    return "no key" if answer.code in KEY_CODES else "a key"


@question("refusal-unauthorized", "no-key")
def without_key(answer: Answer) -> list[Any]:
    """Code and words for a call without a key."""
    _refused_key(answer)
    return [answer.code, answer.message]


@question("wrong-scheme", "basic", "no-key")
def as_no_key(basic: Answer, none: Answer) -> str:
    """Whether another scheme is told as no key at all."""
    _refused_key(none)
    if basic.code in {0, 2013}:
        return "accepted"
    return "as no key" if basic.code == none.code else f"{basic.code}, and no key {none.code}"


@question("unknown-key", "garbled-key", "unknown-key")
def codes_by_shape(garbled: Answer, shaped: Answer) -> list[int]:
    """The codes for a key that looks like none, and for one that does but that nobody has."""
    _refused_key(garbled)
    _refused_key(shaped)
    return [garbled.code, shaped.code]


@question("refusal-invalid-key", "unknown-key")
def invalid_key(answer: Answer) -> Any:
    """The words for a key that nobody has."""
    return answer.refusal(2049)


@question("handler-error-id", "unknown-model")
def has_id(answer: Answer) -> str:
    """The id of a refusal for what the request says."""
    answer.refusal()
    return present(answer.fields, "id")


@question("error-data", "unknown-model")
def data(answer: Answer) -> str:
    """``data`` of a refusal."""
    answer.refusal()
    return present(answer.fields, "data")


@question("error-metadata", "unknown-model")
def metadata(answer: Answer) -> str:
    """``metadata`` of a refusal."""
    answer.refusal()
    return present(answer.fields, "metadata")


@question("no-openai-paths", "unknown-path")
def openai_path(answer: Answer) -> int:
    """What there is where OpenAI's API would be."""
    if b'"error"' in answer.body:
        raise CouldNotLookError("OpenAI's dialect is spoken there too: it is no host of MiniMax alone")
    return answer.status


@question("unknown-path", "nowhere")
@question("wrong-method", "get")
def not_found(answer: Answer) -> list[Any]:
    """Status, type and body of what is not there."""
    kind = (answer.header("content-type") or "absent").partition(";")[0]
    return [answer.status, kind, answer.body[:80].decode("latin-1")]


def _refused_key(answer: Answer) -> None:
    if answer.code not in KEY_CODES:
        raise CouldNotLookError(f"answered {answer.code} ({answer.message}), which is not about the key")
