"""The gateway's media host, ``media.aigateway.sh``: images under plain URLs that need no signature.

Its example ends with ``.png``; MiniMax makes JPEG, and JPEG is what lies there (assumed), with its own media type.
"""

from __future__ import annotations

import re

from mock_server import ids
from mock_server.album import Album
from mock_server.faces.download import Store, download
from mock_server.faces.openai import errors
from mock_server.faces.openai.answers import refused as gateway_error
from mock_server.faces.origin import own_url
from mock_server.faces.oss_errors import ERRORS
from mock_server.faces.ranges import requested_range
from mock_server.faces.turn import Turn
from mock_server.journal import ImageNote
from mock_server.marks import Mark
from mock_server.response import Response

PREFIX = "/openai/media"
_NAME = re.compile(r"img/([0-9a-f]{31})([0-9a-f])\.(?:png|jpg)")
_HEAD = b"content-type: %b\r\netag: %b\r\naccept-ranges: bytes\r\ncache-control: public, max-age=31536000\r\n"
_TYPES = {400: "invalid_request_error", 403: "permission_error", 404: "not_found", 416: "invalid_request_error",
          500: "server_error", 503: "service_unavailable"}  # fmt: skip
_TEXTS = {"NO_SUCH_KEY": "No such image", "EXPIRED": "The image is gone", "BAD_RANGE": "Range not satisfiable"}


def links(turn: Turn, album: Album) -> tuple[str, list[str]]:
    """What an album is kept under, and a URL for each of its images."""
    key = album.key.replace("-", "")
    ending = "png" if turn.account is None else turn.account.profile.gateway_image_name
    start = own_url(turn, PREFIX)
    return key, [f"{start}/img/{key}{index:x}.{ending}" for index in range(album.count)]


async def answer(turn: Turn, path: str) -> None:
    """Answer a request for an image; `path` is what follows the prefix."""
    await download(turn, STORE, path.lstrip("/"))


def _locate(name: str) -> tuple[str, int]:
    match = _NAME.fullmatch(name)
    return (match[1], int(match[2], 16)) if match else ("", 0)


def _refused(turn: Turn, error: str, _name: str) -> Response:
    status = ERRORS[error].status
    turn.reason = ERRORS[error].code
    spelling = errors.Spelling(status, _TYPES[status], _TEXTS.get(error, ERRORS[error].message))
    return gateway_error(turn, spelling, {})


def _file(turn: Turn, _album: Album, jpeg: bytes, mark: Mark, note: ImageNote) -> Response:
    """200 with the whole file, 206 with a part, or 304. Raises `UnsatisfiableRangeError`."""
    head = _HEAD % (note.media_type.encode(), mark.etag)
    head += b"x-request-id: req_%b\r\n" % ids.fingerprint(mark.etag, turn.scope["raw_path"])[:12].hex().encode()
    if turn.headers.get(b"if-none-match") == mark.etag:
        return Response(304, head, b"")
    kept = note.placeholder.encode()
    part = requested_range(turn.headers.get(b"range"), len(jpeg), standard=True)
    if part is None:
        return Response(200, head + b"content-length: %d\r\n" % len(jpeg), jpeg, kept)
    first, last = part
    head += b"content-range: bytes %d-%d/%d\r\ncontent-length: %d\r\n" % (first, last, len(jpeg), last - first + 1)
    return Response(206, head, jpeg[first : last + 1], b"<bytes %d-%d of >" % part + kept)


STORE = Store(locate=_locate, check=lambda _turn, _name: None, refused=_refused, file=_file)
