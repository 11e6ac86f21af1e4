"""What decides a picture's look: seed and index choose a scene and a palette."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

SCENES = ("hills", "mountains", "sea", "dunes")

Stop = tuple[float, int, int]
"""A height (0 top, 1 bottom) and the chroma there: Cb and Cr less 128."""

# Pale colours above, where the luma is high, and quiet ones below, where it is low: no value leaves the RGB cube.
PALETTES: tuple[tuple[Stop, ...], ...] = (
    ((0.0, 16, 0), (0.45, -12, 20), (0.7, 6, 14), (1.0, 16, 2)),  # dawn
    ((0.0, 24, -18), (0.5, 6, -8), (0.7, -10, -12), (1.0, 2, -12)),  # noon
    ((0.0, 22, 4), (0.48, -26, 28), (0.68, 2, 16), (1.0, 16, -2)),  # dusk
    ((0.0, 10, -8), (0.5, 4, -4), (1.0, 10, -8)),  # mist
    ((0.0, 8, -6), (0.45, -16, 10), (0.7, -20, 18), (1.0, -4, 10)),  # autumn
    ((0.0, 16, -14), (0.45, -2, -22), (0.7, 4, -18), (1.0, 14, -6)),  # aurora
    ((0.0, 12, -10), (0.5, -18, 8), (0.75, -18, 12), (1.0, -6, 8)),  # sand
    ((0.0, 8, 10), (0.5, -4, 20), (0.75, 6, 14), (1.0, 8, 8)),  # rose
    ((0.0, 6, -18), (0.5, -6, -14), (0.75, -4, -16), (1.0, 4, -12)),  # mint
    ((0.0, 22, -22), (0.5, 14, -20), (0.75, 12, -18), (1.0, 12, -10)),  # lagoon
    ((0.0, 22, 4), (0.5, 12, 6), (0.75, 16, 4), (1.0, 14, 2)),  # lavender
    ((0.0, 10, 4), (0.42, -20, 24), (0.7, -10, 26), (1.0, 0, 14)),  # ember
    ((0.0, 26, -12), (0.5, 10, 2), (0.75, 14, 0), (1.0, 16, -4)),  # blue hour
    ((0.0, 10, -12), (0.5, -20, -2), (0.75, -16, -8), (1.0, -4, -8)),  # meadow
    ((0.0, 18, -14), (0.45, -10, 14), (0.7, 8, -6), (1.0, 14, -10)),  # peach and teal
    ((0.0, 4, 2), (0.5, -8, 6), (1.0, -2, 3)),  # sepia
)


class Look(NamedTuple):
    """Numbers of a scene and a palette."""

    scene: int
    palette: int


def look_for(seed: int, index: int) -> Look:
    """The look of an image. Neighbouring seeds, and the images of one request, look different."""
    palette, scene = divmod(_mix(seed * 9 + index), len(SCENES))
    return Look(scene, palette % len(PALETTES))


def chroma_levels(look: Look, rows: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The Cb and Cr levels, less 128, of each of ``rows`` rows from top to bottom."""
    stops = PALETTES[look.palette]
    levels = [_blend(stops, row / max(1, rows - 1)) for row in range(rows)]
    return tuple(cb for cb, _ in levels), tuple(cr for _, cr in levels)


def _blend(stops: tuple[Stop, ...], height: float) -> tuple[int, int]:
    for (above, cb0, cr0), (below, cb1, cr1) in pairwise(stops):
        if height <= below:
            part = (height - above) / (below - above)
            return round(cb0 + (cb1 - cb0) * part), round(cr0 + (cr1 - cr0) * part)
    return stops[-1][1:]


def _mix(number: int) -> int:
    """The finaliser of SplitMix64: spreads neighbouring numbers over 64 bits."""
    number = (number + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    number = (number ^ number >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return number ^ number >> 31
