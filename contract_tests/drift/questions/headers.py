"""Headers, and the id that is in one of them."""

from __future__ import annotations

import re

from contract_tests.drift.answer import HEX32, TRACE_BASE, Answer
from contract_tests.drift.questions import question
from contract_tests.targets.interface import CouldNotLookError

_RATE = re.compile(r"retry-after|.*rate-?limit.*", re.IGNORECASE)
SECONDS = 120
"""Between an id and the answer that carries it: a clock may be wrong, and an image takes its time."""


@question("content-type", "no-prompt")
def content_type(answer: Answer) -> str | None:
    """The type of a JSON answer."""
    return answer.from_api().header("content-type")


@question("vary", "no-prompt")
def vary(answer: Answer) -> str | None:
    """What an answer depends on."""
    return answer.from_api().header("vary")


@question("trace-id", "no-prompt")
def trace_id(answer: Answer) -> str:
    """Its form."""
    return _form(answer, "trace-id", HEX32)


@question("minimax-request-id", "no-prompt")
def request_id(answer: Answer) -> str:
    """Its form."""
    return _form(answer, "minimax-request-id", HEX32)


@question("alb-headers", "no-prompt")
def alb(answer: Answer) -> list[str]:
    """Their forms."""
    return [
        _form(answer, "alb_receive_time", re.compile(r"\d{10}(\.\d{1,3})?")),
        _form(answer, "alb_request_id", re.compile(r"[0-9a-f]{40}")),
    ]


@question("session-headers", "unknown-key", "unknown-model")
def session(refused: Answer, bound: Answer) -> list[bool]:
    """Whether they are there: where the key is wrong, and where key and body were read."""
    bound.accepted()
    names = ("x-session-id", "x-mm-request-id")
    return [answer.header(name) is not None for answer in (refused, bound) for name in names]


@question("no-rate-limit-headers", "unknown-key", "no-prompt")
def rate_headers(*answers: Answer) -> list[str]:
    """Headers that tell a client when to come again, or how often it may."""
    return sorted({name for answer in answers for name, _ in answer.headers if _RATE.fullmatch(name)})


@question("body-id", "unknown-model")
@question("body-id", "image-url")
def body_id(answer: Answer) -> str:
    """Whether the body's id is the Trace-Id header."""
    found, trace = answer.fields.get("id"), answer.header("trace-id")
    if not found or not trace:
        raise CouldNotLookError("the answer has no id, or no Trace-Id")
    return "the Trace-Id" if found == trace else "another one"


@question("id-formula", "unknown-model")
@question("id-formula", "image-url")
def id_formula(answer: Answer) -> str:
    """Whether the first eight digits of an id are the time."""
    found = answer.fields.get("id")
    if not isinstance(found, str) or not HEX32.fullmatch(found):
        raise CouldNotLookError("the answer has no id of 32 hex digits")
    if answer.at is None:
        raise CouldNotLookError("nobody noted when the answer came")
    return "the time" if abs(int(found[:8], 16) + TRACE_BASE - answer.at) <= SECONDS else "not the time"


def _form(answer: Answer, name: str, form: re.Pattern[str]) -> str:
    """The form that it matches, ``absent``, or what is there instead."""
    value = answer.from_api().header(name)
    if value is None:
        return "absent"
    return f"matches {form.pattern}" if form.fullmatch(value) else value
