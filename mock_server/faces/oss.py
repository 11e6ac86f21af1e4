"""The object store behind the native face's image URLs: signed URLs, XML errors.

Source: Alibaba Cloud OSS documentation, signature version 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import unquote

from mock_server import ids
from mock_server.album import Album
from mock_server.faces import oss_errors
from mock_server.faces.download import Store, download
from mock_server.faces.origin import SITES
from mock_server.faces.oss_urls import ACCESS_KEY_ID, image_number, is_signed
from mock_server.faces.ranges import requested_range
from mock_server.faces.turn import Turn
from mock_server.journal import ImageNote
from mock_server.marks import Mark
from mock_server.response import Response

PREFIX = "/oss/"
_FILE_HEAD = (
    b"server: AliyunOSS\r\ncontent-type: %b\r\nx-oss-request-id: %b\r\netag: %b\r\nlast-modified: %b\r\n"
    b"x-oss-object-type: Normal\r\nx-oss-storage-class: Standard\r\naccept-ranges: bytes\r\n"
)
_WHOLE = b"content-md5: %b\r\ncontent-length: %d\r\n"
_ERROR_HEAD = (
    b"server: AliyunOSS\r\ncontent-type: application/xml\r\n"
    b"content-length: %d\r\nx-oss-request-id: %b\r\nx-oss-ec: %b\r\n"
)


async def answer(turn: Turn, path: str) -> None:
    """Answer a request for an object; `path` begins with `PREFIX`."""
    await download(turn, STORE, path[len(PREFIX) :])


@lru_cache(maxsize=1024)
def _query(raw: bytes) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in raw.decode("latin-1").split("&") if part)
    return {name: unquote(value) for name, _, value in pairs}


def _check(turn: Turn, name: str) -> str | None:
    """Why the store does not even look for the object; its order: mechanism, completeness, key, time, signature."""
    query, (key, number) = _query(turn.scope["query_string"]), image_number(name)
    given = [field for field in ("OSSAccessKeyId", "Expires", "Signature") if query.get(field)]
    if b"authorization" in turn.headers and "Signature" in given:
        return "TWO_SIGNATURES"
    if not given:
        return "NO_SIGNATURE"
    if len(given) < 3 or not query["Expires"].isdecimal():
        return "INCOMPLETE"
    if query["OSSAccessKeyId"] != ACCESS_KEY_ID:
        return "UNKNOWN_KEY_ID"
    if turn.now is not None and turn.now > int(query["Expires"][:18]):
        return "EXPIRED"
    if not is_signed(query["Signature"], key, number, query["Expires"]) or not _verb_was_signed(turn):
        return "BAD_SIGNATURE"
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


def _refused(turn: Turn, name_of_error: str, name: str) -> Response:
    error = oss_errors.ERRORS[name_of_error]
    turn.reason = error.code
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


STORE = Store(locate=image_number, check=_check, refused=_refused, file=_file)
