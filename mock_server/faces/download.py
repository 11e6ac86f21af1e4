"""``GET`` of an image URL, as the object store answers it."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import unquote

from mock_server import ids
from mock_server.account import Account
from mock_server.album import Album
from mock_server.faces import oss_errors
from mock_server.faces.disturbance import foreign, held_back, send_disturbed, spoiled
from mock_server.faces.files import ACCESS_KEY_ID, FileMarks, Mark, image_number, is_signed, mark_of
from mock_server.faces.origin import SITES
from mock_server.faces.oss_errors import StoreError
from mock_server.faces.ranges import UnsatisfiableRangeError, requested_range
from mock_server.faces.rendering import rendered
from mock_server.faces.turn import Turn
from mock_server.faults.library import in_prompt
from mock_server.faults.plan import Call
from mock_server.injection import Injection
from mock_server.journal import ImageNote
from mock_server.response import Response

_FILE_HEAD = (
    b"server: AliyunOSS\r\ncontent-type: %b\r\nx-oss-request-id: %b\r\netag: %b\r\nlast-modified: %b\r\n"
    b"x-oss-object-type: Normal\r\nx-oss-storage-class: Standard\r\naccept-ranges: bytes\r\n"
)
_WHOLE = b"content-md5: %b\r\ncontent-length: %d\r\n"
_ERROR_HEAD = (
    b"server: AliyunOSS\r\ncontent-type: application/xml\r\n"
    b"content-length: %d\r\nx-oss-request-id: %b\r\nx-oss-ec: %b\r\n"
)


async def download(turn: Turn, name: str, marks: FileMarks) -> None:
    """Answer a request for the object called `name`."""
    turn.endpoint = "download"
    if not await turn.read():
        return
    key, _ = image_number(name)
    album = turn.engine.state.album(key)
    if album is not None:
        turn.account = turn.engine.state.account(album.owner)
        turn.face = album.face
        turn.request = album.request
    clock = turn.account.clock if turn.account else turn.engine.clock
    turn.now = clock.now()
    if turn.account is not None and album is not None:
        turn.injection = _injection(turn, turn.account, album, name)
    if turn.injection is None:
        await turn.send(await _answer(turn, name, album, marks))
    elif await held_back(turn, turn.injection):
        await send_disturbed(turn, turn.injection, await _disturbed(turn, turn.injection, name, album, marks))


def _injection(turn: Turn, account: Account, album: Album, name: str) -> Injection | None:
    """What may be injected into the download of an image whose account has rules, or whose prompt asks for faults."""
    engine, request = turn.engine, album.request
    asked = in_prompt(request.prompt)
    if account.rules is None and asked is None:
        return None
    if asked is not None:
        engine.state.prompt_plan(account, request.prompt, asked)
    mark = ids.fingerprint(account.draw_key, b"GET " + name.encode())
    chance = ids.draw(mark, engine.state.ordinal(account, mark))
    call = Call(album.face, "download", request, turn.now or 0.0, chance, account.settings.plan_name)
    return Injection(engine.state, account, call)


async def _disturbed(turn: Turn, injection: Injection, name: str, album: Album | None, marks: FileMarks) -> Response:
    """The answer, unless a fault stands in its place."""
    outcome = injection.take("outcome")
    if outcome is not None:
        return foreign(outcome.fault.outcome(None, outcome.moment))
    refused = injection.take("download")
    if refused is not None:
        return _refused(turn, oss_errors.ERRORS[refused.fault.store_error()], name)
    return await _answer(turn, name, album, marks)


async def _answer(turn: Turn, name: str, album: Album | None, marks: FileMarks) -> Response:
    """The file, or why there is none."""
    key, number = image_number(name)
    error = _check(turn, _query(turn.scope["query_string"]), key, number)
    picture = album.picture(number) if album is not None and error is None else None
    if album is None or picture is None:
        return _refused(turn, error or oss_errors.NO_SUCH_KEY, name)
    hit = turn.injection.take("image", picture) if turn.injection is not None else None
    if hit is None:
        data = await rendered(turn.engine, picture)
        mark = marks.of(picture, data)
        note = ImageNote(picture, len(data), mark.sha256)
    else:
        data, note = await spoiled(turn.engine, hit, picture)
        mark = mark_of(data)
    turn.images = (note,)
    try:
        return _file(turn, album, data, mark, note)
    except UnsatisfiableRangeError:
        return _refused(turn, oss_errors.BAD_RANGE, name)


@lru_cache(maxsize=1024)
def _query(raw: bytes) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in raw.decode("latin-1").split("&") if part)
    return {name: unquote(value) for name, _, value in pairs}


def _check(turn: Turn, query: Mapping[str, str], key: str, number: int) -> StoreError | None:
    """Why the store does not even look for the object; its order: mechanism, completeness, key, time, signature."""
    given = [field for field in ("OSSAccessKeyId", "Expires", "Signature") if query.get(field)]
    if b"authorization" in turn.headers and "Signature" in given:
        return oss_errors.TWO_SIGNATURES
    if not given:
        return oss_errors.NO_SIGNATURE
    if len(given) < 3 or not query["Expires"].isdecimal():
        return oss_errors.INCOMPLETE
    if query["OSSAccessKeyId"] != ACCESS_KEY_ID:
        return oss_errors.UNKNOWN_KEY_ID
    if turn.now is not None and turn.now > int(query["Expires"][:18]):
        return oss_errors.EXPIRED
    if not is_signed(query["Signature"], key, number, query["Expires"]) or not _verb_was_signed(turn):
        return oss_errors.BAD_SIGNATURE
    return None


def _verb_was_signed(turn: Turn) -> bool:
    """The V1 signature covers the verb, and URLs are signed for GET."""
    served = turn.account is not None and turn.account.profile.head_on_signed_url == "served"
    return turn.scope["method"] == "GET" or (turn.scope["method"] == "HEAD" and served)


@lru_cache(maxsize=1024)
def _request_id(method: str, query: bytes) -> bytes:
    """24 hexadecimal digits in capitals, as the store's request ids are."""
    return ids.fingerprint(method.encode(), query)[:12].hex().upper().encode()


def _id_of(turn: Turn) -> bytes:
    return _request_id(turn.scope["method"], turn.scope["query_string"])


@lru_cache(maxsize=64)
def _http_date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


def _file(turn: Turn, album: Album, jpeg: bytes, mark: Mark, note: ImageNote) -> Response:
    """200 with the whole file, 206 with a part, or 304. Raises `UnsatisfiableRangeError`."""
    head = _FILE_HEAD % (note.media_type.encode(), _id_of(turn), mark.etag, _http_date(int(album.created)))
    if turn.headers.get(b"if-none-match") == mark.etag:
        return Response(304, head, b"")
    kept = note.placeholder.encode()
    standard = turn.headers.get(b"x-oss-range-behavior", b"") == b"standard"
    part = requested_range(turn.headers.get(b"range"), len(jpeg), standard=standard)
    if part is None:
        return Response(200, head + _WHOLE % (mark.content_md5, len(jpeg)), jpeg, kept)
    first, last = part
    head += b"content-range: bytes %d-%d/%d\r\ncontent-length: %d\r\n" % (first, last, len(jpeg), last - first + 1)
    return Response(206, head, jpeg[first : last + 1], b"<bytes %d-%d of >" % part + kept)


def _expiry(query: Mapping[str, str], now: float) -> float:
    """When the URL expired: by a fault, it may not have yet."""
    given = query.get("Expires", "")
    return min(int(given[:11]), now - 1) if given.isdecimal() else now - 1


def _refused(turn: Turn, error: StoreError, name: str) -> Response:
    turn.reason, turn.images = error.code, ()
    request_id, query = _id_of(turn), _query(turn.scope["query_string"])
    details: dict[str, str] = {}
    if error is oss_errors.EXPIRED:
        details["Expires"] = oss_errors.iso_milliseconds(_expiry(query, turn.now or 0))
        details["ServerTime"] = oss_errors.iso_milliseconds(turn.now or 0)
    elif error is oss_errors.BAD_SIGNATURE:
        details["OSSAccessKeyId"] = query["OSSAccessKeyId"]
        details["SignatureProvided"] = query["Signature"]
        details["StringToSign"] = f"{turn.scope['method']}\n\n\n{query['Expires']}\n/{name}"
    elif error is oss_errors.NO_SUCH_KEY:
        details["Key"] = name
    host = SITES[turn.region].image_host if turn.region else turn.headers.get(b"host", b"").decode("latin-1")
    body = oss_errors.body(error, request_id.decode(), host, details)
    head = _ERROR_HEAD % (len(body), request_id, error.ec.encode())
    return Response(error.status, head, body)
