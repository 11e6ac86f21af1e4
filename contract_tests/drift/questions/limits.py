"""Limits, each at its boundary: what is refused, in which words, and what other models and fields do."""

from __future__ import annotations

from typing import Any

from contract_tests.drift.answer import Answer
from contract_tests.drift.questions import question
from contract_tests.targets.interface import CouldNotLookError

FORBIDDEN = 1000
"""The code for a reference at an address that is not public (recorded)."""


@question("model-required", "no-model")
@question("prompt-required", "no-prompt")
@question("models", "unknown-model")
@question("prompt-limit", "prompt-1500", "prompt-1501")
@question("n-limit", "n-0", "n-10")
@question("response-formats", "b64-json")
@question("aspect-ratios", "ratio-99")
@question("size-range", "width-504", "width-2056")
@question("size-step", "width-1001")
@question("size-pair", "width-alone")
@question("style-types", "style-type")
@question("style-weights", "style-weight")
@question("reference-types", "product")
@question("live-model-21-9", "live-21-9")
@question("style-on-image-01", "style-on-image-01")
@question("unknown-fields", "unknown-field")
@question("prompt-not-empty", "blank-prompt")
@question("reference-addresses", "no-address")
@question("reference-formats", "gif")
@question("reference-fetched", "no-picture")
@question("seed-range", "seed-65-bits")
@question("null-fields", "null-fields")
@question("content-type-of-requests", "as-text")
def refused(*answers: Answer) -> list[str]:
    """Whether each call was carried out or refused."""
    return ["accepted" if answer.accepted() else "refused" for answer in answers]


@question("wording-syntax", "broken-json")
@question("wording-missing-parameter", "no-prompt")
@question("wording-missing-parameter", "no-model")
@question("wording-type-mismatch", "wrong-type")
@question("wording-unsupported-model", "unknown-model")
@question("wording-empty-prompt", "empty-prompt")
@question("wording-prompt-too-long", "prompt-1501")
@question("wording-n", "n-10")
@question("wording-response-format", "b64-json")
@question("wording-aspect-ratio", "ratio-99")
@question("wording-size-incomplete", "width-alone")
@question("wording-size-range", "width-504")
@question("wording-size-step", "width-1001")
@question("wording-style-type", "style-type")
@question("wording-style-weight", "style-weight")
@question("wording-reference-type", "product")
@question("wording-reference-url", "no-address")
@question("wording-reference-format", "gif")
@question("wording-reference-base64", "no-base64")
def wording(answer: Answer) -> Any:
    """The words of a refusal."""
    return answer.refusal()


@question("wording-reference-unreadable", "no-picture")
def beginning(answer: Answer) -> str:
    """The words of a refusal, but for the details at their end."""
    return str(answer.refusal()).partition(": ")[0]


@question("prompt-1499", "ratio-and-size")
def long_prompt(answer: Answer) -> str:
    """Whether a prompt that is just not too long is taken."""
    if not answer.accepted() and "prompt" not in str(answer.message):
        raise CouldNotLookError(f"refused for something else: {answer.message}")
    return "accepted" if answer.accepted() else "refused"


@question("prompt-unit", "custom-size")
def prompt_unit(answer: Answer) -> str:
    """Whether 630 Chinese characters, which are 1890 bytes, are too long."""
    if not answer.accepted() and "prompt" not in str(answer.message):
        raise CouldNotLookError(f"refused for something else: {answer.message}")
    return "characters" if answer.accepted() else "bytes"


@question("reference-private-address", "private-address")
def private_address(answer: Answer) -> str:
    """Whether a reference that only this machine could fetch is refused."""
    if answer.code not in {0, FORBIDDEN, 2013}:
        raise CouldNotLookError(f"answered {answer.code} ({answer.message})")
    return "refused" if answer.code else "accepted"


@question("refusal-forbidden-reference", "private-address")
def forbidden(answer: Answer) -> list[Any]:
    """What is said of it."""
    private_address(answer)
    if not answer.code:
        raise CouldNotLookError("it was not refused")
    return [answer.code, answer.message]


@question("nine-images", "nine-images")
def nine(answer: Answer) -> int | str:
    """How many images nine are."""
    return len(answer.encoded()) if answer.accepted() else "refused"


@question("data-url-references", "data-url")
def data_url(answer: Answer) -> str:
    """Whether a reference may be a data URL."""
    if answer.code in {0, FORBIDDEN}:
        return "refused" if answer.code else "accepted"
    raise CouldNotLookError(f"answered {answer.code} ({answer.message})")


@question("multiple-references", "data-url", "two-references")
@question("live-model-references", "data-url", "live-reference")
def with_reference(one: Answer, other: Answer) -> str:
    """Whether that is accepted too, where one reference is."""
    one.success()
    return "accepted" if other.accepted() else "refused"
