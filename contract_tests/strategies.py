"""Requests that a client is asked to make. Each field is drawn only if the client can send it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Request = dict[str, Any]
CanSend = Callable[[str], bool]

RATIOS: dict[str, tuple[int, int]] = {
    "1:1": (1024, 1024), "16:9": (1280, 720), "4:3": (1152, 864), "3:2": (1248, 832), "2:3": (832, 1248),
    "3:4": (864, 1152), "9:16": (720, 1280), "21:9": (1344, 576),
}  # fmt: skip
"""aspect_ratio → exact pixels (platform.minimax.io, image-generation-t2i)."""
DEFAULT_SIZE = RATIOS["1:1"]
PROMPT_LIMIT = 1500
STYLES = ("漫画", "元气", "中世纪", "水彩")

TRICKY = (
    "a lighthouse at dawn", "Ein Fuchs läuft übers Eis", "水墨山水，远处有一座灯塔", "🦊🏳️‍🌈 family: 👨‍👩‍👧",
    "e\u0301 is not \u00e9",
    "שלום עולם", "line one\nline two\ttab", 'quotes " and \\ and \' and </script>', "100 % {x} %s $HOME `id`",
    " leading and trailing ", "ﬁ ligature ½ ﷺ",
)  # fmt: skip


def prompts() -> SearchStrategy[str]:
    """Prompts that the service takes; shrinks to a short English one."""
    letters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="[]")
    free = st.text(letters, min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
    long = st.integers(1, PROMPT_LIMIT - 1).map(lambda length: ("a red fox " * 150)[:length].strip() or "a")
    return st.one_of(st.sampled_from(TRICKY), free, long)


def sizes() -> SearchStrategy[Request]:
    """The fields of a size: none, a ratio, or width and height."""
    side = st.sampled_from([512, 520, 640, 1000, 1024])
    return st.one_of(
        st.just({}),
        st.sampled_from(list(RATIOS)).map(lambda ratio: {"aspect_ratio": ratio}),
        st.tuples(side, side).map(lambda pair: {"width": pair[0], "height": pair[1]}),
    )


def png(width: int = 8, height: int = 8) -> bytes:
    """A small grey PNG, for references."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


DATA_URL = "data:image/png;base64," + base64.b64encode(png()).decode()


def references() -> SearchStrategy[list[dict[str, str]]]:
    """One reference, by URL or as data."""
    files = st.sampled_from(["https://example.com/face.jpg", "https://example.com/ä%20b.png?x=1&y=2", DATA_URL])
    return files.map(lambda file: [{"type": "character", "image_file": file}])


_OPTIONAL: Mapping[str, SearchStrategy[Any]] = {
    "n": st.integers(1, 9),
    "seed": st.one_of(st.integers(0, 10), st.sampled_from([-(2**63), -1, 2**31, 2**53 + 1, 2**63 - 1])),
    "response_format": st.sampled_from(["url", "base64"]),
    "prompt_optimizer": st.booleans(),
    "aigc_watermark": st.booleans(),
    "subject_reference": references(),
}


@st.composite
def requests(draw: st.DrawFn, can_send: CanSend, *, without: tuple[str, ...] = ()) -> Request:
    """Requests that the service accepts, with the fields that the client can send; shrinks to model and prompt."""
    request: Request = {"model": "image-01", "prompt": draw(prompts())}
    size = draw(sizes())
    if all(can_send(field) and field not in without for field in size):
        request |= size
    for field, strategy in _OPTIONAL.items():
        if can_send(field) and field not in without and draw(st.booleans()):
            request[field] = draw(strategy)
    styled = can_send("style") and can_send("model") and not {"style", "width"} & {*without, *request}
    if styled and draw(st.booleans()):
        style = {"style_type": draw(st.sampled_from(STYLES)), "style_weight": 0.5}
        request |= {"model": "image-01-live", "style": style}
        if request.get("aspect_ratio") == "21:9":
            del request["aspect_ratio"]
    return request


def plain(can_send: CanSend, **fields: Any) -> Request:
    """A simple request, with those of `fields` that the client can send."""
    asked = {"model": "image-01", "prompt": "a lighthouse at dawn"}
    return asked | {name: value for name, value in fields.items() if can_send(name)}


def size_of(request: Mapping[str, Any]) -> tuple[int, int]:
    """The size that a valid request must be answered with: the ratio wins (documented)."""
    if "aspect_ratio" in request:
        return RATIOS[request["aspect_ratio"]]
    if "width" in request:
        return request["width"], request["height"]
    return DEFAULT_SIZE
