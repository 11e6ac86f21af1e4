"""What the service makes of the fields of a call: the images that are to be made, or a refusal."""

from __future__ import annotations

import base64
import binascii
import io
import ipaddress
import re
import urllib.parse
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.drift.binding import SHAPE
from tests.drift.deviations import Ways
from tests.drift.refusal import RefusedError, invalid

MODELS = ("image-01", "image-01-live")
RATIOS = {
    "1:1": (1024, 1024),
    "16:9": (1280, 720),
    "4:3": (1152, 864),
    "3:2": (1248, 832),
    "2:3": (832, 1248),
    "3:4": (864, 1152),
    "9:16": (720, 1280),
    "21:9": (1344, 576),
}
STYLES = ("漫画", "元气", "中世纪", "水彩")
PROMPT_LIMIT = 1500
PRIVATE_NAMES = re.compile(r"(^|\.)(localhost|local|internal)$")
DATA_URL = re.compile(r"data:([^;,]*)(?:;[^;,]+)*;base64,(.*)", re.DOTALL)


@dataclass(frozen=True)
class Order:
    """The images of an accepted call."""

    prompt: str
    n: int
    size: tuple[int, int]
    as_base64: bool
    seed: int | None


@dataclass(frozen=True)
class Rules:
    """The rules of one site (io or cn)."""

    region: str
    ways: Ways

    def order(self, fields: dict[str, Any]) -> Order:
        """Check a body that binding has passed. Raises RefusedError (tier handler) at the first rule that it breaks."""
        if self.ways("limits-before-model"):
            self.check_n(fields)
        self.check_model(fields)
        self.check_fields(fields)
        self.check_prompt(fields["prompt"])
        size = self.size(fields)
        n = self.check_n(fields)
        as_base64 = self.as_base64(fields.get("response_format") or self.usual_format)
        self.check_style(fields)
        self.check_references(fields)
        return Order(fields["prompt"], n, size, as_base64, fields.get("seed"))

    def broken(self, rule: str, **values: object) -> RefusedError:
        return invalid(self.ways, "handler", rule, **values)

    def check_model(self, fields: dict[str, Any]) -> None:
        if fields["model"] not in MODELS and not self.ways("any-model"):
            raise self.broken("unsupported_model")

    def check_n(self, fields: dict[str, Any]) -> int:
        """How many images are asked for."""
        n: int = fields.get("n", 1 + self.ways("two-by-default"))
        if n == 0 and self.ways("n-0-is-1"):
            return 1
        if not 1 <= n <= 9 - self.ways("n-9-refused") + self.ways("n-10-accepted"):
            raise self.broken("n")
        return n

    @property
    def usual_format(self) -> str:
        return "base64" if self.ways("base64-by-default") else "url"

    def check_fields(self, fields: dict[str, Any]) -> None:
        unknown = next((name for name in fields if name not in SHAPE), None)
        if unknown is not None and self.ways("unknown-fields-refused"):
            raise self.broken("unknown_field", field=unknown)

    def check_prompt(self, prompt: str) -> None:
        if not (prompt if self.ways("blank-prompt-accepted") else prompt.strip()):
            raise self.broken("empty_prompt")
        length = len(prompt.encode()) if self.ways("prompt-in-bytes") else len(prompt)
        if length >= PROMPT_LIMIT + self.ways("prompt-1500-accepted") - 500 * self.ways("long-prompts-refused"):
            raise self.broken("prompt_too_long", limit=PROMPT_LIMIT)

    def size(self, fields: dict[str, Any]) -> tuple[int, int]:
        """Pixels: of the ratio, else of width and height where the model takes them, else of 1:1."""
        given = [name for name in ("width", "height") if name in fields]
        live = fields["model"] == "image-01-live"
        if given and live and self.ways("live-model-size-refused"):
            raise self.broken("size_of_model")
        ratio = self.ratio(fields.get("aspect_ratio"), live)
        if given and not live and not (ratio and not self.ways("size-over-ratio")):
            return self.custom_size(fields)
        width, height = ratio or RATIOS["16:9" if self.ways("wide-by-default") else "1:1"]
        off = ratio is not None and not given and not live and self.ways("size-off-by-8")
        return (width + 8 * off, height)

    def ratio(self, name: str | None, live: bool) -> tuple[int, int] | None:
        if not name:
            return None
        if name not in RATIOS and not self.ways("any-ratio"):
            raise self.broken("aspect_ratio")
        if name == "21:9" and live and (self.region == "cn") != self.ways("live-model-21-9-otherwise"):
            raise self.broken("aspect_ratio_of_model", value=name, model="image-01-live")
        return RATIOS.get(name, RATIOS["1:1"])

    def custom_size(self, fields: dict[str, Any]) -> tuple[int, int]:
        if len({"width", "height"} & set(fields)) == 1:
            if self.ways("width-alone-accepted"):
                return RATIOS["1:1"]
            raise self.broken("size_incomplete")
        least, most = 512 // (1 + self.ways("small-sizes-accepted")), 2048 * (1 + self.ways("large-sizes-accepted"))
        for name in ("width", "height"):
            if not least <= fields[name] <= most:
                raise self.broken("size_range", field=name)
            if fields[name] % 8 and not self.ways("any-size-step"):
                raise self.broken("size_step", field=name)
        return RATIOS["1:1"] if self.ways("custom-size-ignored") else (fields["width"], fields["height"])

    def as_base64(self, response_format: str) -> bool:
        if response_format == "b64_json" and self.ways("b64-json-accepted"):
            return True
        if response_format not in ("url", "base64"):
            raise self.broken("response_format")
        return response_format == "base64"

    def check_style(self, fields: dict[str, Any]) -> None:
        style = fields.get("style")
        if style is None:
            return
        if fields["model"] != "image-01-live":
            if self.ways("style-on-image-01-refused"):
                raise self.broken("style_of_model")
            return
        if style["style_type"] not in STYLES and not self.ways("any-style"):
            raise self.broken("style_type")
        if not 0 < style.get("style_weight", 0.8) <= 1 and not self.ways("any-style-weight"):
            raise self.broken("style_weight")

    def check_references(self, fields: dict[str, Any]) -> None:
        references = fields.get("subject_reference", [])
        if references and fields["model"] == "image-01-live" and self.ways("live-model-references-refused"):
            raise self.broken("references_of_model", model=fields["model"])
        if len(references) > 1 and self.ways("one-reference-only"):
            raise self.broken("reference_count")
        for reference in references:
            if reference["type"] != "character" and not (
                reference["type"] == "product" and self.ways("product-accepted")
            ):
                raise self.broken("reference_type")
            self.check_reference(reference["image_file"])

    def check_reference(self, address: str) -> None:
        if address.startswith("data:"):
            if self.ways("data-urls-refused"):
                raise disallowed()
            return self.check_data_url(address)
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise self.broken("reference_url")
        if is_private(parts.hostname) and not self.ways("private-address-accepted"):
            raise disallowed()
        return None

    def check_data_url(self, address: str) -> None:
        parts = DATA_URL.fullmatch(address)
        if parts is None:
            raise self.broken("reference_url")
        if parts[1] not in ("image/jpeg", "image/jpg", "image/png"):
            raise self.broken("reference_format")
        try:
            picture = base64.b64decode(parts[2], validate=True)
        except binascii.Error:
            raise self.broken("reference_base64") from None
        if len(picture) >= 10 * 2**20:
            raise self.broken("reference_too_large")
        try:
            Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")).close()
        except UnidentifiedImageError:
            problem = f"not a JPEG or PNG: it begins with {picture[:8].hex(' ')}"
            raise self.broken("reference_unreadable", problem=problem) from None


def disallowed() -> RefusedError:
    return RefusedError("handler", 1000, "disallowed image url: localhost or private address not allowed")


def is_private(host: str) -> bool:
    """Whether a host is this machine or in a private network, by its name alone: nothing is looked up."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return PRIVATE_NAMES.search(host.lower()) is not None
