"""Image URLs, signed as the live service's object store signs them, and what is known of the files behind them.

Source: Alibaba Cloud OSS documentation (signature version 1, "Add signatures to URLs"); recorded URLs of the image
endpoint for object key, expiry and parameters.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import md5, sha256
from urllib.parse import quote

from msgspec import Struct

from mock_server import ids
from mock_server.core.models import URL_LIFETIME_SECONDS
from mock_server.core.types import Picture
from mock_server.faces.origin import image_prefix
from mock_server.faces.turn import Turn
from mock_server.state import Album

ACCESS_KEY_ID = "LTAI5tMiniMaxMock2026Abc"
"""Twenty characters behind LTAI, as recorded."""
_SECRET = b"minimax-mock signs image URLs with this"
_PREFIX = "image_inference_output/talkie/prod/img/"
_SUFFIX = "_aigc.jpeg"


def image_urls(turn: Turn, key: int, album: Album) -> list[str]:
    """One signed URL for each image of `album`, good for exactly 24 hours of the account's clock."""
    prefix = image_prefix(turn)
    expires = int(album.created) + URL_LIFETIME_SECONDS
    day = datetime.fromtimestamp(album.created, UTC).strftime("%Y-%m-%d")
    random = key.to_bytes(16, "big")
    urls = []
    for index in album.indices:
        name = f"{_PREFIX}{day}/{ids.uuid4_text(random, index)}{_SUFFIX}"
        signed = quote(signature("GET", expires, name), safe="")
        quoted = name.replace("/", "%2F")
        urls.append(f"{prefix}{quoted}?Expires={expires}&OSSAccessKeyId={ACCESS_KEY_ID}&Signature={signed}")
    return urls


def image_number(name: str) -> tuple[int | None, int]:
    """The number under which the state keeps an object's album, and the image's index; (None, 0) for other names."""
    digits = name[-len(_SUFFIX) - 36 : -len(_SUFFIX)].replace("-", "")
    if not name.startswith(_PREFIX) or not name.endswith(_SUFFIX) or len(digits) != 32:
        return None, 0
    try:
        value = int(digits, 16)
    except ValueError:
        return None, 0
    return value & ~0xF, value & 0xF


def signature(verb: str, expires: int | str, name: str) -> str:
    """The V1 signature of a request for `name` by `verb`: base64 of HMAC-SHA1, over the verb too."""
    text = f"{verb}\n\n\n{expires}\n/{name}"
    return b64encode(hmac.digest(_SECRET, text.encode(), "sha1")).decode()


class Mark(Struct, frozen=True):
    """What the headers and the journal say of a file's bytes."""

    etag: bytes
    content_md5: bytes
    sha256: str


class FileMarks:
    """The marks of the files served last: hashing a file costs more than sending it."""

    CAPACITY = 1024

    def __init__(self) -> None:
        self._marks: dict[Picture, Mark] = {}

    def of(self, picture: Picture, jpeg: bytes) -> Mark:
        """The marks of `jpeg`, which `picture` encodes to."""
        mark = self._marks.get(picture)
        if mark is None:
            digest = md5(jpeg, usedforsecurity=False).digest()
            mark = Mark(b'"%s"' % digest.hex().upper().encode(), b64encode(digest), sha256(jpeg).hexdigest())
            self._marks[picture] = mark
            if len(self._marks) > self.CAPACITY:
                del self._marks[next(iter(self._marks))]
        return mark
