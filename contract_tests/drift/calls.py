"""The calls that there are to choose from: what each sends, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from contract_tests.drift.drawn_face import PORTRAIT
from contract_tests.targets.meter import PATH

Key = Literal["own", "none", "basic", "garbled", "unknown"]
Change = Literal["", "range", "unsigned", "tampered", "head", "authorization", "beyond", "key-id"]
SEED = 20_260_418
PROMPT = "a small red lighthouse at dawn, 灯塔"
_GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
IN_CHINESE = "清晨的红色灯塔" * 90
"""630 characters, 1890 bytes: too long only where bytes are counted."""


class Call(Struct, frozen=True):
    """One call. ``cost`` is how many images it buys; ``risk`` how many it could if it were not refused as expected.

    ``after``: it downloads the image of that call, changed in one way. ``codes``: codes besides 0 and 2013 that are an
    answer to what is asked, not trouble.
    """

    name: str
    body: Mapping[str, Any] | str = {}
    cost: int = 0
    risk: int = 0
    key: Key = "own"
    method: str = "POST"
    path: str = PATH
    after: str = ""
    change: Change = ""
    codes: tuple[int, ...] = ()
    content_type: str = "application/json"


def _image(name: str, cost: int = 1, *, codes: tuple[int, ...] = (), **fields: Any) -> Call:
    """A call that buys images."""
    usual = {"model": "image-01", "prompt": PROMPT, "n": cost, "response_format": "base64"}
    return Call(name, usual | fields, cost=cost, codes=codes)


def _wrong(name: str, risk: int = 1, *, codes: tuple[int, ...] = (), **fields: Any) -> Call:
    """A call that is refused; where it is not, it buys images."""
    usual = {"model": "image-01", "prompt": PROMPT, "n": 1}
    return Call(name, usual | fields, risk=risk, codes=codes)


def _reference(image: str = PORTRAIT, kind: str = "character") -> dict[str, str]:
    return {"type": kind, "image_file": image}


_ROWS = (
    Call("no-key", key="none"),
    Call("basic", key="basic"),
    Call("garbled-key", key="garbled"),
    Call("unknown-key", key="unknown"),
    Call("no-model", {"prompt": PROMPT}),
    Call("no-prompt", {"model": "image-01"}),
    Call("model-and-prompt", {"model": "image-02"}),
    Call("broken-json", '{"model": "image-01", "prompt": "'),
    Call("wrong-type", {"model": 5, "prompt": PROMPT}),
    Call("unknown-path", path="/v1/images/generations"),
    Call("nowhere", path="/v1/nowhere"),
    Call("get", method="GET"),
    Call("as-text", {"model": "image-01", "prompt": PROMPT}, risk=1, content_type="text/plain"),
    _wrong("unknown-model", model="image-02"),
    _wrong("unknown-model-and-n", 10, model="image-02", n=10),
    _wrong("empty-prompt", prompt=""),
    _wrong("blank-prompt", prompt="   "),
    _wrong("prompt-1500", prompt="a" * 1500),
    _wrong("prompt-1501", prompt="a" * 1501),
    _wrong("n-0", n=0),
    _wrong("n-10", 10, n=10),
    _wrong("b64-json", response_format="b64_json"),
    _wrong("ratio-99", aspect_ratio="99:99"),
    _wrong("width-alone", width=1024),
    _wrong("width-504", width=504, height=1024),
    _wrong("width-2056", width=2056, height=1024),
    _wrong("width-1001", width=1001, height=1024),
    _wrong("style-type", model="image-01-live", style={"style_type": "cubism", "style_weight": 0.8}),
    _wrong("style-weight", model="image-01-live", style={"style_type": "水彩", "style_weight": 1.5}),
    _wrong("product", subject_reference=[_reference(kind="product")]),
    _wrong("no-address", subject_reference=[_reference("portrait.jpg")]),
    _wrong("gif", subject_reference=[_reference(f"data:image/gif;base64,{_GIF}")]),
    _wrong("no-base64", subject_reference=[_reference("data:image/jpeg;base64,!!!!")]),
    _wrong("no-picture", subject_reference=[_reference("data:image/jpeg;base64,bm8gcGljdHVyZQ==")]),
    _wrong("seed-65-bits", seed=2**64),
    _wrong("private-address", codes=(1000,), subject_reference=[_reference("http://127.0.0.1/portrait.jpg")]),
    _image("image-url", aspect_ratio="16:9", seed=SEED, response_format="url"),
    _image("image-base64", aspect_ratio="16:9", seed=SEED),
    _image("custom-size", prompt=IN_CHINESE, width=512, height=2048),
    _image("two-images", 2, seed=SEED),
    _image("nine-images", 9),
    Call("least", {"model": "image-01", "prompt": PROMPT}, cost=1),
    _image("null-fields", aspect_ratio=None, seed=None, width=None, height=None, prompt_optimizer=None),
    _image("ratio-and-size", prompt="a" * 1499, aspect_ratio="1:1", width=640, height=512),
    _image("unknown-field", num_images=1),
    _image("live-size", model="image-01-live", width=640, height=512),
    _image("live-21-9", model="image-01-live", aspect_ratio="21:9"),
    _image("style-on-image-01", style={"style_type": "水彩", "style_weight": 0.8}),
    _image("data-url", codes=(1000,), subject_reference=[_reference()]),
    _image("two-references", subject_reference=[_reference(), _reference()]),
    _image("live-reference", model="image-01-live", subject_reference=[_reference()]),
    Call("download-least", key="none", method="GET", after="least"),
    Call("download", key="none", method="GET", after="image-url"),
    Call("download-range", key="none", method="GET", after="image-url", change="range"),
    Call("download-unsigned", key="none", method="GET", after="image-url", change="unsigned"),
    Call("download-tampered", key="none", method="GET", after="image-url", change="tampered"),
    Call("download-head", key="none", method="HEAD", after="image-url", change="head"),
    Call("download-authorization", key="none", method="GET", after="image-url", change="authorization"),
    Call("download-beyond", key="none", method="GET", after="image-url", change="beyond"),
    Call("download-key-id", key="none", method="GET", after="image-url", change="key-id"),
)

CALLS = {call.name: call for call in _ROWS}


def with_needed(names: frozenset[str]) -> frozenset[str]:
    """These calls, and those whose images they download."""
    return names | {CALLS[name].after for name in names if CALLS[name].after}
