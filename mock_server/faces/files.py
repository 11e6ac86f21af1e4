"""Image URLs, signed as the live service's object store signs them, and what is known of the files behind them.

Source: Alibaba Cloud OSS documentation (signature version 1, "Add signatures to URLs"); recorded URLs of the image
endpoint for object key, expiry and parameters.
"""

from __future__ import annotations

from base64 import b64encode
from binascii import b2a_base64
from datetime import date
from functools import lru_cache
from hashlib import blake2b, md5, sha256

from msgspec import Struct

from mock_server import ids
from mock_server.album import Album
from mock_server.core.models import URL_LIFETIME_SECONDS
from mock_server.core.types import Picture
from mock_server.faces.origin import image_prefix
from mock_server.faces.turn import Turn

ACCESS_KEY_ID = "LTAI5tMiniMaxMock2026Abc"
"""Twenty characters behind LTAI, as recorded."""
_SECRET = b"minimax-mock signs image URLs with this"
_PREFIX = "image_inference_output/talkie/prod/img/"
_SUFFIX = "_aigc.jpeg"
_DAY_ZERO = date(1970, 1, 1).toordinal()


def image_urls(turn: Turn, key: int, album: Album) -> list[str]:
    """One signed URL for each image of `album`, good for exactly 24 hours of the account's clock."""
    expires = int(album.created) + URL_LIFETIME_SECONDS
    name = f"{_folder(int(album.created) // 86_400)}{ids.uuid_text(key)[:-1]}"
    start = image_prefix(turn) + name.replace("/", "%2F")
    middle = f"{_SUFFIX}?Expires={expires}&OSSAccessKeyId={ACCESS_KEY_ID}&Signature="
    return [
        f"{start}{index:x}{middle}{_quoted(signature('GET', expires, f'{name}{index:x}{_SUFFIX}'))}"
        for index in album.indices
    ]


@lru_cache(maxsize=4)
def _folder(day: int) -> str:
    """Where the images of a day lie, days counted from 1970."""
    return f"{_PREFIX}{date.fromordinal(_DAY_ZERO + day).isoformat()}/"


def _quoted(base64: str) -> str:
    """Base64 as it stands in a query."""
    return base64.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


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
    """The signature of a request for `name` by `verb`: 20 bytes over both, as base64.

    The store's V1 signature is an HMAC-SHA1. Nobody outside can tell, the secret being ours, and BLAKE2 takes a tenth.
    """
    text = f"{verb}\n\n\n{expires}\n/{name}"
    return b2a_base64(blake2b(text.encode(), key=_SECRET, digest_size=20).digest(), newline=False).decode()


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
