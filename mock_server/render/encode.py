"""JPEG encoding by Pillow, with the quantisation that all pictures share."""

from __future__ import annotations

import io
import os

from PIL import Image

# The luminance table of T.81 K.1, row by row. The three coefficients that stand last in zigzag order are to be
# zero in every picture: entropy.Endings uses them for padding.
_UNUSED = 999
_K1 = (
    *(16, 11, 10, 16, 24, 40, 51, 61),
    *(12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77),
    *(24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, _UNUSED),
    *(72, 92, 95, 98, 112, 100, _UNUSED, _UNUSED),
)
# Finer for the low frequencies of skies (the level of a block in steps of half a grey), coarser for those of letters.
LUMA_QUANTISATION = (4, *(min(255, value * (35 + 2 * (at // 8 + at % 8)) // 70) for at, value in enumerate(_K1) if at))
# 8 everywhere: the DC coefficient of a flat block is then its level less 128, exactly.
CHROMA_QUANTISATION = (8,) * 64


def encode_luma(image: Image.Image, *, restart_rows: int = 0, restart_blocks: int = 0) -> bytes:
    """A greyscale picture as JPEG, with a restart marker after so many rows of blocks, or so many blocks."""
    return _save(
        image,
        qtables=[list(LUMA_QUANTISATION)],
        restart_marker_rows=restart_rows,
        restart_marker_blocks=restart_blocks,
    )


def encode_colour(image: Image.Image) -> bytes:
    """A YCbCr picture as JPEG with chroma of half the resolution."""
    return _save(image, qtables=[list(LUMA_QUANTISATION), list(CHROMA_QUANTISATION)], subsampling="4:2:0")


def _save(image: Image.Image, **options: object) -> bytes:
    """Pillow holds the interpreter lock while it encodes into memory, but not while it writes to a file descriptor."""
    if not hasattr(os, "memfd_create"):
        memory = io.BytesIO()
        image.save(memory, "JPEG", **options)
        return memory.getvalue()
    with os.fdopen(os.memfd_create("picture"), "w+b") as file:
        image.save(file, "JPEG", **options)
        file.seek(0)
        return file.read()
