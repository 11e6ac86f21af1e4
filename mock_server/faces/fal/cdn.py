"""Files on fal's CDN: public, without signatures; generated images and what clients have uploaded.

Sources: fal-client 1.0.3 (upload, multipart), file URLs in fal's documentation. The errors of the CDN are assumed.
"""

from __future__ import annotations

from hashlib import md5
from typing import Any

import msgspec

from mock_server.account import Account
from mock_server.album import Album
from mock_server.core.reasons import refuse
from mock_server.faces.download import Store, download
from mock_server.faces.fal.answers import problem, reply, shared
from mock_server.faces.fal.files import content_type, keep, owner_of
from mock_server.faces.fal.phases import begin, disturbed, stranger
from mock_server.faces.origin import own_url
from mock_server.faces.ranges import requested_range
from mock_server.faces.turn import Turn
from mock_server.journal import ImageNote
from mock_server.marks import Mark
from mock_server.response import Response
from mock_server.uploads import WHOLE, Upload, file_name, read_name

UPLOAD = "files/upload"
_FILE = b"content-type: %b\r\ncontent-length: %d\r\netag: %b\r\naccept-ranges: bytes\r\ncache-control: public\r\n"
_STATUS = {"NO_SIGNATURE": 403, "EXPIRED": 403, "TWO_SIGNATURES": 400, "BAD_RANGE": 416, "INTERNAL": 500, "BUSY": 503}


async def answer(turn: Turn, path: str) -> None:
    """Answer a request to the CDN for `path`."""
    method = turn.scope["method"]
    if path == UPLOAD and method == "POST":
        await _upload(turn)
    elif path == f"{UPLOAD}/multipart" and method == "POST":
        await _begin_parts(turn)
    elif method in {"PUT", "POST"}:
        await _receive(turn, path)
    else:
        await _serve(turn, path)


async def _serve(turn: Turn, path: str) -> None:
    stem, number = read_name(path)
    upload = turn.engine.state.uploads.get(stem) if number == WHOLE else None
    if upload is None:
        await download(turn, STORE, path)
    elif await turn.read():
        turn.face, turn.endpoint = "fal", "download"
        turn.account = turn.engine.state.account(upload.owner)
        await turn.send(_uploaded(upload))


def _uploaded(upload: Upload) -> Response:
    if upload.data is None:
        return problem(404, "File not found")
    etag = b'"%b"' % md5(upload.data, usedforsecurity=False).hexdigest().encode()
    head = _FILE % (upload.content_type.encode("latin-1", "replace"), len(upload.data), etag)
    return shared(Response(200, head, upload.data, f"<{upload.content_type}, {len(upload.data)} bytes>".encode()))


async def _upload(turn: Turn) -> None:
    """A whole file at once, by the token of ``/storage/auth/token``."""
    account = await _uploader(turn)
    if account is None:
        return
    name = turn.headers.get(b"x-fal-file-name", b"file").decode("latin-1")

    async def kept() -> Response:
        return reply(200, {"access_url": keep(turn, account, name, turn.body, content_type(turn))})

    await disturbed(turn, account, None, kept)


async def _begin_parts(turn: Turn) -> None:
    """Begin an upload in parts."""
    account = await _uploader(turn)
    if account is None:
        return
    name = turn.headers.get(b"x-fal-file-name", b"file").decode("latin-1")

    async def begun() -> Response:
        url = keep(turn, account, name, None, content_type(turn))
        return reply(200, {"access_url": url, "uploadId": read_name(url)[0]})

    await disturbed(turn, account, None, begun)


async def _uploader(turn: Turn) -> Account | None:
    """Who uploads, by the CDN's token; None when that has been answered."""
    begin(turn, "upload")
    if not await turn.read():
        return None
    account = owner_of(turn.engine, turn.token)
    if account is None:
        await turn.send(stranger(turn, refuse("unauthorized")))
        return None
    turn.account, turn.now = account, account.clock.now()
    return account


async def _receive(turn: Turn, path: str) -> None:
    """The bytes of an upload that was begun: all of them, a part, or the word that all parts are there."""
    begin(turn, "upload")
    if not await turn.read():
        return
    place, _, part = path.partition("/multipart/")
    stem, number = read_name(place)
    if not part:
        place, _, part = path.rpartition("/") if not stem else (path, "", "")
        stem, number = read_name(place)
    upload = turn.engine.state.uploads.get(stem) if number == WHOLE else None
    if upload is None:
        await turn.send(problem(404, "File not found"))
        return
    account = turn.account = turn.engine.state.account(upload.owner)
    turn.now = account.clock.now()

    async def received() -> Response:
        return _received(turn, stem, upload, part.rpartition("/")[2])

    await disturbed(turn, account, None, received)


def _received(turn: Turn, stem: str, upload: Upload, part: str) -> Response:
    uploads = turn.engine.state.uploads
    if part == "complete":
        return _completed(turn, stem, upload)
    etag = f'"{md5(turn.body, usedforsecurity=False).hexdigest()}"'
    if part:
        if not part.isdecimal() or not 1 <= int(part) <= 10_000:
            return problem(400, f"Part number must be from 1 to 10000, got {part}")
        uploads.keep_part(stem, int(part), etag, turn.body)
        return reply(200, {"partNumber": int(part), "etag": etag}, (("etag", etag),))
    kind = turn.headers.get(b"content-type", b"").decode("latin-1") or upload.content_type
    uploads.keep(stem, Upload(upload.owner, upload.name, turn.body, kind))
    return reply(200, {}, (("etag", etag),))


def _completed(turn: Turn, stem: str, upload: Upload) -> Response:
    """Put the parts together, those that are named, in their order."""
    try:
        named: Any = msgspec.json.decode(turn.body or b"{}")["parts"]
        wanted = [(int(part["partNumber"]), str(part["etag"])) for part in named]
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return problem(400, 'Expected {"parts": [{"partNumber", "etag"}]}')
    data = turn.engine.state.uploads.joined(stem, sorted(wanted))
    if data is None:
        return problem(400, "A part is missing, or its etag is another")
    turn.engine.state.uploads.keep(stem, Upload(upload.owner, upload.name, data, upload.content_type))
    return reply(200, {"access_url": f"{own_url(turn, '/fal/cdn')}/{file_name(stem, WHOLE, upload.name)}"})


def _check(turn: Turn, name: str) -> str | None:
    return None if turn.scope["method"] in {"GET", "HEAD"} and read_name(name)[0] else "NO_SUCH_KEY"


def _refused(turn: Turn, error: str, name: str) -> Response:
    turn.reason = error.lower()
    return problem(_STATUS.get(error, 404), "File not found" if error == "NO_SUCH_KEY" else f"{error.lower()}: {name}")


def _file(turn: Turn, _: Album, data: bytes, mark: Mark, note: ImageNote) -> Response:
    """200 with the file, 206 with a part of it, 304. Raises `UnsatisfiableRangeError`."""
    if turn.headers.get(b"if-none-match") == mark.etag:
        return shared(Response(304, b"etag: %b\r\n" % mark.etag, b""))
    part = requested_range(turn.headers.get(b"range"), len(data), standard=True)
    if part is None:
        head = _FILE % (note.media_type.encode(), len(data), mark.etag)
        return shared(Response(200, head, data, note.placeholder.encode()))
    first, last = part
    head = _FILE % (note.media_type.encode(), last - first + 1, mark.etag)
    head += b"content-range: bytes %d-%d/%d\r\n" % (first, last, len(data))
    return shared(Response(206, head, data[first : last + 1], note.placeholder.encode()))


def _locate(name: str) -> tuple[str, int]:
    stem, number = read_name(name)
    return (stem, int(number)) if number.isdecimal() else ("", 0)


STORE = Store(locate=_locate, check=_check, refused=_refused, file=_file)
