"""Generation, written once for all faces: read, decide, wait, render, send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256

from msgspec import Raw, Struct

from mock_server.album import Album
from mock_server.core.reasons import Refusal
from mock_server.core.types import Foreign
from mock_server.dispatch import Arrival, Caller, Decision, Parse, Success
from mock_server.faces.disturbance import foreign, held_back, send_disturbed, spoiled
from mock_server.faces.oss_urls import image_urls
from mock_server.faces.rendering import rendered
from mock_server.faces.turn import Turn
from mock_server.journal import ImageNote
from mock_server.latency import latency_of
from mock_server.response import Response

Deliver = Callable[[Turn, Success], Awaitable[list[Raw]]]


class Face(Struct, frozen=True):
    """One wire dialect: how it names the caller, reads a body, links to images and writes an answer."""

    name: str
    token: Callable[[dict[bytes, bytes]], str | None]
    parse: Parse
    respond: Callable[[Decision, list[str] | list[Raw], list[Raw] | None], Response]
    link: Callable[[Turn, Album], tuple[str, list[str]]] = image_urls
    """What an album is kept under, and a URL for each of its images."""
    deliver: Deliver | None = None
    """How images are handed over, where it is not as URLs or base64."""
    late: Callable[[Arrival], Response] | None = None
    """The answer when a call is held back longer than its client is ready to wait (``Turn.patience``)."""
    outside: Callable[[Foreign, Arrival], Response] = lambda answer, _: foreign(answer)
    """The answer of something in between, as this face's client gets it."""


async def generate(face: Face, turn: Turn) -> None:
    """Answer one generation request."""
    engine = turn.engine
    turn.face, turn.endpoint = face.name, "generate"
    turn.token = face.token(turn.headers) or turn.token
    if not await turn.read():
        return
    caller = Caller(face.name, turn.token, turn.place, turn.region)
    arrival = engine.receive(caller, turn.body, turn.headers, face.parse)
    turn.account, turn.now, turn.injection = arrival.account, arrival.now, arrival.injection
    turn.request = arrival.request
    if turn.injection is not None and not await held_back(turn, turn.injection):
        if face.late is not None and not turn.client_gone:
            await turn.send(face.late(arrival))
        return
    decision = await engine.decide(arrival)
    response = face.outside(decision, arrival) if isinstance(decision, Foreign) else await answer(face, turn, decision)
    account = arrival.account
    if account is not None and account.settings.latency != "none":
        seconds = latency_of(account, turn.code == 0, arrival.chance)
        if not await turn.pause(seconds):
            return
    if turn.injection is None:
        await turn.send(response)
    else:
        await send_disturbed(turn, turn.injection, response)


async def answer(face: Face, turn: Turn, decision: Decision) -> Response:
    """The answer to a decided call, before anything disturbs it."""
    outcome = decision.outcome
    images: list[str] | list[Raw] = []
    notes: list[Raw] | None = None
    if isinstance(outcome, Refusal):
        turn.code, turn.reason = outcome.reason.code, outcome.reason.name
    else:
        turn.code = 0
        if face.deliver is not None:
            images = await face.deliver(turn, outcome)
        elif outcome.request.response_format == "base64":
            images, notes = await _encoded(turn, outcome)
        else:
            images = linked(face, turn, outcome.album)
    return face.respond(decision, images, notes)


def linked(face: Face, turn: Turn, album: Album) -> list[str]:
    """URLs of the images, which are kept as what they show until somebody fetches them."""
    if not album.count:
        return []
    key, urls = face.link(turn, album)
    turn.engine.state.remember(key, album)
    turn.images = album
    return urls


async def _encoded(turn: Turn, outcome: Success) -> tuple[list[Raw], list[Raw]]:
    """The images as JSON strings of base64, and what the journal keeps of each."""
    from pybase64 import b64encode

    engine, album = turn.engine, outcome.album
    first = album.picture(0)
    hit = turn.injection.take("image", first) if turn.injection is not None and first is not None else None
    images, kept, facts = [], [], []
    for index in range(album.count):
        picture = album.picture(index)
        if picture is None:
            continue
        if hit is None:
            data = await rendered(engine, picture, keep=False)
            note = ImageNote(picture, len(data), sha256(data).hexdigest() if picture.references else "")
        else:
            data, note = await spoiled(engine, hit, picture)
        images.append(Raw(b'"%b"' % b64encode(data)))
        kept.append(Raw(f'"{note.placeholder}"'.encode()))
        facts.append(note)
    turn.images = tuple(facts)
    return images, kept
