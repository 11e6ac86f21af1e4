"""``POST https://fal.run/<endpoint>``: generate and answer at once."""

from __future__ import annotations

from mock_server.account import Account
from mock_server.dispatch import Arrival
from mock_server.faces.endpoint import Face, generate
from mock_server.faces.fal.answers import deliver, outside_run, platform_error, problem, request_id, respond
from mock_server.faces.fal.phases import FACE, authenticated, begin, token
from mock_server.faces.fal.schema import APPS, OWNER_ALIAS, App
from mock_server.faces.fal.translate import parser
from mock_server.faces.turn import Turn
from mock_server.response import Response

START_TIMEOUT = b"x-fal-request-timeout"
NOT_BILLED = ("x-fal-billable-units", "0")


def face_of(app: App) -> Face:
    """The dialect of one endpoint."""
    return Face(
        name=FACE,
        token=token,
        parse=parser(app),
        respond=respond,
        deliver=deliver,
        late=started_too_late,
        outside=outside_run,
    )


def started_too_late(arrival: Arrival) -> Response:
    """The answer when a request did not start within the client's ``X-Fal-Request-Timeout``."""
    headers = (("x-fal-request-timeout-type", "user"), ("x-fal-request-id", request_id(arrival.chance)))
    return platform_error(504, "request_timeout", "Request timed out", headers)


def start_timeout(turn: Turn) -> float | None:
    """The seconds within which the client wants its request to start; None when it does not say."""
    try:
        seconds = float(turn.headers.get(START_TIMEOUT, b""))
    except ValueError:
        return None
    return seconds if seconds > 0 else None


def no_such_path(path: str) -> Response:
    """The answer of fal's application to a path that it does not have."""
    return problem(404, f"Path {path} not found", (NOT_BILLED,))


def no_such_app(name: str) -> Response:
    """The answer to an application that does not exist (assumed)."""
    return problem(404, f'Application "{name}" not found', (NOT_BILLED,))


FACES = {app.id: face_of(app) for app in APPS.values()}


async def run(turn: Turn, name: str) -> None:
    """Answer a direct run of the endpoint called `name`."""
    face = FACES.get(name)
    if face is not None:
        begin(turn, "generate")
        turn.patience = start_timeout(turn) or turn.patience
        await generate(face, turn)
        return
    if not await turn.read():
        return
    account = authenticated(turn, "generate")
    await turn.send(account if isinstance(account, Response) else _unknown(account, name))


def _unknown(_: Account, name: str) -> Response:
    if name == OWNER_ALIAS or name.startswith(OWNER_ALIAS + "/"):
        return no_such_path(name[len(OWNER_ALIAS) :] or "/")
    return no_such_app("/".join(name.split("/")[:2]))
