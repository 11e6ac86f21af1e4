"""Image addresses, and what the host answers that they lead to."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from contract_tests.drift.answer import Answer
from contract_tests.drift.questions import question
from contract_tests.targets.interface import CouldNotLookError

OBJECT_KEY = re.compile(
    r"image_inference_output%2Ftalkie%2Fprod%2Fimg%2F\d{4}-\d\d-\d\d%2F"
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}_aigc\.jpeg",
    re.IGNORECASE,
)
SLACK = 300
"""Seconds by which a life of 24 hours may differ: it may begin before the image is drawn."""
_CODE = re.compile(rb"<Code>([^<]*)</Code>")


@question("image-scheme", "image-url")
def scheme(answer: Answer) -> str:
    """The scheme of an image's address."""
    return _public(answer).scheme


@question("image-host", "image-url")
def host(answer: Answer) -> str | None:
    """The host of an image's address."""
    return _public(answer).hostname


@question("object-key", "image-url")
def object_key(answer: Answer) -> str:
    """The path of an image's address."""
    path = urlsplit(answer.url()).path.rpartition("/")[2]
    return "as recorded" if OBJECT_KEY.fullmatch(path) else path


@question("url-query", "image-url")
def query(answer: Answer) -> list[str]:
    """The names in the query, in order."""
    return [name for name, _ in parse_qsl(urlsplit(answer.url()).query, keep_blank_values=True)]


@question("url-expiry", "image-url")
def expiry(answer: Answer) -> str:
    """How long an address is good for."""
    said = dict(parse_qsl(urlsplit(answer.url()).query)).get("Expires", "")
    if not said.isdecimal():
        raise CouldNotLookError("the address has no Expires")
    seconds = int(said) - _made(answer)
    return "24 hours" if abs(seconds - 86_400) <= SLACK else f"{seconds:.0f} s"


@question("download", "download")
def download(answer: Answer) -> list[Any]:
    """Status and type of an image."""
    return [answer.status, answer.header("content-type")]


@question("download-range", "download-range")
def part(answer: Answer) -> list[Any]:
    """Status and length where a part was asked for."""
    return [answer.status, len(answer.body)]


@question("download-unsigned", "download-unsigned")
@question("download-tampered", "download-tampered")
@question("download-authorization", "download-authorization")
@question("download-unknown-key-id", "download-key-id")
def refused(answer: Answer) -> list[Any]:
    """Status and code where the address was changed, or credentials were sent with it."""
    found = _CODE.search(answer.body)
    return [answer.status, found[1].decode("latin-1") if found else None]


@question("download-range-outside", "download-beyond")
def outside(answer: Answer) -> int:
    """The status where a part behind the end was asked for."""
    return answer.status


@question("download-headers", "download")
def headers(answer: Answer) -> list[str]:
    """Those of the store's own headers that are there."""
    if answer.status != 200:
        raise CouldNotLookError(f"the image host answered HTTP {answer.status}")
    names = ("etag", "content-md5", "accept-ranges", "last-modified", "x-oss-request-id")
    return [*(name for name in names if answer.header(name)), str(answer.header("server"))]


@question("download-head", "download-head")
def head(answer: Answer) -> int:
    """The status of HEAD."""
    return answer.status


def _public(answer: Answer) -> SplitResult:
    """The address, if it is one that everybody can reach. Raises `CouldNotLookError`: others say where a test runs."""
    parts = urlsplit(answer.url())
    name = parts.hostname or ""
    try:
        local = not ip_address(name).is_global
    except ValueError:
        local = "." not in name or name.endswith((".localhost", ".local", ".internal"))
    if local:
        raise CouldNotLookError(f"the image is at {name}, which is no public host")
    return parts


def _made(answer: Answer) -> float:
    """When the answer was made: the service's own clock, where it says."""
    date = answer.header("date")
    try:
        if date:
            return parsedate_to_datetime(date).timestamp()
    except ValueError:
        pass
    if answer.at is None:
        raise CouldNotLookError("nobody noted when the answer came")
    return answer.at
