"""Text from anywhere made fit to be shown: what cannot be seen, or deceives the eye, becomes visible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\U000e0000-\U000e007f" + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)) + "]"
)
"""Controls (a terminal obeys them, XML forbids them), what reverses the direction of text, half a character."""


def legible(text: str) -> str:
    """`text` with lines and tabs as they are, and every unseen character as its number: ``‹U+0000›``."""
    return _UNSEEN.sub(lambda match: f"‹U+{ord(match[0]):04X}›", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """`text` fit to be shown, on one line."""
    return " ".join(legible(text).split())


def shortened(text: str, length: int) -> str:
    """`text`, or its beginning and how much is left out."""
    left = len(text) - length
    return text if left <= 0 else f"{text[:length]}… (and {left:,} more characters)"


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: what JSON has no form for becomes text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    return value if value is None or isinstance(value, str | int) else str(value)
