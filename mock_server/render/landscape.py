"""Four calm landscapes, as the luma of a picture; a palette gives them their colours.

All arithmetic is addition and multiplication of floats, the same on every machine; the only chance is a generator of
its own with a fixed seed for each scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw

_STEP = 4  # pixels between two points of a ridge
_FINE = 2  # ridges are drawn so many times bigger, then shrunk, to have smooth edges


def compose(width: int, height: int, scene: int) -> Image.Image:
    """The luma of scene number ``scene`` (look.SCENES)."""
    return (_hills, _mountains, _sea, _dunes)[scene](width, height)


def _hills(width: int, height: int) -> Image.Image:
    chance = Random(11)  # noqa: S311
    image = _sky(width, height, (168, 196, 226))
    _glow(image, (0.68, 0.34), 0.42, 70)
    _disc(image, (0.68, 0.34), 0.052, 250)
    for depth in range(5):
        near = depth / 4
        ridge = _ridge(chance, width, octaves=((1.6 + near, 1.0), (3.7 + near, 0.35)))
        top = [height * (0.50 + 0.105 * depth - (0.075 - 0.008 * depth) * value) for value in ridge]
        _layer(image, top, (186 - 27 * depth, 204 - 32 * depth))
    return image


def _mountains(width: int, height: int) -> Image.Image:
    chance = Random(23)  # noqa: S311
    image = _sky(width, height, (120, 158, 214))
    _stars(image, chance)
    _glow(image, (0.27, 0.2), 0.28, 60)
    _disc(image, (0.27, 0.2), 0.04, 246)
    for depth in range(4):
        octaves = ((2.2, 1.0), (5.0, 0.45), (11.0, 0.2), (23.0, 0.09), (47.0, 0.04))
        ridge = _ridge(chance, width, octaves=octaves, sharp=True)
        top = [height * (0.47 + 0.12 * depth - (0.17 - 0.02 * depth) * value) for value in ridge]
        _layer(image, top, (164 - 34 * depth, 196 - 38 * depth))
    return image


def _sea(width: int, height: int) -> Image.Image:
    chance = Random(37)  # noqa: S311
    image = _sky(width, height, (150, 190, 232), until=0.56)
    _glow(image, (0.42, 0.55), 0.5, 80)
    _disc(image, (0.42, 0.52), 0.085, 252)
    ridge = _ridge(chance, width, octaves=((1.2, 1.0), (3.1, 0.4)))
    _layer(image, [height * (0.545 - 0.05 * max(0.0, value)) for value in ridge], (176, 190))
    _layer(image, [height * 0.56] * len(ridge), (196, 84))
    _glitter(image, chance, 0.42)
    return image


def _dunes(width: int, height: int) -> Image.Image:
    chance = Random(53)  # noqa: S311
    image = _sky(width, height, (176, 206, 232))
    _glow(image, (0.2, 0.26), 0.4, 60)
    _disc(image, (0.2, 0.26), 0.06, 252)
    for depth in range(4):
        ridge = _ridge(chance, width, octaves=((1.3 + 0.5 * depth, 1.0),))
        top = [height * (0.5 + 0.13 * depth - 0.085 * value) for value in ridge]
        _layer(image, top, (206 - 34 * depth, 150 - 28 * depth))
        slip = [
            y + height * (0.02 + 0.09 * max(0.0, value))
            for y, value in zip(top, ridge[7:] + ridge[-1:] * 7, strict=True)
        ]
        _layer(image, slip, (182 - 36 * depth, 164 - 32 * depth))
    return image


def _sky(width: int, height: int, levels: tuple[int, int, int], *, until: float = 0.6) -> Image.Image:
    """Brighter towards the horizon."""
    top, middle, horizon = levels
    column = Image.new("L", (1, height))
    limit = height * until
    column.putdata([round(_ease(top, middle, horizon, min(1.0, y / limit))) for y in range(height)])
    return column.resize((width, height), Image.Resampling.NEAREST)


def _ease(top: float, middle: float, horizon: float, part: float) -> float:
    return (1 - part) * (1 - part) * top + 2 * part * (1 - part) * middle + part * part * horizon


def _disc(image: Image.Image, centre: tuple[float, float], radius: float, level: int) -> None:
    size = max(1, round(radius * min(image.size)))
    mask = Image.new("L", (8 * size, 8 * size))
    ImageDraw.Draw(mask).ellipse((0, 0, 8 * size - 1, 8 * size - 1), fill=255)
    place = (round(centre[0] * image.width) - size, round(centre[1] * image.height) - size)
    image.paste(level, place, mask.reduce(4))


def _glow(image: Image.Image, centre: tuple[float, float], radius: float, strength: int) -> None:
    size = max(1, round(radius * max(image.size)))
    rim = 179  # what Pillow's radial gradient, 0 in the centre, reaches at the middle of an edge
    light = Image.radial_gradient("L").point([max(0, rim - value) ** 2 * strength // rim**2 for value in range(256)])
    place = (round(centre[0] * image.width) - size, round(centre[1] * image.height) - size)
    image.paste(255, place, light.resize((2 * size, 2 * size), Image.Resampling.BILINEAR))


def _stars(image: Image.Image, chance: Random) -> None:
    unit = max(1, min(image.size) // 512)
    for _ in range(60):
        x, y = int(chance.random() * image.width), int(chance.random() * image.height * 0.36)
        image.paste(190 + int(chance.random() * 60), (x, y, x + unit, y + unit))


def _glitter(image: Image.Image, chance: Random, centre: float) -> None:
    """The sun's path on the water: short strokes, wider and darker towards the viewer."""
    canvas = ImageDraw.Draw(image)
    unit = min(image.size) / 512
    for _ in range(56):
        depth = chance.random()
        y = image.height * (0.57 + 0.43 * depth * depth)
        reach = unit * (14 + 90 * depth) * (chance.random() + chance.random() - 1)
        half = unit * (6 + 26 * chance.random() * (0.4 + depth))
        x = centre * image.width + reach
        thick = unit * (0.8 + 1.5 * depth)
        level = 236 - round(84 * depth)
        canvas.rounded_rectangle((x - half, y, x + half, y + thick), radius=thick / 2, fill=level)


def _ridge(chance: Random, width: int, *, octaves: Sequence[tuple[float, float]], sharp: bool = False) -> list[float]:
    """Heights between about -1 and 1 along the picture: smooth noise of frequencies (waves a width) and weights."""
    points = width // _STEP + 2
    heights = [0.0] * points
    for frequency, weight in octaves:
        lattice = [chance.random() * 2 - 1 for _ in range(int(frequency) + 4)]
        for at in range(points):
            place = at * _STEP / width * frequency
            left = min(int(place), len(lattice) - 2)
            part = place - left
            if not sharp:
                part = part * part * (3 - 2 * part)
            heights[at] += weight * (lattice[left] + (lattice[left + 1] - lattice[left]) * part)
    return heights


def _layer(image: Image.Image, top: Sequence[float], levels: tuple[int, int]) -> None:
    """Everything below the line ``top``, shaded from the first level at its highest point to the second below."""
    width, height = image.size
    highest, lowest = max(0, int(min(top)) - 1), min(height, int(max(top)) + 2)
    if highest >= height:
        return
    first, last = levels
    ladder = [round(first + (last - first) * value / 255) for value in range(256)]
    column = Image.linear_gradient("L").resize((1, height - highest), Image.Resampling.BILINEAR).point(ladder)
    shade = column.resize((width, height - highest), Image.Resampling.NEAREST)
    mask = Image.new("L", (width * _FINE, max(1, lowest - highest) * _FINE))
    line = [(at * _STEP * _FINE, (y - highest) * _FINE) for at, y in enumerate(top)]
    ImageDraw.Draw(mask).polygon([*line, (line[-1][0], mask.height), (0, mask.height)], fill=255)
    band = mask.reduce(_FINE)
    image.paste(shade.crop((0, 0, width, band.height)), (0, highest), band)
    image.paste(shade.crop((0, band.height, width, shade.height)), (0, highest + band.height))
