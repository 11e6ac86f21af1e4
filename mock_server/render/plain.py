"""Pictures the plain way: composed as pixels and encoded by Pillow."""

from __future__ import annotations

from PIL import Image

from mock_server.core.types import Picture
from mock_server.render.caption import BADGE, EDGE, GROUND, Text, set_facts, set_prompt
from mock_server.render.coverage import Coverage
from mock_server.render.encode import encode_colour
from mock_server.render.facts import comments
from mock_server.render.label import label
from mock_server.render.landscape import compose
from mock_server.render.look import chroma_levels, look_for
from mock_server.render.references import paint_references
from mock_server.render.typeface import Typeface


def draw(picture: Picture, coverage: Coverage, typeface: Typeface) -> bytes:
    """The file of any picture."""
    look = look_for(picture.seed, picture.index)
    luma = compose(picture.width, picture.height, look.scene)
    prompt = set_prompt(picture.prompt, picture.width, picture.height, coverage)
    facts = set_facts(picture, coverage, max_scale=prompt.scale)
    top = _paint_caption(luma, (prompt, facts), typeface)
    planes = [luma, *(_stretch(levels, luma.size) for levels in chroma_levels(look, -(-picture.height // 16)))]
    image = Image.merge("YCbCr", planes)
    paint_references(image, picture.references, floor=top, typeface=typeface, coverage=coverage)
    data = encode_colour(image)
    about = comments(picture)
    begin = 4 + int.from_bytes(data[4:6], "big")  # behind the JFIF segment, which has to come first
    return data[:begin] + (label(about) if picture.aigc_watermark else b"") + about + data[begin:]


def _paint_caption(luma: Image.Image, texts: tuple[Text, ...], typeface: Typeface) -> int:
    """Draws the texts at the bottom; gives the height at which the caption begins."""
    rows = EDGE + sum(text.rows + EDGE for text in texts)
    caption = Image.new("L", (luma.width, 8 * rows), GROUND)
    y = 8 * EDGE
    for text in texts:
        column = 8 * text.scale
        for line in text.lines:
            if line:
                caption.paste(typeface.draw_line(line, text.scale, text.ink), (text.margin * column, y))
            y += 2 * column
        if text.badge:
            badge = typeface.draw_line(text.badge, text.scale, BADGE)
            caption.paste(badge, ((text.margin + text.columns) * column - badge.width, y - 2 * column))
        y += 8 * EDGE
    top = max(0, (luma.height + 7) // 8 - rows) * 8
    luma.paste(caption, (0, top))
    return top


def _stretch(levels: tuple[int, ...], size: tuple[int, int]) -> Image.Image:
    """A plane with each of the levels over 16 rows of pixels."""
    column = Image.new("L", (1, len(levels)))
    column.putdata([128 + level for level in levels])
    width, height = size
    return column.resize((width, 16 * len(levels)), Image.Resampling.NEAREST).crop((0, 0, width, height))
