"""The pictures of exchanges, drawn for whoever looks at the journal: no account pays, and nothing is noted."""

from __future__ import annotations

import io
from hashlib import sha256

import msgspec
from fastapi.responses import Response

from mock_server.admin.queries import AdminError
from mock_server.core.types import Picture
from mock_server.dispatch import Engine
from mock_server.journal import Exchange, pictures
from mock_server.nearest import nearest

SIZES = ("full", "small")
SMALL_SIDE = 192
"""Pixels of the longer side of a small one."""


def shown_picture(engine: Engine, exchange: Exchange, index: str, size: str, known: str | None) -> Response:
    """The JPEG of one image, as it was before any fault spoiled it; 304 if `known` is its entity tag.

    `index` is that of the image in the exchange. Raises `AdminError`.
    """
    if size not in SIZES:
        raise AdminError(f"size cannot be {size!r}; {nearest(size, SIZES)}")
    wanted = next((item for item in pictures(exchange) if str(item.index) == index), None)
    if wanted is None:
        count = len(pictures(exchange))
        raise AdminError(f"exchange {exchange.id} has no image {index!r}; it has {count or 'none'}", status=404)
    tag = f'"{sha256(msgspec.msgpack.encode((wanted, size))).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if known == tag:
        return Response(status_code=304, headers=headers)
    data = engine.renderer.render(wanted, keep=False)
    return Response(data if size == "full" else _small(data, wanted), media_type="image/jpeg", headers=headers)


def _small(data: bytes, picture: Picture) -> bytes:
    from PIL.Image import Resampling
    from PIL.JpegImagePlugin import JpegImageFile

    scale = SMALL_SIDE / max(picture.width, picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    source = JpegImageFile(io.BytesIO(data))
    source.draft("RGB", (2 * size[0], 2 * size[1]))
    out = io.BytesIO()
    source.resize(size, Resampling.BILINEAR).save(out, "JPEG", quality=80)
    return out.getvalue()
