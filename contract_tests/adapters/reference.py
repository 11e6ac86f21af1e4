"""A small client of the image generation API that does what a good client does: read it as an example.

It reads ``base_resp`` before anything else, repeats what may succeed later with growing pauses, and fetches the images.
Neither a timeout nor an answer that breaks off nor a failed download makes it generate again: that would be paid twice.
"""

from __future__ import annotations

import asyncio
import base64
import io
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from ssl import SSLContext
from typing import Any, TypeVar

import httpx
from PIL import Image

from contract_tests.adapters.python import PythonAdapter
from contract_tests.adapters.reference_errors import ImageError, refused, retry_after, transient, unreadable

ATTEMPTS = 5
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
SIZES = {
    "1:1": (1024, 1024), "16:9": (1280, 720), "4:3": (1152, 864), "3:2": (1248, 832), "2:3": (832, 1248),
    "3:4": (864, 1152), "9:16": (720, 1280), "21:9": (1344, 576),
}  # fmt: skip
WRONG = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)
"""What no second attempt mends."""

T = TypeVar("T")


class Client:
    """One connection to the service. `timeout` is for each answer, from the first byte sent to the last received."""

    name = "reference"

    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/image_generation"
        self._timeout = timeout
        common: Any = {"timeout": None, "verify": trusted()}
        self._service = httpx.AsyncClient(headers={"Authorization": f"Bearer {api_key}"}, **common)
        self._images = httpx.AsyncClient(follow_redirects=True, **common)  # has no key to give away

    async def generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The images as bytes, and how many are missing. Raises `ImageError`."""
        data, blocked = await repeated(lambda: self._ask(request))
        urls, encoded = texts(data.get("image_urls")), texts(data.get("image_base64"))
        if not urls and not encoded:
            if blocked:
                msg = f"content safety blocked every image ({blocked})"
                raise ImageError(msg, "content")
            msg = "the service reported success, and sent no image"
            raise ImageError(msg, "protocol")
        if encoded:
            images = [checked(decoded(text), request) for text in encoded]
        else:
            images = [await self._fetch(url, request) for url in urls]
        return {"images": images, "failed": max(blocked, request.get("n", 1) - len(images))}

    async def _ask(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        answer = await self._exchange(self._service, "POST", self._url, json=dict(request))
        trace = f" (trace id {answer.headers['Trace-Id']})" if "Trace-Id" in answer.headers else ""
        try:
            body = answer.json()
        except ValueError:
            body = None
        base_resp = body.get("base_resp") if isinstance(body, dict) else None
        if not isinstance(base_resp, dict) or not isinstance(base_resp.get("status_code"), int):
            raise unreadable(answer, trace)
        code, message = base_resp["status_code"], str(base_resp.get("status_msg", ""))
        if code != 0:
            raise refused(code, message, trace)
        if answer.status_code != 200:
            raise unreadable(answer, trace)
        data, metadata = body.get("data"), body.get("metadata")
        return data if isinstance(data, dict) else {}, count_of(metadata, "failed_count")

    async def _fetch(self, url: str, request: Mapping[str, Any]) -> bytes:
        async def once() -> bytes:
            answer = await self._exchange(self._images, "GET", url)
            if answer.status_code == 200:
                return checked(answer.content, request)
            said = re.search(r"<Message>(.*?)</Message>", answer.text)
            text = f"HTTP {answer.status_code}" + (f": {said[1]}" if said else "")
            error = ImageError(text, "download", repeat=transient(answer.status_code))
            error.retry_after = retry_after(answer)
            raise error

        try:
            async with asyncio.timeout(self._timeout):
                return await repeated(once)
        except TimeoutError:
            msg = f"an image was generated, and could not be had from {shown(url)} within {self._timeout:g} s"
            raise ImageError(msg, "download", retryable=True) from None
        except ImageError as error:
            error.args = (f"an image was generated, and could not be had from {shown(url)}: {error}",)
            error.url = url  # good for 24 hours
            if error.repeat or error.category in {"network", "timeout"}:
                error.category = "download"
            raise

    async def _exchange(self, http: httpx.AsyncClient, method: str, url: Any, **content: Any) -> httpx.Response:
        """One answer, whole. Repeating a generation is safe only as long as no answer has begun."""
        begun = False
        try:
            async with asyncio.timeout(self._timeout), http.stream(method, url, **content) as answer:
                begun = True
                await answer.aread()
                return answer
        except TimeoutError:  # it may have been carried out, and charged
            msg = f"no complete answer within {self._timeout:g} s from {shown(url)}"
            raise ImageError(msg, "timeout", retryable=True) from None
        except WRONG as error:
            msg = f"{type(error).__name__}: {error}"
            raise ImageError(msg, "network") from error
        except httpx.RequestError as error:
            again = method == "GET" or not begun
            msg = f"the connection to {shown(url)} broke: {error or type(error).__name__}"
            raise ImageError(msg, "network", retryable=True, repeat=again) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._service.aclose()
        await self._images.aclose()

    @staticmethod
    def describe(error: BaseException) -> dict[str, Any] | None:
        """What an error tells; nothing of errors that are not ours."""
        if not isinstance(error, ImageError):
            return None
        said = {"code": error.code, "category": error.category, "retryable": error.retryable}
        return said | {"message": str(error)}


@cache
def trusted() -> SSLContext:
    """The certificates to trust; reading them takes as long as a hundred requests."""
    return httpx.create_ssl_context()


async def repeated(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try a few times, with pauses that double and vary, and are never shorter than the service asks for."""
    pause = FIRST_PAUSE
    for number in range(1, ATTEMPTS + 1):
        try:
            return await attempt()
        except ImageError as error:
            if not error.repeat or number == ATTEMPTS or error.retry_after > LONGEST_PAUSE:
                raise
            varied = pause * random.uniform(0.8, 1.2)  # noqa: S311  no secret
            await asyncio.sleep(max(varied, error.retry_after))
            pause *= 2
    raise AssertionError


def texts(value: object) -> list[str]:
    """A list of URLs or of base64; empty where the service sends null, or nothing. Raises `ImageError`."""
    if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        msg = f"the service sent something else than a list of images: {str(value)[:60]}"
        raise ImageError(msg, "protocol")
    return list(value or ())


def count_of(metadata: object, name: str) -> int:
    """A count, which the service sends as a text, documents as a number, and may leave out."""
    try:
        return int(metadata[name])  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return 0


def decoded(text: str) -> bytes:
    """The bytes of an image that came as base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        msg = f"an image is no base64: {error}"
        raise ImageError(msg, "protocol") from error


def checked(content: bytes, request: Mapping[str, Any]) -> bytes:
    """The image, if it can be decoded to its end and has the size that was asked for. Raises `ImageError`."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            size = image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        msg = f"{len(content)} bytes are no complete image: {error}"
        raise ImageError(msg, "protocol", repeat=True) from error
    wanted = SIZES.get(request.get("aspect_ratio", ""))
    if wanted is None and "width" in request and "height" in request and request.get("model") != "image-01-live":
        wanted = (request["width"], request["height"])
    if wanted is not None and size != wanted:
        msg = f"asked for an image of {wanted[0]}x{wanted[1]} pixels, got {size[0]}x{size[1]}"
        raise ImageError(msg, "protocol")
    return content


def shown(url: str) -> str:
    """A URL without its query, which may be a signature."""
    return url.partition("?")[0]


def adapter(spec: str) -> PythonAdapter:
    """The adapter for this client."""
    return PythonAdapter(spec, Client)
