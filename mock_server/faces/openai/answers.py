"""Whole answers of the gateway: bodies with their headers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Raw, Struct

from mock_server.core.models import RATIOS
from mock_server.core.prices import PRICE_MICRO_USD
from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal, refuse
from mock_server.dispatch import Arrival, Caller, Decision, Success
from mock_server.faces.openai import errors, translate
from mock_server.faces.turn import Turn
from mock_server.response import Response

_HEAD = b"content-type: application/json\r\ncontent-length: %d\r\nx-request-id: req_%b\r\n"
_MICRO_CENT = 10_000


def respond(decision: Decision, images: list[str] | list[Raw], notes: list[Raw] | None) -> Response:
    """The whole answer to a decided call; `notes` stand for base64 images in the journal."""
    outcome, profile = decision.outcome, decision.profile
    if isinstance(outcome, Refusal):
        return _refusal(decision, outcome)
    if not images and profile.gateway_all_blocked == "refused":
        spelling = errors.ALL_BLOCKED
        code = translate.code_of(spelling.status, None, profile)
        body = translate.error(spelling.type, spelling.text, None, code)
        return _answer(spelling.status, body, decision.chance, _should_retry(profile, retryable=False))
    wanted, created = outcome.request.response_format, int(decision.now)
    body = translate.success(created, wanted, images, profile)
    kept = None if notes is None else translate.success(created, wanted, notes, profile)
    return _answer(200, body, decision.chance, _cost(decision, outcome) + _shape(outcome), kept)


def _refusal(decision: Decision, refused: Refusal) -> Response:
    said = errors.spelled(refused)
    more = b"" if said.retry_after is None or said.status != 429 else b"retry-after: %d\r\n" % said.retry_after
    retryable = said.status in {429, 500, 503} and refused.reason.retryable
    more += _should_retry(decision.profile, retryable=retryable)
    return _answer(said.status, translate.refusal(refused, said, decision.profile), decision.chance, more)


def listed(arrival: Arrival, content: Struct) -> Response:
    """An answer to a call that does not generate."""
    return _answer(200, msgspec.json.encode(content), arrival.chance)


def refused(turn: Turn, spelling: errors.Spelling, values: Mapping[str, object], more: bytes = b"") -> Response:
    """An answer of the gateway itself, before anybody was asked, or in the place of one that went wrong."""
    subject = b"%b %b" % (turn.scope["method"].encode(), turn.scope["raw_path"])
    nobody = turn.engine.turned_away(Caller("openai", None), subject, refuse("unauthorized"))
    profile = nobody.profile if turn.account is None else turn.account.profile
    code = translate.code_of(spelling.status, None, profile)
    body = translate.error(spelling.type, spelling.text.format(**values), None, code)
    return _answer(spelling.status, body, nobody.chance, more)


def _answer(status: int, body: bytes, chance: bytes, more: bytes = b"", kept: bytes | None = None) -> Response:
    return Response(status, _HEAD % (len(body), chance[:12].hex().encode()) + more, body, kept)


def _should_retry(profile: Profile, *, retryable: bool) -> bytes:
    if profile.gateway_should_retry == "absent":
        return b""
    return b"x-should-retry: true\r\n" if retryable else b"x-should-retry: false\r\n"


def _cost(decision: Decision, outcome: Success) -> bytes:
    charged = decision.profile.blocked_images == "charged"
    images = outcome.request.n if charged else outcome.album.count
    cents = PRICE_MICRO_USD["openai"][outcome.request.model] * images / _MICRO_CENT
    return b"x-cost-cents: %b\r\n" % f"{cents:g}".encode()


def _shape(outcome: Success) -> bytes:
    """What was made of size and ratio, for whoever wonders."""
    width, height = outcome.album.size
    ratio = next((name for name, size in RATIOS.items() if size == (width, height)), "")
    return f"x-minimax-mock-size: {width}x{height}{' ' + ratio if ratio else ''}\r\n".encode()
