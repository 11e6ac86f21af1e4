"""Thumbnails of what users send."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mock_server.render import UnreadableImageError, thumbnail
from tests.render.pictures import png


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "small"),
    [((400, 200), (192, 96)), ((200, 400), (96, 192)), ((10, 5), (10, 5)), ((4000, 3), (192, 1)), ((1, 1), (1, 1))],
    ids=str,
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_long_side_is_at_most_192_pixels(size: tuple[int, int], small: tuple[int, int], kind: str) -> None:
    result = thumbnail(encode(Image.new("RGB", size, "teal"), kind))
    assert (result.width, result.height, result.format) == (*small, kind)
    assert Image.open(io.BytesIO(result.png)).size == small


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_mode_is_readable_and_keeps_its_brightness(mode: str) -> None:
    image = Image.new("L", (300, 300), 200).convert("RGB").convert(mode if mode != "I;16" else "L")
    if mode == "I;16":
        image = Image.frombytes("I;16", (300, 300), struct.pack("<H", 200 * 257) * 90_000)
    result = thumbnail(encode(image, "JPEG" if mode == "CMYK" else "PNG"))
    grey = Image.open(io.BytesIO(result.png)).convert("RGB").convert("L").getpixel((96, 96))
    assert abs(grey - (255 if mode == "1" else 200)) < 8 or mode == "1"


def test_the_orientation_of_the_source_is_applied_and_no_metadata_kept() -> None:
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    result = thumbnail(encode(image, "JPEG", exif=exif, quality=95, comment="secret"))
    upright = Image.open(io.BytesIO(result.png))
    assert upright.size == (96, 192)
    assert upright.getpixel((48, 20))[0] > 200
    assert set(upright.info) == set()
    assert b"eXIf" not in result.png
    assert b"tEXt" not in result.png


def test_equal_input_gives_equal_bytes() -> None:
    data = encode(Image.linear_gradient("L").resize((900, 700)), "JPEG")
    assert thumbnail(data) == thumbnail(data)


@pytest.mark.parametrize("size", [(10_000, 4001), (60_000, 60_000), (2**31 - 1, 1)], ids=str)
def test_too_many_pixels_are_refused_before_decoding(size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    with pytest.raises(UnreadableImageError, match=f"too many pixels: .* = {pixels}, at most 40000000 are accepted"):
        thumbnail(bomb(*size))


def test_the_bound_is_the_callers() -> None:
    data = png((20, 10))
    assert thumbnail(data, max_pixels=200).width == 20
    with pytest.raises(UnreadableImageError, match="the PNG has 20x10 = 200, at most 199 are accepted"):
        thumbnail(data, max_pixels=199)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a JPEG or PNG: no bytes at all"),
        (b"GIF89a\x01\x00\x01\x00", "not a JPEG or PNG: it begins with 47 49 46 38 39 61 01 00"),
        (encode(Image.new("RGB", (9, 9)), "WEBP"), "not a JPEG or PNG: it begins with 52 49 46 46"),
        (encode(Image.effect_noise((300, 300), 90), "JPEG")[:9000], "truncated or corrupt JPEG"),
        (encode(Image.radial_gradient("L"), "PNG")[:3000], "truncated or corrupt PNG"),
        (b"\xff\xd8\xff\xe0", "truncated or corrupt JPEG"),
        (bomb(500, 500), "truncated or corrupt PNG"),
        (bomb(0, 5), "truncated or corrupt PNG"),
    ],
    ids=["nothing", "gif", "webp", "cut jpeg", "cut png", "jpeg start", "short png", "no width"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableImageError, match=f"^{message}"):
        thumbnail(data)


@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", png()[:60], png()]),
    tail=st.binary(max_size=200),
)
def test_any_bytes_give_a_thumbnail_or_the_error(start: bytes, tail: bytes) -> None:
    with contextlib.suppress(UnreadableImageError):
        assert thumbnail(start + tail).png.startswith(b"\x89PNG")
