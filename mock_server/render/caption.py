"""The caption under a picture: what it says, at which size, and on how many rows of blocks."""

from __future__ import annotations

from typing import NamedTuple

from mock_server.core.types import Picture
from mock_server.render.clusters import BLANK, split
from mock_server.render.coverage import Coverage
from mock_server.render.lines import Line, wrap, wrap_cut
from mock_server.render.typeface import Ink

GROUND = 34
PROMPT = Ink(GROUND, 238)
FACTS = Ink(GROUND, 176)
BADGE = Ink(226, 24)

WATERMARK = "AI生成 · AI-generated"

_BADGE = tuple(f" {WATERMARK} ".replace(" ", BLANK))
BADGE_COLUMNS = len(_BADGE) + 2  # two of its characters are two columns wide

_ROOMY = 0.36  # of the picture's height, for a prompt in big letters
_CROWDED = 0.82  # the same in the smallest letters; what does not fit then is cut
EDGE = 1  # rows of blocks above, between and below the texts


class Text(NamedTuple):
    """Lines of one size. Widths are in columns of that size; ``badge`` stands at the right end of the last line."""

    lines: tuple[Line, ...]
    scale: int
    margin: int
    columns: int
    ink: Ink
    badge: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The height in rows of blocks, 8 pixels each."""
        return 2 * self.scale * len(self.lines)


def scale_for(width: int, height: int) -> int:
    """The scale of an ordinary text: 1 means letters of 8 x 16 pixels."""
    return max(2, min(4, round(min(width, height) / 512)))


def set_prompt(prompt: str, width: int, height: int, coverage: Coverage) -> Text:
    """The prompt in the biggest letters for which it stays within a third of the picture, or cut in the smallest."""
    largest = scale_for(width, height)
    margin = columns = limit = 1
    for scale in range(largest, 0, -1):
        margin, columns = _measure(width, scale, largest)
        limit = max(1, int(height * (_ROOMY if scale > 1 else _CROWDED)) // (16 * scale))
        if len(prompt) <= 2 * columns * limit:
            lines = wrap(prompt, columns, coverage)
            if len(lines) <= limit:
                return Text(lines, scale, margin, columns, PROMPT)
    return Text(wrap_cut(prompt, columns, limit, coverage), 1, margin, columns, PROMPT)


def set_facts(picture: Picture, coverage: Coverage, *, max_scale: int) -> Text:
    """Size, seed, index, model and what else was asked for: on one line if some size of letters allows it."""
    facts = facts_line(picture)
    length = len(facts)
    if picture.style is not None or not picture.model.isascii() or not picture.model.isprintable():
        length = sum(cluster.columns for cluster in split(facts, coverage))
    largest = scale_for(picture.width, picture.height)
    scale = min(max_scale, largest)
    margin, columns = _measure(picture.width, scale, largest)
    while scale > 1 and length > columns:
        scale -= 1
        margin, columns = _measure(picture.width, scale, largest)
    lines: tuple[Line, ...] = (facts,) if length == len(facts) <= columns else wrap(facts, columns, coverage)
    if not picture.aigc_watermark:
        return Text(lines, scale, margin, columns, FACTS)
    if len(lines) > 1 or length + BADGE_COLUMNS >= columns:
        lines = (*lines, "")
    return Text(lines, scale, margin, columns, FACTS, _BADGE)


def facts_line(picture: Picture) -> str:
    """The line under the prompt. Letters are ASCII but for style, model and the sign of multiplication."""
    line = f"{picture.width}×{picture.height}  seed {picture.seed}  #{picture.index}  {picture.model}"
    if picture.style is not None:
        line += f"  style {picture.style.style_type} {picture.style.style_weight:g}"
    if picture.prompt_optimizer:
        line += "  prompt_optimizer"
    return line


def _measure(width: int, scale: int, largest: int) -> tuple[int, int]:
    """Margin and room for text in columns. All sizes begin at the same place, as far as whole columns allow it."""
    margin = -(-largest // scale)
    return margin, max(4, width // (8 * scale) - 2 * margin)
