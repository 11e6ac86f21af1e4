"""What any service is asked, emulated or not: free questions first, then as few images as decide most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from contract_tests.faces.interface import Face
from contract_tests.faces.minimax import FACE as MINIMAX
from contract_tests.strategies import CanSend, plain
from contract_tests.targets.guard import Terms

WRONG_KEY = "sk-api-mock-2049--contract-tests-wrong-key"
"""No service knows it; the emulator knows it as wrong."""
PROMPT = "a small red lighthouse at dawn, 灯塔"


class Question(Struct, frozen=True):
    """One call: what is asked, with which key, and what may be sent for it.

    ``cost`` is how many images it buys, ``risk`` how many it could cost if the service carried out what it documents
    to refuse.
    """

    case: str
    request: Mapping[str, Any]
    terms: Terms
    cost: int = 0
    risk: int = 0
    key: str | None = None


def key_question(can_send: CanSend) -> Question:
    """The call with a wrong key."""
    return Question("wrong-key", plain(can_send, n=1), Terms(most=1, once=True, foreign_key=True), key=WRONG_KEY)


def _invalid(can_send: CanSend, face: Face) -> list[Question]:
    able = [wrong for wrong in face.asked_wrong if all(can_send(field) for field in wrong)]
    return [
        Question("invalid-parameters", plain(can_send, n=1) | wrong, Terms(only=wrong, most=1, once=True), risk=1)
        for wrong in able
    ]


def _too_many(can_send: CanSend, _face: Face) -> list[Question]:
    return [Question("too-many", plain(can_send, n=10), Terms(only={"n": 10}, most=10, once=True), risk=10)]


def _by_url(can_send: CanSend, _face: Face) -> list[Question]:
    asked = plain(can_send, n=1, aspect_ratio="16:9", seed=1234567, response_format="url") | {"prompt": PROMPT}
    return [Question("image-by-url", asked, Terms(most=1, once=True), cost=1)]


def _base64(can_send: CanSend, _face: Face) -> list[Question]:
    size = {"width": 640, "height": 512} if can_send("width") and can_send("height") else {}
    asked = plain(can_send, n=1, response_format="base64", **size)
    return [Question("image-base64", asked, Terms(most=1, once=True), cost=1)]


CASES = {
    "wrong-key": lambda can_send, _face: [key_question(can_send)],
    "invalid-parameters": _invalid,
    "too-many": _too_many,
    "image-by-url": _by_url,
    "image-base64": _base64,
}


def questions(case: str, can_send: CanSend, face: Face = MINIMAX) -> list[Question]:
    """The calls of a case that a client of that face can make."""
    return CASES[case](can_send, face)
