"""Other decoders than Pillow's accept the files and see the same picture."""

from __future__ import annotations

import base64
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mock_server.core.types import Picture
from mock_server.render import Renderer, render_plain
from tests.render.pictures import PROMPTS, SIZES, decode, make_picture

pytestmark = pytest.mark.e2e

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
SPOTS = [(0.1, 0.1), (0.5, 0.3), (0.9, 0.6), (0.3, 0.75), (0.002, 0.998)]
LOOK = """async ([url, spots]) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = spots.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
    return [image.naturalWidth, image.naturalHeight, pixels];
}"""

MATRIX = [
    *(
        make_picture(size=size, seed=number)
        for number, size in enumerate([*SIZES, (512, 2048), (2048, 520), (520, 904)])
    ),
    *(make_picture(prompt, seed=-number, aigc_watermark=True) for number, prompt in enumerate(PROMPTS.values())),
    make_picture("word " * 300, size=(512, 512)),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize(
    "picture", MATRIX, ids=lambda picture: f"{picture.width}x{picture.height}, seed {picture.seed}"
)
def test_libjpeg_accepts_the_files_without_a_warning(picture: Picture, tmp_path: Path) -> None:
    for way, data in (("hybrid", Renderer().render(picture)), ("plain", render_plain(picture))):
        file = tmp_path / f"{way}.jpg"
        file.write_bytes(data)
        result = subprocess.run(["djpeg", "-strict", "-pnm", str(file)], capture_output=True, check=False)
        assert (result.returncode, result.stderr) == (0, b""), way
        shown = Image.open(io.BytesIO(result.stdout))
        assert shown.tobytes() == decode(data).tobytes()


@pytest.mark.parametrize("picture", MATRIX[:12], ids=lambda picture: f"{picture.width}x{picture.height}")
def test_chromium_shows_the_files_as_pillow_does(picture: Picture, page: Any) -> None:
    spots = [(int(x * picture.width), int(y * picture.height)) for x, y in SPOTS]
    for data in (Renderer().render(picture), render_plain(picture)):
        url = "data:image/jpeg;base64," + base64.b64encode(data).decode()
        width, height, pixels = page.evaluate(LOOK, [url, spots])
        assert (width, height) == (picture.width, picture.height)
        image = decode(data)
        for spot, pixel in zip(spots, pixels, strict=True):
            assert max(abs(a - b) for a, b in zip(image.getpixel(spot), pixel, strict=True)) <= 4, spot
