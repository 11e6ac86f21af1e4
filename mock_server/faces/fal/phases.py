"""One call of the queue or the storage: who calls, what disturbs it, what it is answered with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mock_server import ids
from mock_server.account import Account
from mock_server.core.credentials import key_or_bearer
from mock_server.core.reasons import Refusal
from mock_server.core.types import Foreign, ImageRequest
from mock_server.dispatch import Caller
from mock_server.faces.disturbance import held_back, send_disturbed
from mock_server.faces.fal.answers import outside, refused, request_id
from mock_server.faces.turn import Turn
from mock_server.faults.library import MAGIC
from mock_server.response import Response

FACE = "fal"
PROXIED = "fal-proxy"
"""The account of calls through ``/fal/proxy`` that carry no key: a real proxy would add its own."""


def token(headers: dict[bytes, bytes]) -> str | None:
    """The key of a call."""
    return key_or_bearer(headers.get(b"authorization"))


def begin(turn: Turn, endpoint: str) -> Caller:
    """Note in the journal what is called, and by whom."""
    turn.face, turn.endpoint = FACE, endpoint
    turn.token = token(turn.headers)
    if turn.token is None and b"x-fal-target-url" in turn.headers:
        turn.token = turn.place or PROXIED
    return Caller(FACE, turn.token, turn.place)


def authenticated(turn: Turn, endpoint: str) -> Account | Response:
    """The account that calls, or the answer to a stranger."""
    found = turn.engine.authenticate(begin(turn, endpoint))
    if isinstance(found, Refusal):
        return stranger(turn, found)
    turn.account, turn.now = found, found.clock.now()
    return found


def stranger(turn: Turn, refusal: Refusal) -> Response:
    """The answer to somebody who has no account."""
    turn.code, turn.reason = refusal.reason.code, refusal.reason.name
    return refused(refusal, chance_id(turn), turn.engine.nobody.profile.fal_retry_header)


def chance_id(turn: Turn) -> str:
    """A request id for a call that is about no job."""
    key = turn.account.draw_key if turn.account is not None else turn.engine.nobody.draw_key
    mark = ids.fingerprint(key, turn.scope["method"].encode() + turn.scope["path"].encode() + turn.body)
    return request_id(ids.draw(mark, turn.engine.state.ordinal(turn.account or turn.engine.nobody, mark)))


async def disturbed(
    turn: Turn, account: Account, request: ImageRequest | None, answer: Callable[[], Awaitable[Response]]
) -> None:
    """Send what `answer` gives, unless a fault of this phase stands in its place, or holds it up, or spoils it."""
    prompt = request.prompt if request is not None else ""
    turn.request = request
    if account.rules is None and MAGIC not in prompt:
        await turn.send(await answer())
        return
    subject = f"{turn.scope['method']} {turn.scope['path']}".encode() + turn.body
    injection = turn.injection = turn.engine.disturb(account, FACE, turn.endpoint, subject, request)
    if not await held_back(turn, injection):
        return
    hit = injection.take("outcome", request)
    if hit is None:
        response = await answer()
    else:
        outcome = hit.fault.outcome(request, hit.moment)
        if isinstance(outcome, Foreign):
            response = outside(outcome, chance_id(turn))
        else:
            turn.code, turn.reason = outcome.reason.code, outcome.reason.name
            response = refused(outcome, chance_id(turn), account.profile.fal_retry_header)
    await send_disturbed(turn, injection, response)
