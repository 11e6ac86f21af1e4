"""Thumbnails of reference images, decoded within bounds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from PIL.Image import Image

_Format = Literal["JPEG", "PNG"]

MAX_PIXELS = 40_000_000
SIDE = 192

_SIGNATURES: tuple[tuple[bytes, _Format], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
)
_ORIENTATION_TAG = 0x0112


class UnreadableImageError(ValueError):
    """A reference image cannot be used; the message says why: another format, too many pixels, truncated or corrupt."""


class Thumbnail(Struct, frozen=True):
    """A small PNG without metadata. ``width`` and ``height`` are its pixels, ``format`` is what the source was."""

    png: bytes
    width: int
    height: int
    format: Literal["JPEG", "PNG"]


def thumbnail(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Thumbnail:
    """A thumbnail of at most 192 pixels a side, upright by the source's EXIF orientation, equal for equal input.

    Raises ``UnreadableImageError`` for anything but an intact JPEG or PNG of at most ``max_pixels`` pixels. The pixels
    are counted in the header, before any is decoded.
    """
    kind = _recognise(data)
    try:
        source = _open(data, kind)
    except Exception as error:
        raise UnreadableImageError(f"truncated or corrupt {kind}: {error}") from error
    width, height = source.size
    if width * height > max_pixels:
        raise UnreadableImageError(
            f"too many pixels: the {kind} has {width}x{height} = {width * height}, at most {max_pixels} are accepted"
        )
    try:
        small = _shrink(source)
    except Exception as error:
        raise UnreadableImageError(f"truncated or corrupt {kind}: {error}") from error
    out = io.BytesIO()
    small.save(out, "PNG")
    return Thumbnail(png=out.getvalue(), width=small.width, height=small.height, format=kind)


def _recognise(data: bytes) -> _Format:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if not data:
        raise UnreadableImageError("not a JPEG or PNG: no bytes at all")
    raise UnreadableImageError(f"not a JPEG or PNG: it begins with {data[:8].hex(' ')}")


def _open(data: bytes, kind: _Format) -> Image:
    """Pillow's own plugins, without ``Image.open`` and its process-wide limit that warns: the bound here is ours."""
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile

    return JpegImageFile(io.BytesIO(data)) if kind == "JPEG" else PngImageFile(io.BytesIO(data))


def _shrink(source: Image) -> Image:
    from PIL import Image

    orientation = _orientation(source)
    source.draft(source.mode, (2 * SIDE, 2 * SIDE))
    source.load()
    if source.mode.startswith("I"):  # 16-bit grey: keep the upper byte
        image = source.convert("I").point([value >> 8 for value in range(65536)], "L")
    else:
        image = source.convert("RGBA" if "transparency" in source.info or "A" in source.mode else "RGB")
    scale = SIDE / max(image.size)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    image = image.transpose(turn) if turn is not None else image
    image.info.clear()
    return image


def _orientation(source: Image) -> int:
    """The EXIF orientation, 1 (upright) when the tag is missing or the EXIF data cannot be read."""
    try:
        value = source.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001
        return 1
    return value if isinstance(value, int) else 1
