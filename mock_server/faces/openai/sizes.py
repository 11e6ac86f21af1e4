"""OpenAI's ``size`` in the terms of a model that has eight aspect ratios.

The table is that of new-api (QuantumNous/new-api, relay/channel/minimax/image.go); what AIgateway does is not recorded.
"""

from __future__ import annotations

import re
from math import log

from msgspec import Struct

from mock_server.core.models import RATIOS

TABLE: dict[str, str] = {
    "1024x1024": "1:1",
    "1792x1024": "16:9",
    "1024x1792": "9:16",
    "1536x1024": "3:2",
    "1248x832": "3:2",
    "1024x1536": "2:3",
    "832x1248": "2:3",
    "1152x864": "4:3",
    "864x1152": "3:4",
    "1344x576": "21:9",
}
"""Sizes that have a ratio of their own, whatever their exact proportion."""
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")
_PARTS = {ratio: tuple(map(int, ratio.split(":"))) for ratio in RATIOS}


class Shape(Struct, frozen=True):
    """What a size asks of the model: one of its ratios, or pixels, or nothing in particular."""

    aspect_ratio: str | None = None
    width: int | None = None
    height: int | None = None


def shape_of(size: str | None, rule: str) -> Shape | None:
    """What `size` asks for under an answer of the profile switch ``gateway_size``; None when it is refused.

    ``auto`` and nothing leave the ratio to the model.
    """
    if size in {None, "", "auto"}:
        return Shape()
    match = _SIZE.fullmatch(size or "")
    if match is None:
        return None
    width, height = int(match[1]), int(match[2])
    if rule == "pixels":
        return Shape(width=width, height=height)
    ratio = TABLE.get(f"{width}x{height}") or exact_ratio(width, height)
    if ratio is None and rule == "nearest":
        ratio = nearest_ratio(width, height)
    return Shape(ratio) if ratio else None


def exact_ratio(width: int, height: int) -> str | None:
    """The ratio that those pixels have exactly (7:3 is 21:9)."""
    return next((ratio for ratio, (wide, high) in _PARTS.items() if width * high == height * wide), None)


def nearest_ratio(width: int, height: int) -> str:
    """The ratio that distorts least; twice too wide counts as much as twice too high."""
    wanted = log(width / height)
    return min(_PARTS, key=lambda ratio: abs(log(_PARTS[ratio][0] / _PARTS[ratio][1]) - wanted))
