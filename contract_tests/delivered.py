"""Did the client hand on what was served?"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from contract_tests.bench import Bench, Run
from contract_tests.strategies import size_of


def answer(generation: dict[str, Any]) -> dict[str, Any]:
    """The JSON body of a generation's answer, as the journal has it."""
    said: dict[str, Any] = json.loads(generation["response"]["body"])
    return said


def served(bench: Bench, run: Run) -> list[str]:
    """The SHA-256 of each image of the last successful generation, in the order of the answer; "" if not downloaded."""
    made = [item for item in run.generations if item["status_code"] == 0]
    if not made:
        return []
    generation = made[-1]
    if any("sha256" in image for image in generation["images"]):
        return [image["sha256"] for image in generation["images"]]
    fetched = {
        urlsplit(item["path"]).path: item["images"][0]["sha256"]
        for item in run.downloads
        if item["status"] == 200 and item["images"]
    }
    urls = bench.face.urls(answer(generation))
    return [fetched.get(urlsplit(url).path, "") for url in urls]


def check_images(bench: Bench, run: Run, *, expected: int) -> None:
    """Raise `AssertionError` unless the client handed on exactly the images that were served, in order."""
    images = run.images().images
    assert len(images) == expected, f"{expected} images were served, the client handed on {len(images)}"
    if all(isinstance(image, str) for image in images):
        urls = bench.face.urls(answer(run.generations[-1]))
        assert list(images) == urls, f"the URLs are not those that were served: {images[0]!r}, not {urls[0]!r}"
        return
    data = [image for image in images if isinstance(image, bytes)]
    assert len(data) == expected, "the client mixes URLs and bytes"
    if bench.adapter.image_format is None:
        digests = [sha256(image).hexdigest() for image in data]
        wanted = served(bench, run)
        assert digests == wanted, _difference(digests, wanted)
    for image in data:
        check_size(bench, run, image)


def _difference(got: list[str], wanted: list[str]) -> str:
    if sorted(got) == sorted(wanted):
        return "the images are those that were served, but in another order"
    wrong = [index for index, (one, other) in enumerate(zip(got, wanted, strict=True)) if one != other]
    return f"the bytes of image {wrong[0]} are not those that were served"


def check_size(bench: Bench, run: Run, image: bytes) -> None:
    """Raise `AssertionError` unless an image has the size that was asked for."""
    width, height = size_of(run.case.request)
    facts = bench.target.facts(image)
    if facts is not None:
        found = f"{facts.width}x{facts.height}"
        assert (facts.width, facts.height) == (width, height), f"asked for {width}x{height}, the image has {found}"
