"""``POST /v1/image_generation``: what this face adds to the road that all faces share."""

from __future__ import annotations

from msgspec import Raw

from mock_server import ids
from mock_server.core.credentials import bearer
from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal
from mock_server.core.types import ImageRequest
from mock_server.dispatch import Decision, Parse
from mock_server.faces.endpoint import Face
from mock_server.faces.minimax import translate
from mock_server.faces.responses import Headers, Response

_JSON = (b"content-type", b"application/json; charset=utf-8")
_VARY = (b"vary", b"Accept-Encoding")


def token(headers: dict[bytes, bytes]) -> str | None:
    """The API key of a call."""
    return bearer(headers.get(b"authorization"))


def parser(headers: dict[bytes, bytes]) -> Parse:
    """How the body of a call with these headers is read."""
    content_type = headers.get(b"content-type", b"")

    def parse(body: bytes, profile: Profile) -> ImageRequest | Refusal:
        return translate.parse(body, content_type, profile)

    return parse


def respond(decision: Decision, images: list[str] | list[Raw], notes: list[Raw] | None) -> Response:
    """The whole answer; `notes` stand for base64 images in the journal."""
    trace = ids.trace_id(decision.now, decision.chance)
    outcome, profile = decision.outcome, decision.profile
    body_id = trace if profile.body_id == "trace_id" else ids.trace_id(decision.now, decision.chance[12:])
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
    return Response(200, _headers(decision, trace, len(body), handled=handled), body, kept)


def _headers(decision: Decision, trace: str, length: int, *, handled: bool) -> Headers:
    """The headers recorded on native endpoints (io, April 2026); sessions only once the handler was reached."""
    chance = decision.chance
    headers: Headers = [
        _JSON,
        (b"content-length", b"%d" % length),
        (b"trace-id", trace.encode()),
        (b"minimax-request-id", chance[12:28].hex().encode()),
        (b"alb_receive_time", f"{decision.now:.3f}".rstrip("0").rstrip(".").encode()),
        (b"alb_request_id", chance[28:48].hex().encode()),
        _VARY,
    ]
    if handled and decision.account is not None:
        account = decision.account
        if not account.group:
            account.group = ids.group_id(ids.draw(account.draw_key, b"group"))
        request_id = f"{account.group}_{int(decision.now)}{ids.base36(chance[58:64], 6)}"
        headers.append((b"x-session-id", chance[48:64].hex().encode()))
        headers.append((b"x-mm-request-id", request_id.encode()))
    return headers


FACE = Face(name="minimax", token=token, parser=parser, respond=respond)
ROUTES = {"/v1/image_generation": ("POST", FACE)}
