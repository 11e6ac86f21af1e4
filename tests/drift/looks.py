"""What can be seen of each claim in a running service, without the values that differ from call to call."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import re
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

from tests.drift.answers import YEAR_2023
from tests.drift.service import ENDPOINT, Service

SMALL = {"width": 512, "height": 512}
LIVE = {"model": "image-01-live"}
BOUND = b'{"model":"image-01","prompt":"a lighthouse","n":0}'
"""A body that passes binding and makes no image."""


class Seen(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> int:
        return self.json["base_resp"]["status_code"]

    @property
    def refused_as(self) -> str | None:
        """The wording of code 2013, None when this is not one."""
        return self.json["base_resp"]["status_msg"] if self.code == 2013 else None


class Look:
    """Calls a service; every public name in CLAIMS is what is seen of one claim."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.connection = http.client.HTTPConnection("127.0.0.1", int(service.url.rpartition(":")[2]), timeout=30)

    def close(self) -> None:
        self.connection.close()

    def call(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Seen:
        self.connection.request(method, target, body, headers)
        answer = self.connection.getresponse()
        return Seen(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def post(self, body: bytes, authorization: str | None = "") -> Seen:
        """Post a body, with the valid key unless another header, or None, is given."""
        header = f"Bearer {self.service.key}" if authorization == "" else authorization
        headers = {"Content-Type": "application/json"} | ({"Authorization": header} if header else {})
        return self.call("POST", ENDPOINT, headers, body)

    def ask(self, **fields: Any) -> Seen:
        """Post a small valid call with these fields; `...` leaves one out."""
        body = {"model": "image-01", "prompt": "a lighthouse"} | fields
        return self.post(json.dumps({name: value for name, value in body.items() if value is not ...}).encode())

    def code(self, **fields: Any) -> int:
        return self.ask(**fields).code

    def words(self, **fields: Any) -> str | None:
        return self.ask(**fields).refused_as

    def size(self, **fields: Any) -> tuple[int, int] | int:
        """Pixels of the picture, or the code when there is none."""
        seen = self.ask(response_format="base64", **fields)
        return seen.code or pictures(seen)[0].size

    @cached_property
    def two(self) -> Seen:
        return self.ask(n=2, **SMALL)

    @cached_property
    def two_base64(self) -> Seen:
        return self.ask(n=2, response_format="base64", seed=7, **SMALL)

    @cached_property
    def address(self) -> str:
        return self.two.json["data"]["image_urls"][0]

    @cached_property
    def no_key(self) -> Seen:
        return self.post(BOUND, None)

    @cached_property
    def unknown_key(self) -> Seen:
        return self.post(BOUND, "Bearer sk-api-unknown")

    @cached_property
    def refused(self) -> Seen:
        return self.ask(n=0)

    def download(self, address: str, method: str = "GET", **headers: str) -> Seen:
        """As a client sends it to its HTTP proxy."""
        return self.call(method, address, {"Host": urlsplit(address).netloc, **headers})

    def shown(self, seen: Seen, header: str) -> tuple[int, str]:
        return seen.status, seen.headers[header]

    def store_code(self, seen: Seen) -> tuple[int, str]:
        code = re.search(rb"<Code>(.*)</Code>", seen.body)
        return seen.status, code[1].decode() if code else ""


def pictures(seen: Seen) -> list[Image.Image]:
    files = [text.rpartition(",")[2] for text in seen.json["data"]["image_base64"]]
    return [Image.open(io.BytesIO(base64.b64decode(file))) for file in files]


def digests(seen: Seen) -> list[str]:
    return [hashlib.sha256(picture.tobytes()).hexdigest() for picture in pictures(seen)]


def hexadecimal(value: str) -> int:
    """How many hex digits a value consists of; 0 when it is something else."""
    return len(value) if re.fullmatch("[0-9a-f]+", value) else 0


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def with_signature_of_another(look: Look) -> Seen:
    other = look.two.json["data"]["image_urls"][1]
    return look.download(look.address.partition("?")[0] + "?" + other.partition("?")[2])


def reference(kind: str = "character", file: str = "http://example.com/face.jpg") -> dict[str, str]:
    return {"type": kind, "image_file": file}


def data_url() -> str:
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


CLAIMS: dict[str, Callable[[Look], Any]] = {
    "error-in-200": lambda look: look.refused.status,
    "gateway-errors": lambda look: (list(look.no_key.json), list(look.unknown_key.json)),
    "compact-json": lambda look: b'": ' in look.refused.body,
    "auth-before-body": lambda look: look.post(b"{", None).code,
    "binding-before-model": lambda look: look.words(model="image-02", prompt=...) != look.words(model="image-02"),
    "refusal-unauthorized": lambda look: look.no_key.json["base_resp"],
    "wrong-scheme": lambda look: look.post(BOUND, f"Token {look.service.key}").json["base_resp"],
    "unknown-key": lambda look: (look.unknown_key.code, look.post(BOUND, "Bearer unknown").code),
    "refusal-invalid-key": lambda look: look.unknown_key.json["base_resp"] if look.unknown_key.code == 2049 else None,
    "handler-error-id": lambda look: "id" in look.refused.json,
    "error-data": lambda look: [look.refused.json.get("data", "absent")],
    "error-metadata": lambda look: [look.refused.json.get("metadata", "absent")],
    "unknown-path": lambda look: look.call("GET", "/v1/nothing", {})[::2],
    "wrong-method": lambda look: look.call("GET", ENDPOINT, {})[::2],
    "model-required": lambda look: look.code(model=...),
    "prompt-required": lambda look: look.code(prompt=...),
    "models": lambda look: look.code(model="image-02"),
    "prompt-limit": lambda look: [look.code(prompt="x" * length, **SMALL) for length in (1499, 1500, 1501)],
    "prompt-unit": lambda look: look.code(prompt="é" * 1000, **SMALL),
    "n-limit": lambda look: [look.code(n=n, **SMALL) for n in (0, 1, 10)],
    "nine-images": lambda look: look.code(n=9, **SMALL),
    "response-formats": lambda look: look.code(response_format="b64_json"),
    "aspect-ratios": lambda look: look.code(aspect_ratio="99:99"),
    "size-range": lambda look: [look.code(width=width, height=512) for width in (504, 512, 2048, 2056)],
    "size-step": lambda look: [look.code(width=width, height=512) for width in (516, 520)],
    "size-pair": lambda look: look.code(width=512),
    "style-types": lambda look: look.code(**LIVE, style={"style_type": "none"}),
    "style-weights": lambda look: [
        look.code(**LIVE, style={"style_type": "漫画", "style_weight": weight}) for weight in (0, 0.1, 1, 1.1)
    ],
    "reference-types": lambda look: look.code(subject_reference=[reference("product")]),
    "reference-private-address": lambda look: look.code(
        subject_reference=[reference(file="http://127.0.0.1/face.jpg")]
    ),
    "wording-syntax": lambda look: look.post(b'{"model":"image-01"').refused_as,
    "wording-missing-parameter": lambda look: look.post(b"{}").refused_as,
    "wording-type-mismatch": lambda look: look.words(n="3"),
    "wording-unsupported-model": lambda look: look.words(model="image-02"),
    "wording-empty-prompt": lambda look: look.words(prompt=""),
    "wording-prompt-too-long": lambda look: look.words(prompt="x" * 1501),
    "wording-n": lambda look: look.words(n=0),
    "wording-response-format": lambda look: look.words(response_format="b64_json"),
    "wording-aspect-ratio": lambda look: look.words(aspect_ratio="99:99"),
    "wording-size-incomplete": lambda look: look.words(width=512),
    "wording-size-range": lambda look: look.words(width=80, height=512),
    "wording-size-step": lambda look: look.words(width=516, height=512),
    "wording-style-type": lambda look: look.words(**LIVE, style={"style_type": "none"}),
    "wording-style-weight": lambda look: look.words(**LIVE, style={"style_type": "漫画", "style_weight": 2}),
    "wording-reference-type": lambda look: look.words(subject_reference=[reference("product")]),
    "content-type": lambda look: (look.two.headers["content-type"], look.refused.headers["content-type"]),
    "trace-id": lambda look: hexadecimal(look.two.headers.get("trace-id", "")),
    "minimax-request-id": lambda look: hexadecimal(look.two.headers.get("minimax-request-id", "")),
    "alb-headers": lambda look: (
        "alb_receive_time" in look.two.headers,
        hexadecimal(look.two.headers.get("alb_request_id", "")),
    ),
    "session-headers": lambda look: [
        name in seen.headers for seen in (look.two, look.no_key) for name in ("x-session-id", "x-mm-request-id")
    ],
    "no-rate-limit-headers": lambda look: [
        name for name in look.refused.headers if name == "retry-after" or "ratelimit" in name
    ],
    "body-id": lambda look: look.two.json["id"] == look.two.headers["trace-id"],
    "id-formula": lambda look: abs(int(look.two.json["id"][:8], 16) + YEAR_2023 - time.time()) < 60,
    "success-body": lambda look: list(look.two.json),
    "metadata-order": lambda look: list(look.two.json["metadata"]),
    "string-counts": lambda look: [type(count) for count in look.two.json["metadata"].values()],
    "other-image-key": lambda look: [look.two.json["data"].get("image_base64", "absent")],
    "success-message": lambda look: look.two.json["base_resp"],
    "image-urls": lambda look: len(look.two.json["data"]["image_urls"]),
    "base64": lambda look: [text.startswith("data:") for text in look.two_base64.json["data"]["image_base64"]],
    "failed-count": lambda look: sum(int(count) for count in look.two.json["metadata"].values()),
    "image-format": lambda look: {picture.format for picture in pictures(look.two_base64)},
    "sizes": lambda look: [look.size(), look.size(aspect_ratio="21:9"), look.size(aspect_ratio="3:4")],
    "custom-sizes": lambda look: look.size(width=520, height=640),
    "ratio-over-size": lambda look: look.size(aspect_ratio="16:9", **SMALL),
    "seed": lambda look: (
        digests(look.two_base64) == digests(look.ask(n=2, response_format="base64", seed=7, **SMALL)),
        digests(look.two_base64) == digests(look.ask(n=2, response_format="base64", seed=8, **SMALL)),
    ),
    "images-differ": lambda look: len(set(digests(look.two_base64))),
    "image-scheme": lambda look: urlsplit(look.address).scheme,
    "image-host": lambda look: urlsplit(look.address).netloc,
    "object-key": lambda look: re.sub(r"[0-9a-f-]{36}|\d{4}-\d\d-\d\d", "X", urlsplit(look.address).path),
    "url-query": lambda look: [(name, name == "Expires" or len(value)) for name, value in query(look.address).items()],
    "url-expiry": lambda look: abs(int(query(look.address)["Expires"]) - time.time() - 86400) < 60,
    "download": lambda look: look.shown(look.download(look.address), "content-type"),
    "download-range": lambda look: look.shown(look.download(look.address, Range="bytes=0-31"), "content-length"),
    "download-unsigned": lambda look: look.store_code(look.download(look.address.partition("?")[0])),
    "download-tampered": lambda look: look.store_code(with_signature_of_another(look)),
    "download-head": lambda look: look.download(look.address, "HEAD").status,
    "download-authorization": lambda look: look.store_code(look.download(look.address, Authorization="Bearer x")),
    "unknown-fields": lambda look: look.code(num_images=3, **SMALL),
    "live-model-size": lambda look: look.size(**LIVE, **SMALL),
    "live-model-21-9": lambda look: look.size(**LIVE, aspect_ratio="21:9"),
    "live-model-references": lambda look: look.code(**LIVE, subject_reference=[reference()]),
    "style-on-image-01": lambda look: look.code(style={"style_type": "漫画"}, **SMALL),
    "data-url-references": lambda look: look.code(subject_reference=[reference(file=data_url())], **SMALL),
    "multiple-references": lambda look: look.code(subject_reference=[reference(), reference()], **SMALL),
}


def look_at(service: Service) -> dict[str, Any]:
    """What is seen of every claim; None where a refusal that would show it does not come."""
    look = Look(service)
    try:
        return {claim: see(look) for claim, see in CLAIMS.items()}
    finally:
        look.close()
