"""Prompts such as people write, every one different, about 60 characters long."""

from __future__ import annotations

from itertools import product
from random import Random

PROMPT = "a lighthouse on a rocky coast at dawn, oil painting, soft light"

_SUBJECTS = "an old lighthouse|a red fox|a sleeping cat|a steam train|a wooden boat|a market square|a glass house"
_PLACES = "in the morning fog|under northern lights|by a quiet lake|after heavy rain|on a windy hill|in deep snow"
_COLOURS = "crimson|amber|cobalt|ivory|teal|violet|ochre|silver|jade|coral|indigo|umber"
_DETAILS = "birds|clouds|flags|lanterns|reeds|stars|leaves|waves|stones|sparks|petals|ropes|crates|lamps"
_STYLES = "oil painting|35mm photograph|ink and watercolour|low poly render|pencil sketch|paper collage"


def prompts() -> list[str]:
    """Some forty thousand, always the same ones in the same order."""
    words = [text.split("|") for text in (_SUBJECTS, _PLACES, _COLOURS, _DETAILS, _STYLES)]
    found = [
        f"{subject} {place}, {colour} {detail}, {style}" for subject, place, colour, detail, style in product(*words)
    ]
    Random(0).shuffle(found)
    return found
