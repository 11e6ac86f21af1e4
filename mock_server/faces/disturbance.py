"""Where the faults of a call take effect, written once for all faces and for downloads."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from math import inf

from msgspec import structs

from mock_server.core.types import Foreign, Picture
from mock_server.dispatch import Engine
from mock_server.faces.turn import Turn
from mock_server.faces.wire import TurnConnection
from mock_server.faults.plan import Hit
from mock_server.faults.stages import Spoiled
from mock_server.injection import Injection
from mock_server.journal import ImageNote
from mock_server.response import Response, plain, with_header

FAULT_HEADER = b"x-minimax-mock-faults"


async def held_back(turn: Turn, injection: Injection) -> bool:
    """Wait as long as a fault wants; False when the client did not, or said that it would not wait so long."""
    hit = injection.take("before")
    if hit is None:
        return True
    seconds = hit.fault.seconds_at(hit.moment)
    turn.whole = min(seconds, turn.patience) < inf
    return await turn.pause(min(seconds, turn.patience)) and seconds <= turn.patience


def foreign(answer: Foreign) -> Response:
    """The answer of something in between."""
    response = plain(answer.status, answer.body, answer.content_type.encode())
    for name, value in answer.headers:
        response = with_header(response, name.lower().encode(), value.encode())
    return response


async def spoiled(engine: Engine, hit: Hit, picture: Picture) -> tuple[bytes, ImageNote]:
    """The bytes that stand in the place of an image, and what the journal keeps of them."""

    def spoil() -> Spoiled:
        found: Spoiled = hit.fault.spoil(picture, lambda item: engine.renderer.render(item, keep=False), hit.moment)
        return found

    image = await asyncio.get_running_loop().run_in_executor(engine.threads, spoil)
    digest = sha256(image.data).hexdigest()
    return image.data, ImageNote(picture, len(image.data), digest, image.media_type)


async def send_disturbed(turn: Turn, injection: Injection, response: Response) -> None:
    """Send an answer as the faults in body and wire leave it."""
    hit = injection.take("body", response)
    if hit is not None:
        response = hit.fault.rewrite(response)
    head_only = turn.scope["method"] == "HEAD"
    wire = injection.take("wire", structs.replace(response, body=b"") if head_only else response)
    if injection.injected and turn.account is not None and turn.account.settings.fault_header:
        names = ", ".join(fault.label for fault in injection.injected)
        response = with_header(response, FAULT_HEADER, names.encode("ascii", "backslashreplace"))
    if wire is None:
        await turn.send(response)
        return
    if head_only:
        response = structs.replace(response, body=b"")
    turn.response = response
    await wire.fault.put(TurnConnection(turn), response)
