"""Pictures for the tests of this folder, and their pixels."""

from __future__ import annotations

import io

from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from mock_server.core.types import Picture, Reference, Style

SIZES = [(1024, 1024), (1280, 720), (1152, 864), (1248, 832), (832, 1248), (864, 1152), (720, 1280), (1344, 576)]

PROMPTS = {
    "ascii": "A small red fox in the snow under a winter moon",
    "chinese": "一只红色的小狐狸站在雪地里，冬日的月光洒在松林上。",
    "japanese": "雪の中の小さな赤い狐、カメラ",
    "korean": "눈 속의 작은 붉은 여우",
    "thai": "สุนัขจิ้งจอกสีแดงในหิมะ",
    "hindi": "बर्फ में एक छोटी लाल लोमड़ी",
    "arabic": "ثعلب أحمر صغير في الثلج، ١٢٣",
    "hebrew": "שועל אדום קטן בשלג (2024)",
    "cyrillic": "Маленькая рыжая лиса в снегу",
    "emoji": "🦊 in the snow ❄️ under the 🌙 👩‍👩‍👧 🇨🇳 🚀",
}


def make_picture(prompt: str = PROMPTS["ascii"], size: tuple[int, int] = (1024, 1024), **changes: object) -> Picture:
    """An ordinary picture, with changes."""
    fields = {"model": "image-01", "prompt": prompt, "width": size[0], "height": size[1], "seed": 7, "index": 0}
    return Picture(**(fields | changes))


def decode(data: bytes) -> Image.Image:
    """The pixels of a JPEG, fully decoded."""
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.load()
    return image.convert("RGB")


def difference(one: bytes, other: bytes) -> tuple[float, int]:
    """Mean and greatest absolute difference of two JPEGs' samples."""
    statistics = ImageStat.Stat(ImageChops.difference(decode(one), decode(other)))
    return max(statistics.mean), max(high for _, high in statistics.extrema)


def png(size: tuple[int, int] = (120, 80), colour: str = "orange") -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


seeds = st.integers(min_value=-(2**63), max_value=2**63 - 1)
sides = st.integers(min_value=64, max_value=256).map(lambda eighths: 8 * eighths)
prompts = st.text(max_size=200) | st.text(alphabet=st.characters(codec="ascii"), max_size=300)
styles = st.none() | st.builds(Style, st.sampled_from(["漫画", "元气", "中世纪", "水彩"]), st.floats(0.01, 1))
references = st.builds(
    Reference,
    label=st.text(max_size=80),
    digest=st.binary(min_size=32, max_size=32).map(bytes.hex),
    size=st.integers(0, 10**8),
    thumbnail=st.sampled_from([b"", png(), png((7, 190)), b"broken"]),
)
pictures = st.builds(
    Picture,
    model=st.sampled_from(["image-01", "image-01-live"]),
    prompt=prompts,
    width=sides,
    height=sides,
    seed=seeds,
    index=st.integers(0, 8),
    prompt_optimizer=st.booleans(),
    aigc_watermark=st.booleans(),
    style=styles,
)
"""Pictures without references; shrinks to a small square one with an empty prompt."""
