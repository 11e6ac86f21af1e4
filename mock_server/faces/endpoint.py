"""Generation, written once for all faces: read, decide, wait, render, send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256

from msgspec import Raw, Struct

from mock_server.core.reasons import Refusal
from mock_server.core.types import Picture
from mock_server.dispatch import Caller, Decision, Engine, Parse, Success, latency_of
from mock_server.faces.files import image_urls
from mock_server.faces.responses import Response
from mock_server.faces.turn import Turn
from mock_server.journal import ImageNote


class Face(Struct, frozen=True):
    """One wire dialect: how it names the caller, reads a body and writes an answer. All pure."""

    name: str
    token: Callable[[dict[bytes, bytes]], str | None]
    parse: Parse
    respond: Callable[[Decision, list[str] | list[Raw], list[Raw] | None], Response]


async def generate(face: Face, turn: Turn) -> None:
    """Answer one generation request."""
    engine = turn.engine
    turn.face, turn.endpoint = face.name, "generate"
    turn.token = face.token(turn.headers)
    if not await turn.read():
        return
    caller = Caller(face.name, turn.token, turn.place, turn.region)
    decision = await engine.decide(caller, turn.body, turn.headers, face.parse)
    outcome = decision.outcome
    turn.account, turn.now = decision.account, decision.now
    turn.request = decision.request
    images: list[str] | list[Raw] = []
    notes: list[Raw] | None = None
    if isinstance(outcome, Refusal):
        turn.code, turn.reason = outcome.reason.code, outcome.reason.name
    else:
        turn.code = 0
        if outcome.request.response_format == "base64":
            images, notes = await _encoded(engine, outcome, turn)
        else:
            images = _linked(outcome, turn)
    if decision.account is not None and decision.account.settings.latency != "none":
        seconds = latency_of(decision.account, not isinstance(outcome, Refusal), decision.chance)
        if not await turn.pause(seconds):
            return
    await turn.send(face.respond(decision, images, notes))


def _linked(outcome: Success, turn: Turn) -> list[str]:
    """Signed URLs of the images, which are kept as what they show until somebody fetches them."""
    album = outcome.album
    if not album.count:
        return []
    key = album.key
    turn.engine.state.remember(key, album)
    turn.images = album
    return image_urls(turn, key, album)


async def _encoded(engine: Engine, outcome: Success, turn: Turn) -> tuple[list[Raw], list[Raw]]:
    """The images as JSON strings of base64, and what the journal keeps of each."""
    from pybase64 import b64encode

    images, kept, facts = [], [], []
    for index in range(outcome.album.count):
        picture = outcome.album.picture(index)
        if picture is None:
            continue
        jpeg = await rendered(engine, picture, keep=False)
        note = ImageNote(picture, len(jpeg), sha256(jpeg).hexdigest() if picture.references else "")
        images.append(Raw(b'"%b"' % b64encode(jpeg)))
        kept.append(Raw(f'"{note.placeholder}"'.encode()))
        facts.append(note)
    turn.images = tuple(facts)
    return images, kept


async def rendered(engine: Engine, picture: Picture, *, keep: bool = True) -> bytes:
    """The JPEG of a picture: at once when that takes less than a millisecond, else in a thread."""
    quick = engine.renderer.quick(picture, keep=keep)
    if quick is not None:
        return quick
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(engine.threads, lambda: engine.renderer.render(picture, keep=keep))
