"""Is this the image that was asked for?"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Any

from PIL import Image

RATIOS = {
    "1:1": (1024, 1024), "16:9": (1280, 720), "4:3": (1152, 864), "3:2": (1248, 832), "2:3": (832, 1248),
    "3:4": (864, 1152), "9:16": (720, 1280), "21:9": (1344, 576),
}  # fmt: skip
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8", b"BM")
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, Image.DecompressionBombError)


def wrong_kind(data: bytes) -> str:
    """What is wrong if this does not even begin like an image; empty if it does."""
    return "" if data.startswith(_MAGIC) else f"not an image: it begins with {data[:20]!r}"


def undecodable(data: bytes) -> str:
    """What is wrong if this cannot be decoded to its last line."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except _UNREADABLE as error:
        return f"the image is damaged: {error}"
    return ""


def wrong_size(data: bytes, request: Mapping[str, Any]) -> str:
    """What is wrong if this image has another size than was asked for."""
    expected = expected_size(request)
    with Image.open(io.BytesIO(data)) as image:
        size = image.size
    return "" if expected is None or size == expected else f"the image has {size} pixels, asked for were {expected}"


def expected_size(request: Mapping[str, Any]) -> tuple[int, int] | None:
    """What the documentation promises; None where it is not clear. The ratio wins over width and height."""
    if "aspect_ratio" in request:
        return RATIOS.get(request["aspect_ratio"])
    if "width" not in request and "height" not in request:
        return RATIOS["1:1"]
    if request.get("model") == "image-01" and {"width", "height"} <= set(request):
        return request["width"], request["height"]
    return None
