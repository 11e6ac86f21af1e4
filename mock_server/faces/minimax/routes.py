"""``POST /v1/image_generation``: what this face adds to the road that all faces share."""

from __future__ import annotations

from msgspec import Raw

from mock_server import ids
from mock_server.core.credentials import bearer
from mock_server.core.reasons import Refusal
from mock_server.dispatch import Decision
from mock_server.faces.endpoint import Face
from mock_server.faces.minimax import translate
from mock_server.response import Response

_HEAD = (
    b"content-type: application/json; charset=utf-8\r\ncontent-length: %d\r\ntrace-id: %b\r\nminimax-request-id: %b\r\n"
    b"alb_receive_time: %b\r\nalb_request_id: %b\r\nvary: Accept-Encoding\r\n"
)
_SESSION = b"x-session-id: %b\r\nx-mm-request-id: %b_%d%b\r\n"


def token(headers: dict[bytes, bytes]) -> str | None:
    """The API key of a call."""
    return bearer(headers.get(b"authorization"))


def respond(decision: Decision, images: list[str] | list[Raw], notes: list[Raw] | None) -> Response:
    """The whole answer; `notes` stand for base64 images in the journal."""
    trace = ids.trace_id(decision.now, decision.chance)
    outcome, profile = decision.outcome, decision.profile
    body_id = trace if profile.body_id == "trace_id" else ids.trace_id(decision.now, decision.chance[48:])
    kept = None
    if isinstance(outcome, Refusal):
        body = translate.refusal(body_id, outcome, profile)
        handled = translate.reaches_handler(outcome)
    else:
        wanted = outcome.request.response_format
        body = translate.success(body_id, wanted, images, outcome.failed, profile)
        if notes is not None:
            kept = translate.success(body_id, wanted, notes, outcome.failed, profile)
        handled = True
    return Response(200, _head(decision, trace, len(body), handled=handled), body, kept)


# The 64 bytes of chance: 12 trace id, 16 request id, 16 image UUID, 20 load balancer; the session reads them backwards.
def _head(decision: Decision, trace: str, length: int, *, handled: bool) -> bytes:
    """The headers recorded on native endpoints (io, April 2026); sessions only once the handler was reached."""
    chance = decision.chance.hex().encode()
    received = (b"%.3f" % decision.now).rstrip(b"0").rstrip(b".")
    head = _HEAD % (length, trace.encode(), chance[24:56], received, chance[88:128])
    if not handled or decision.account is None:
        return head
    return head + _SESSION % (
        chance[31::-1],
        decision.account.group,
        decision.now,
        ids.base36(decision.chance[:6]),
    )


FACE = Face(name="minimax", token=token, parse=translate.parse, respond=respond)
ROUTES = {"/v1/image_generation": ("POST", FACE)}
