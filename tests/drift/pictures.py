"""The pictures that the service sells: soft colours, drawn from what was asked for."""

from __future__ import annotations

import hashlib
import io

from PIL import Image


def draw(prompt: str, seed: int, index: int, size: tuple[int, int]) -> Image.Image:
    """A picture of exactly `size` pixels; the same arguments give the same picture, others another."""
    described = f"{prompt}\0{seed}\0{index}\0{size}".encode()
    colours = hashlib.shake_256(described).digest(8 * 8 * 3)
    return Image.frombytes("RGB", (8, 8), colours).resize(size, Image.Resampling.BILINEAR)


def encode(picture: Image.Image, file_format: str) -> bytes:
    """The bytes of its file: JPEG or PNG."""
    file = io.BytesIO()
    picture.save(file, file_format, compress_level=1)  # of PNG alone: quick rather than small
    return file.getvalue()
