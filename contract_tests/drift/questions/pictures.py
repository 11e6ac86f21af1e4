"""Successes: their body, and what the pictures are."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any

from contract_tests.drift.answer import Answer, kind, present
from contract_tests.drift.calls import CALLS
from contract_tests.drift.questions import question
from contract_tests.targets.exchange import Looks, look
from contract_tests.targets.interface import CouldNotLookError

GRID = (32, 32)
ALIKE = 4.0
"""Two pictures are the same if their small versions differ by less, of 255: encoders may differ, drawings do more."""


@question("success-body", "image-base64")
@question("success-body", "image-url")
def body(answer: Answer) -> list[str]:
    """The keys of a success, in order."""
    return list(answer.success())


@question("metadata-order", "image-base64")
@question("metadata-order", "image-url")
def metadata(answer: Answer) -> list[str]:
    """The keys of metadata, in order."""
    return list(_metadata(answer))


@question("string-counts", "image-base64")
@question("string-counts", "image-url")
def counts(answer: Answer) -> list[str]:
    """The types of the counts."""
    return sorted({kind(value) for value in _metadata(answer).values()})


@question("success-message", "image-base64")
@question("success-message", "image-url")
def message(answer: Answer) -> Any:
    """The words of a success."""
    answer.success()
    return answer.message


@question("failed-count", "two-images")
def add_up(answer: Answer) -> str:
    """Whether the counts add up to what was asked for."""
    numbers = _counts(answer)
    return "add up" if sum(numbers) == 2 and numbers[0] == len(answer.encoded()) else f"{numbers} for 2"


@question("other-image-key", "image-url")
def other_key(answer: Answer) -> str:
    """The key of images that were not asked for."""
    return present(answer.data(), "image_base64")


@question("other-image-key", "image-base64")
def other_key_of_base64(answer: Answer) -> str:
    """The same, the other way round."""
    return present(answer.data(), "image_urls")


@question("image-urls", "image-url")
def urls(answer: Answer) -> list[str]:
    """What is in the list of addresses."""
    found = answer.data().get("image_urls")
    return [kind(item) for item in found] if isinstance(found, list) else [present(answer.data(), "image_urls")]


@question("base64", "image-base64")
def raw(answer: Answer) -> str:
    """How an image is in the answer."""
    text = answer.encoded()[0]
    if text.startswith("data:"):
        return "a data URL"
    return "raw base64" if _decoded(text) else "not base64"


@question("image-format", "image-base64")
def encoded_format(answer: Answer) -> str:
    """The format of an image."""
    return _looks(_image(answer)).format


@question("image-format", "download")
def file_format(answer: Answer) -> str:
    """The format of a file."""
    return _looks(_file(answer)).format


@question("sizes", "image-base64")
def encoded_size(answer: Answer) -> list[int]:
    """The pixels of a 16:9 image."""
    return _size(_image(answer))


@question("sizes", "download")
def file_size(answer: Answer) -> list[int]:
    """The same, of the file."""
    return _size(_file(answer))


@question("size-default", "download-least")
def default_size(answer: Answer) -> list[int]:
    """The pixels of an image of which nothing was said."""
    return _size(_file(answer))


@question("n-default", "least")
def default_n(answer: Answer) -> int:
    """How many images there are when nobody said."""
    return _counts(answer)[0]


@question("response-format-default", "least")
def default_format(answer: Answer) -> str:
    """How they are in the answer when nobody said."""
    data = answer.data()
    return "addresses" if data.get("image_urls") else "base64" if data.get("image_base64") else "neither"


@question("custom-sizes", "custom-size")
def custom_size(answer: Answer) -> str:
    """Whether width and height are as asked for."""
    return _as_asked("custom-size", answer)


@question("ratio-over-size", "ratio-and-size")
def ratio_or_size(answer: Answer) -> str:
    """Whether the ratio counts, or width and height do."""
    return "the size" if _as_asked("ratio-and-size", answer) == "as asked" else "the ratio"


@question("live-model-size", "live-size")
def live_size(answer: Answer) -> str:
    """What becomes of width and height with image-01-live."""
    if not answer.accepted():
        return "refused"
    return "taken" if _as_asked("live-size", answer) == "as asked" else "ignored"


@question("seed", "image-base64", "download")
def seed(encoded: Answer, file: Answer) -> str:
    """Whether two calls with the same seed give the same picture."""
    return "the same picture" if _alike(_image(encoded), _file(file)) else "another picture"


@question("images-differ", "two-images")
def differ(answer: Answer) -> str:
    """Whether the pictures of one call differ."""
    images = answer.encoded()
    if len(images) != 2:
        raise CouldNotLookError(f"{len(images)} images of 2")
    return "the same picture" if _alike(*(_decoded(image) for image in images)) else "different pictures"


def _metadata(answer: Answer) -> dict[str, Any]:
    found = answer.success().get("metadata")
    if not isinstance(found, dict):
        raise CouldNotLookError(f"a success with metadata {found!r}")
    return found


def _counts(answer: Answer) -> list[int]:
    said = _metadata(answer)
    try:
        return [int(said[name]) for name in ("success_count", "failed_count")]
    except (KeyError, TypeError, ValueError):
        raise CouldNotLookError(f"metadata without both counts: {said}") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.partition(";base64,")[2] or text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _image(answer: Answer) -> bytes:
    return _decoded(answer.encoded()[0])


def _file(answer: Answer) -> bytes:
    if answer.status != 200:
        raise CouldNotLookError(f"the image host answered HTTP {answer.status}")
    return answer.body


def _looks(image: bytes) -> Looks:
    found = look(image)
    if found is None:
        raise CouldNotLookError(f"the {len(image)} bytes are no whole image")
    return found


def _size(image: bytes) -> list[int]:
    found = _looks(image)
    return [found.width, found.height]


def _as_asked(call: str, answer: Answer) -> str:
    body = CALLS[call].body
    assert not isinstance(body, str)
    found = _size(_image(answer))
    return "as asked" if found == [body["width"], body["height"]] else f"{found[0]}x{found[1]}"


def _alike(one: bytes, other: bytes) -> bool:
    from PIL import Image, ImageChops, ImageStat

    small = []
    for image in (one, other):
        _looks(image)
        with Image.open(io.BytesIO(image)) as opened:
            small.append(opened.convert("RGB").resize(GRID))
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean) < ALIKE
