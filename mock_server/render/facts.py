"""The facts of a picture inside its file: what was asked for, written as JPEG comments and read back by ``inspect``.

A COM segment carries ``minimax-mock facts/1 part 1/1``, a newline and compact JSON in UTF-8. JSON longer than a segment
(65533 bytes) is cut over several numbered parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from mock_server.core.types import Picture, Style
from mock_server.render.segments import COM, EOI, SOF_MARKERS, SOI, SOS, segment

FORMAT = "minimax-mock/1"
PART_BYTES = 65533 - 64  # a COM payload less a generous header line

_HEADER = re.compile(rb"minimax-mock facts/1 part ([0-9]{1,6})/([0-9]{1,6})\n")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG, not JPEG"),
    (b"GIF8", "GIF, not JPEG"),
    (b"RIFF", "RIFF (perhaps WebP), not JPEG"),
    (b"BM", "BMP, not JPEG"),
    (b"{", "text that looks like JSON, not JPEG"),
    (b"<", "text that looks like HTML or XML, not JPEG"),
)


class NotOurImageError(ValueError):
    """The bytes are not an intact picture of this emulator; the message says what was found instead."""


class ReferenceFacts(msgspec.Struct, frozen=True):
    """What the file remembers of a subject reference: label, hexadecimal SHA-256 and size in bytes (0: not fetched)."""

    label: str
    digest: str
    size: int


class ImageFacts(msgspec.Struct, frozen=True):
    """The request behind a picture, as the picture's own file tells it.

    ``width`` and ``height`` are pixels and agree with the JPEG's frame header; ``format`` is the version of the facts.
    """

    format: str
    model: str
    prompt: str
    width: int
    height: int
    seed: int
    index: int
    prompt_optimizer: bool
    aigc_watermark: bool
    style: Style | None
    references: tuple[ReferenceFacts, ...]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(ImageFacts)


def facts_of(picture: Picture) -> ImageFacts:
    """The facts that the file of ``picture`` carries. A lone surrogate, which UTF-8 has no room for, becomes U+FFFD."""
    return ImageFacts(
        format=FORMAT,
        model=_encodable(picture.model),
        prompt=_encodable(picture.prompt),
        width=picture.width,
        height=picture.height,
        seed=picture.seed,
        index=picture.index,
        prompt_optimizer=picture.prompt_optimizer,
        aigc_watermark=picture.aigc_watermark,
        style=picture.style and Style(_encodable(picture.style.style_type), picture.style.style_weight),
        references=tuple(ReferenceFacts(_encodable(r.label), r.digest, r.size) for r in picture.references),
    )


def comments(picture: Picture) -> bytes:
    """The COM segments with the facts of ``picture``."""
    payload = _encoder.encode(facts_of(picture))
    if len(payload) <= PART_BYTES:
        return segment(COM, b"minimax-mock facts/1 part 1/1\n" + payload)
    parts = [payload[start : start + PART_BYTES] for start in range(0, len(payload), PART_BYTES)]
    return b"".join(
        segment(COM, b"minimax-mock facts/1 part %d/%d\n" % (number, len(parts)) + part)
        for number, part in enumerate(parts, 1)
    )


def inspect(data: bytes) -> ImageFacts:
    """The facts that one of our JPEGs carries.

    Looks at the file's structure (segments, frame header, end marker), not at its pixels: damage inside the compressed
    data goes unnoticed. Raises ``NotOurImageError`` for everything else, whatever the bytes.
    """
    if not data.startswith(SOI):
        raise NotOurImageError(_name_foreign(data))
    size, parts = None, []
    for marker, payload in _segments(data):
        if marker in SOF_MARKERS:
            if len(payload) < 5:
                raise NotOurImageError("JPEG with a frame header that is too short")
            size = (int.from_bytes(payload[3:5], "big"), int.from_bytes(payload[1:3], "big"))
        elif marker == COM and (header := _HEADER.match(payload)):
            parts.append((int(header[1]), int(header[2]), payload[header.end() :]))
    facts = _join(parts)
    if size is None:
        raise NotOurImageError("JPEG without a frame header")
    if size != (facts.width, facts.height):
        raise NotOurImageError(
            f"JPEG of {size[0]}x{size[1]} pixels whose facts speak of {facts.width}x{facts.height}: changed since"
        )
    return facts


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _name_foreign(data: bytes) -> str:
    if not data:
        return "no bytes at all"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    return f"not JPEG: it begins with {data[:4].hex(' ')}"


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and payload of each segment before the compressed data; refuses a file that ends too early."""
    at = 2
    while True:
        if at + 4 > len(data):
            raise NotOurImageError(f"truncated JPEG: it ends after {len(data)} bytes, inside its header")
        if data[at] != 0xFF:
            raise NotOurImageError(f"damaged JPEG: no marker at byte {at}")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end < at + 4:
            raise NotOurImageError(f"damaged JPEG: no segment length at byte {at + 2}")
        if end > len(data):
            raise NotOurImageError(f"truncated JPEG: it ends after {len(data)} bytes, inside its header")
        if marker == SOS:
            if not data.endswith(EOI):
                raise NotOurImageError(f"truncated JPEG: no end marker after {len(data)} bytes")
            return
        yield marker, data[at + 4 : end]
        at = end


def _join(parts: list[tuple[int, int, bytes]]) -> ImageFacts:
    if not parts:
        raise NotOurImageError("JPEG without minimax-mock facts")
    count = parts[0][1]
    if [(number, total) for number, total, _ in parts] != [(number, count) for number in range(1, count + 1)]:
        raise NotOurImageError("JPEG with a part of its minimax-mock facts missing")
    try:
        facts = _decoder.decode(b"".join(part for _, _, part in parts))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise NotOurImageError(f"JPEG with unreadable minimax-mock facts: {error}") from error
    if facts.format != FORMAT:
        raise NotOurImageError(f"JPEG with facts in format {facts.format!r}, expected {FORMAT!r}")
    return facts
