"""``GET`` of an image URL, written once for every store of images."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from mock_server.album import Album
from mock_server.core.types import Picture
from mock_server.faces.disturbance import foreign, held_back, send_disturbed, spoiled
from mock_server.faces.ranges import UnsatisfiableRangeError
from mock_server.faces.rendering import rendered
from mock_server.faces.turn import Turn
from mock_server.faults.library import in_prompt
from mock_server.injection import Injection
from mock_server.journal import ImageNote
from mock_server.marks import Mark, mark_of
from mock_server.response import Response


class Store(Struct, frozen=True):
    """Where images lie: how it names them, what it asks of a request, and how it answers. All pure.

    Errors go by the names of ``mock_server.faces.oss_errors.ERRORS``; each store words them its own way.
    """

    locate: Callable[[str], tuple[str, int]]
    """An object's name → the key under which the state keeps its album, and the image's index; ("", 0) for others."""
    check: Callable[[Turn, str], str | None]
    """The error with which the store refuses a request before it looks for the object."""
    refused: Callable[[Turn, str, str], Response]
    """The answer for an error and an object's name."""
    file: Callable[[Turn, Album, bytes, Mark, ImageNote], Response]
    """The answer with the file, or a part of it. Raises `UnsatisfiableRangeError`."""


async def download(turn: Turn, store: Store, name: str) -> None:
    """Answer a request for the object called `name`."""
    turn.endpoint = "download"
    if not await turn.read():
        return
    key, number = store.locate(name)
    album = turn.engine.state.album(key)
    if album is not None:
        turn.account = turn.engine.state.account(album.owner)
        turn.face = album.face
        turn.request = album.request
    clock = turn.account.clock if turn.account else turn.engine.clock
    turn.now = clock.now()
    if album is not None:
        turn.injection = _injection(turn, album, name)
    picture = album.picture(number) if album is not None else None
    if turn.injection is None:
        await turn.send(await _answer(turn, store, name, album, picture))
    elif await held_back(turn, turn.injection):
        answer = _refusal(turn, store, turn.injection, name) or await _answer(turn, store, name, album, picture)
        await send_disturbed(turn, turn.injection, answer)


def _injection(turn: Turn, album: Album, name: str) -> Injection | None:
    """What may be injected into the download of an image whose account has rules, or whose prompt asks for faults."""
    engine, request, account = turn.engine, album.request, turn.account
    if account is None:
        return None
    asked = in_prompt(request.prompt)
    if asked is not None:
        engine.state.prompt_plan(account, request.prompt, asked)
    elif account.rules is None:
        return None
    return engine.disturb(account, album.face, "download", b"GET " + name.encode(), request)


def _refusal(turn: Turn, store: Store, injection: Injection, name: str) -> Response | None:
    """The answer of a fault that stands in the place of the store's."""
    outcome = injection.take("outcome")
    if outcome is not None:
        return foreign(outcome.fault.outcome(None, outcome.moment))
    hit = injection.take("download")
    return None if hit is None else _refused(turn, store, hit.fault.store_error(), name)


async def _answer(turn: Turn, store: Store, name: str, album: Album | None, picture: Picture | None) -> Response:
    """The file, or why there is none."""
    error = store.check(turn, name)
    if error is not None or album is None or picture is None:
        return _refused(turn, store, error or "NO_SUCH_KEY", name)
    hit = turn.injection.take("image", picture) if turn.injection is not None else None
    if hit is None:
        data = await rendered(turn.engine, picture)
        mark = turn.engine.marks.of(picture, data)
        note = ImageNote(picture, len(data), mark.sha256)
    else:
        data, note = await spoiled(turn.engine, hit, picture)
        mark = mark_of(data)
    turn.images = (note,)
    try:
        return store.file(turn, album, data, mark, note)
    except UnsatisfiableRangeError:
        return _refused(turn, store, "BAD_RANGE", name)


def _refused(turn: Turn, store: Store, error: str, name: str) -> Response:
    turn.images = ()
    return store.refused(turn, error, name)
