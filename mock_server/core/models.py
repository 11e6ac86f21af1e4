"""What the models can do: sizes, limits and prices, each with the documentation that says so.

Sources: platform.minimaxi.com and platform.minimax.io, pages ``image-generation-t2i``,
``image-generation-i2i`` (OpenAPI) and ``rate-limits``.
"""

from __future__ import annotations

from msgspec import Struct

RATIOS: dict[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "16:9": (1280, 720),
    "4:3": (1152, 864),
    "3:2": (1248, 832),
    "2:3": (832, 1248),
    "3:4": (864, 1152),
    "9:16": (720, 1280),
    "21:9": (1344, 576),
}
"""Aspect ratio → exact pixel size (documented; 1:1 and the 16:9 width also recorded)."""

DEFAULT_RATIO = "1:1"
MIN_SIDE, MAX_SIDE, SIDE_STEP = 512, 2048, 8
MIN_N, MAX_N = 1, 9
PROMPT_LIMIT = 1500
BLANKS = " \t\n\r\v\f"
"""A prompt of nothing else counts as empty (assumed)."""
REFERENCE_TYPES = ("character",)
REFERENCE_MAX_BYTES = 10 * 1024 * 1024
"""A reference must be *under* 10 MB (documented; whether MB means 10**6 or 2**20 bytes is assumed)."""
RESPONSE_FORMATS = ("url", "base64")
STYLES = ("漫画", "元气", "中世纪", "水彩")
DEFAULT_STYLE_WEIGHT = 0.8
URL_LIFETIME_SECONDS = 86_400
"""Image URLs live exactly 24 hours (documented, and recorded to the second)."""

DOCUMENTED_RPM = 10
DOCUMENTED_IMAGES_PER_MINUTE = 60


class Model(Struct, frozen=True):
    """One image model: its price in millionths of a US dollar per image, and what sets it apart from the others."""

    name: str
    price_micro_usd: int
    custom_size: bool
    ultrawide: bool
    styles: bool


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model("image-01", price_micro_usd=3_500, custom_size=True, ultrawide=True, styles=False),
        Model("image-01-live", price_micro_usd=3_500, custom_size=False, ultrawide=False, styles=True),
    )
}
"""Price: $0.0035 an image, pay as you go (official price page). ``21:9``, width and height: ``image-01`` only."""
