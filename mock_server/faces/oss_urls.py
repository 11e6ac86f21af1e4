"""Image URLs, signed as the live service's object store signs them.

Source: Alibaba Cloud OSS documentation (signature version 1, "Add signatures to URLs"); recorded URLs of the image
endpoint for object key, expiry and parameters.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from mock_server.album import Album
from mock_server.core.models import URL_LIFETIME_SECONDS
from mock_server.faces.origin import image_prefix
from mock_server.faces.turn import Turn

ACCESS_KEY_ID = "LTAI5tMiniMaxMock2026Abc"
"""Twenty characters behind LTAI, as recorded."""
_SECRET = b"minimax-mock signs image URLs with this"
_PREFIX = "image_inference_output/talkie/prod/img/"
_SUFFIX = "_aigc.jpeg"
_NAME = re.compile(_PREFIX + r"\d{4}-\d\d-\d\d/([0-9a-f-]{35})([0-9a-f])" + re.escape(_SUFFIX) + "$")
_DIGITS = "0123456789abcdef"
_DAY_ZERO = date(1970, 1, 1).toordinal()


def image_urls(turn: Turn, album: Album) -> tuple[str, list[str]]:
    """What the images of `album` are kept under, and a signed URL for each, good for 24 hours by its account."""
    key, created = album.key, int(album.created)
    expires = created + URL_LIFETIME_SECONDS
    start = f"{image_prefix(turn)}{_folder(created // 86_400)}{key}"
    middle = f"{_SUFFIX}?Expires={expires}&OSSAccessKeyId={ACCESS_KEY_ID}&Signature="
    signed = _signing(key, str(expires))
    numbers = range(album.count)
    return key, [f"{start}{_DIGITS[index]}{middle}{_quoted(_signature(signed, index))}" for index in numbers]


@lru_cache(maxsize=4)
def _folder(day: int) -> str:
    """Where the images of a day lie, days counted from 1970, as it stands in a URL."""
    return f"{_PREFIX}{date.fromordinal(_DAY_ZERO + day).isoformat()}/".replace("/", "%2F")


def _quoted(base64: str) -> str:
    """Base64 of 20 bytes, which always ends with one ``=``, as it stands in a query."""
    return base64[:-1].replace("+", "%2B").replace("/", "%2F") + "%3D"


@lru_cache(maxsize=1024)
def image_number(name: str) -> tuple[str, int]:
    """The key under which the state keeps an object's album, and the image's index; ("", 0) for other names."""
    match = _NAME.match(name)
    return (match[1], int(match[2], 16)) if match else ("", 0)


@lru_cache(maxsize=1024)
def is_signed(signature: str, key: str, index: int, expires: str) -> bool:
    """Whether that is the signature of a URL of ours."""
    return signature == _signature(_signing(key, expires), index)


def _signing(key: str, expires: str) -> bytes:
    """What the signatures of one answer's URLs are cut from.

    The store's V1 signature is an HMAC-SHA1 for each. Nobody outside can tell, the secret being ours, and one BLAKE2
    for all takes a tenth.
    """
    return blake2b(_SECRET + expires.encode("latin-1", "replace") + key.encode()).digest()


def _signature(signing: bytes, index: int) -> str:
    """20 bytes as base64, as long as a V1 signature."""
    return b2a_base64(signing[4 * index : 4 * index + 20], newline=False).decode()
