"""Subject references as cards on the picture, so that a person sees that they arrived."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from mock_server.core.types import Reference
from mock_server.render.caption import scale_for
from mock_server.render.coverage import Coverage
from mock_server.render.lines import Line, wrap
from mock_server.render.thumbnail import SIDE, UnreadableImageError, thumbnail
from mock_server.render.typeface import COLUMN, ROW, Ink, Typeface

_CARD = (240, 128, 128)
_FRAME = (150, 128, 128)
_TEXT = Ink(240, 40)
_DIGITS = 12  # of the digest


def paint_references(
    image: Image.Image, references: Sequence[Reference], *, floor: int, typeface: Typeface, coverage: Coverage
) -> None:
    """Draws a card for each reference on a YCbCr picture, from the top left, as many as fit above ``floor`` pixels.

    A card shows the thumbnail, or nothing if there is none, above the label and the first digits of the digest. When
    not all fit, the last card says how many more there are.
    """
    scale = max(1, scale_for(*image.size) - 1)
    gap = 2 * COLUMN * scale
    cards = [_card(reference, scale, floor - 2 * gap, typeface, coverage) for reference in references]
    places = _places([card.size for card in cards], image.width, floor, gap)
    if len(places) < len(cards):
        note = f"{len(cards) - len(places) + 1} more" if len(places) > 1 else f"{len(cards)}"
        cards[len(places) - 1] = _write([note, "references"], (0, 0), scale, typeface)
    for card, place in zip(cards, places, strict=False):
        image.paste(card, place)


def _places(sizes: Sequence[tuple[int, int]], width: int, floor: int, gap: int) -> list[tuple[int, int]]:
    """Where the cards go, line by line, as many as fit; the first one always does."""
    places: list[tuple[int, int]] = []
    x = y = gap
    tallest = 0
    for card_width, card_height in sizes:
        if x > gap and x + card_width + gap > width:
            x, y, tallest = gap, y + tallest + gap, 0
        if places and y + card_height > floor:
            break
        places.append((x, y))
        x += card_width + gap
        tallest = max(tallest, card_height)
    return places


def _card(reference: Reference, scale: int, room: int, typeface: Typeface, coverage: Coverage) -> Image.Image:
    columns = SIDE // COLUMN
    label = reference.label if len(reference.label) <= 3 * columns else reference.label[: 3 * columns - 1] + "…"
    lines = [*wrap(label, columns, coverage), reference.digest[:_DIGITS]]
    border = COLUMN * scale
    picture = _unpack(reference, min(SIDE * scale, room - len(lines) * ROW * scale - 3 * border), scale)
    card = _write(lines, picture.size if picture else (0, 0), scale, typeface)
    if picture is not None:
        left = (card.width - picture.width) // 2
        card.paste(_FRAME, (left - 1, border - 1, left + picture.width + 1, border + picture.height + 1))
        card.paste(picture, (left, border))
    return card


def _write(lines: Sequence[Line], picture: tuple[int, int], scale: int, typeface: Typeface) -> Image.Image:
    """An empty card with lines of text under the room for a picture of this size."""
    border = COLUMN * scale
    texts = [typeface.draw_line(line, scale, _TEXT) for line in lines if line]
    width = max([picture[0], *(text.width for text in texts)]) + 2 * border
    top = border + (picture[1] + border if picture[1] else 0)
    card = Image.new("YCbCr", (width, top + len(texts) * ROW * scale + border // 2), _CARD)
    neutral = Image.new("L", (1, 1), 128)
    for number, text in enumerate(texts):
        chroma = neutral.resize(text.size)
        card.paste(Image.merge("YCbCr", (text, chroma, chroma)), (border, top + number * ROW * scale))
    return card


def _unpack(reference: Reference, side: int, scale: int) -> Image.Image | None:
    """The thumbnail, at most ``side`` pixels a side; nothing if there is none, none to be read, or no room."""
    if not reference.thumbnail or side < 4 * COLUMN:
        return None
    try:
        small = thumbnail(reference.thumbnail)
    except UnreadableImageError:
        return None
    image = Image.open(io.BytesIO(small.png), formats=("PNG",)).convert("RGBA")
    paper = Image.new("RGBA", image.size, (245, 245, 245, 255))
    image = Image.alpha_composite(paper, image).convert("YCbCr")
    factor = min(scale, side / max(image.size))
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
