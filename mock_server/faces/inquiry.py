"""Calls that do not generate, written once for all faces: find the account, let faults act, answer."""

from __future__ import annotations

from collections.abc import Callable

from mock_server import ids
from mock_server.core.reasons import Refusal
from mock_server.core.types import Foreign
from mock_server.dispatch import Arrival, Caller, Decision, Engine
from mock_server.faces.disturbance import foreign, held_back, send_disturbed
from mock_server.faces.endpoint import Face
from mock_server.faces.turn import Turn
from mock_server.faults.plan import Call
from mock_server.injection import Injection
from mock_server.response import Response


async def inquire(face: Face, turn: Turn, endpoint: str, answer: Callable[[Arrival], Response | Refusal]) -> None:
    """Answer one call of `endpoint` for which `answer` knows what the account gets."""
    turn.face, turn.endpoint = face.name, endpoint
    turn.token = face.token(turn.headers)
    if not await turn.read():
        return
    caller = Caller(face.name, turn.token, turn.place, turn.region)
    subject = b"%b %b\n%b" % (turn.scope["method"].encode(), turn.scope["raw_path"], turn.body)
    arrival = arrive(turn.engine, caller, endpoint, subject)
    turn.account, turn.now, turn.injection = arrival.account, arrival.now, arrival.injection
    if turn.injection is not None and not await held_back(turn, turn.injection):
        return
    response = _answer(face, turn, arrival, answer)
    if turn.injection is None:
        await turn.send(response)
    else:
        await send_disturbed(turn, turn.injection, response)


def arrive(engine: Engine, caller: Caller, endpoint: str, subject: bytes) -> Arrival:
    """The caller of an endpoint with what may be injected; `subject` tells such calls apart."""
    found = engine.authenticate(caller)
    if isinstance(found, Refusal):
        return engine.turned_away(caller, subject, found)
    mark = ids.fingerprint(found.draw_key, subject)
    chance = ids.draw(mark, engine.state.ordinal(found, mark))
    call = Call(caller.face, endpoint, None, found.clock.now(), chance, found.settings.plan_name)
    injection = None if found.rules is None else Injection(engine.state, found, call)
    return Arrival(caller.face, found, found.profile, call.now, chance, None, None, injection)


def _answer(face: Face, turn: Turn, arrival: Arrival, answer: Callable[[Arrival], Response | Refusal]) -> Response:
    """What a fault, the missing account, or else `answer` says."""
    hit = turn.injection.take("outcome") if turn.injection is not None else None
    outcome: Response | Refusal | Foreign
    outcome = hit.fault.outcome(None, hit.moment) if hit is not None else arrival.refusal or answer(arrival)
    if isinstance(outcome, Foreign):
        return foreign(outcome)
    if isinstance(outcome, Refusal):
        turn.code, turn.reason = outcome.reason.code, outcome.reason.name
        decision = Decision(arrival.account, arrival.profile, arrival.now, arrival.chance, outcome)
        return face.respond(decision, [], None)
    turn.code = 0
    return outcome
