"""What fal's answers have in common: JSON, ids, retry headers, and leave for any browser page to read them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw

from mock_server.album import Album
from mock_server.core.reasons import REASONS, Refusal
from mock_server.core.types import Foreign
from mock_server.dispatch import Arrival, Decision, Engine, Success
from mock_server.faces.disturbance import foreign
from mock_server.faces.fal import errors
from mock_server.faces.origin import own_url
from mock_server.faces.rendering import rendered
from mock_server.faces.turn import Turn
from mock_server.response import Response, with_header
from mock_server.uploads import file_name, stem_of

IMAGE_NAME = "image.jpg"
Headers = tuple[tuple[str, str], ...]
_EXPOSED = b"x-fal-request-id, x-fal-billable-units, x-fal-error-type, x-fal-retryable, x-fal-needs-retry, etag"


def request_id(chance: bytes) -> str:
    """The id of a request: a version 4 UUID."""
    return str(UUID(bytes=chance[:16], version=4))


def reply(status: int, content: Any, headers: Headers = ()) -> Response:
    """A JSON answer that a page of any origin may read."""
    body = msgspec.json.encode(content)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = b"content-type: application/json\r\ncontent-length: %d\r\n%b" % (len(body), lines.encode("latin-1"))
    return shared(Response(status, head, body))


def shared(response: Response) -> Response:
    """An answer that a page of any origin may read."""
    response = with_header(response, b"access-control-allow-origin", b"*")
    return with_header(response, b"access-control-expose-headers", _EXPOSED)


def problem(status: int, text: str, headers: Headers = ()) -> Response:
    """An error of fal's platform that has no type."""
    return reply(status, {"detail": text}, headers)


def platform_error(status: int, kind: str, text: str, headers: Headers = ()) -> Response:
    """An error of fal's platform."""
    return reply(status, {"detail": text, "error_type": kind}, (("x-fal-error-type", kind), *headers))


def refused(refusal: Refusal, number: str, retry_header: str) -> Response:
    """The answer to a refused call; `retry_header` is the profile's ``fal_retry_header``."""
    found = errors.spelling(refusal)
    headers = [("x-fal-request-id", number), ("x-fal-billable-units", "0")]
    if found.family != "account" and refusal.detail not in {"fields", "unreadable", "unhandled"}:
        again = refusal.reason.retryable
        if retry_header != "needs_retry":
            headers.append(("x-fal-retryable", str(again).lower()))
        if retry_header != "retryable":
            headers.append(("x-fal-needs-retry", str(int(again))))
    if found.family == "platform":
        headers.append(("x-fal-error-type", found.type))
    return reply(errors.status(refusal, found), errors.content(refusal, found), tuple(headers))


def respond(decision: Decision, images: list[str] | list[Raw], _: list[Raw] | None = None) -> Response:
    """The model's answer, directly or as the result of a job; `images` are files, as JSON."""
    number = request_id(decision.chance)
    outcome, profile = decision.outcome, decision.profile
    if isinstance(outcome, Refusal):
        return refused(outcome, number, profile.fal_retry_header)
    if not images and profile.fal_all_blocked == "content_policy":
        return refused(Refusal(REASONS["sensitive_output"]), number, profile.fal_retry_header)
    headers = (("x-fal-request-id", number), ("x-fal-billable-units", str(outcome.paid)))
    return reply(200, {"images": images}, headers)


async def deliver(turn: Turn, outcome: Success) -> list[Raw]:
    """The images as files on the CDN."""
    turn.images = outcome.album
    return await files_of(turn.engine, own_url(turn, "/fal/cdn"), outcome.album)


async def files_of(engine: Engine, cdn: str, album: Album) -> list[Raw]:
    """Each image of `album` as a ``File``, kept under the stem of its name."""
    if not album.count:
        return []
    stem = stem_of(album.chance[28:48])
    engine.state.remember(stem, album)
    files = []
    for index in range(album.count):
        picture = album.picture(index)
        size = 0 if picture is None else len(await rendered(engine, picture))
        url = f"{cdn}/{file_name(stem, str(index), IMAGE_NAME)}"
        file = {"url": url, "content_type": "image/jpeg", "file_name": IMAGE_NAME, "file_size": size}
        files.append(Raw(msgspec.json.encode(file)))
        await asyncio.sleep(0)
    return files


def outside(answer: Foreign, number: str) -> Response:
    """The answer of something in between: JSON is fal's own, with its id; a page is that of the ingress before it.

    The Python client tells them apart by just that: only what has no id and names nginx is sent again.
    """
    response = foreign(answer)
    if not answer.content_type.startswith("application/json"):
        return response
    response = shared(response)
    has_id = any(name.lower() == "x-fal-request-id" for name, _ in answer.headers)
    return response if has_id else with_header(response, b"x-fal-request-id", number.encode())


def outside_run(answer: Foreign, arrival: Arrival) -> Response:
    """The same in place of a direct run."""
    return outside(answer, request_id(arrival.chance))
