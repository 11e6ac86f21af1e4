"""A client on asyncio and httpx: one timeout around everything, downloads side by side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from tests.contract.clients import answers, errors, images
from tests.contract.clients.answers import Reply
from tests.contract.clients.errors import ClientError
from tests.contract.clients.tls import tls


class AsyncClient:
    """What an asynchronous program uses."""

    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/image_generation"
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        self._timeout = timeout
        self._tls = tls()

    async def generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The images in order, and how many were blocked. Raises `ClientError`."""
        try:
            async with asyncio.timeout(self._timeout), httpx.AsyncClient(verify=self._tls, timeout=None) as http:
                return await self._generate(http, request)
        except TimeoutError:
            msg = f"no answer within {self._timeout:g} seconds"
            raise ClientError(msg, category="timeout") from None

    async def _generate(self, http: httpx.AsyncClient, request: Mapping[str, Any]) -> dict[str, Any]:
        reply = await _send(http, "POST", self._url, headers=self._headers, content=json.dumps(request).encode())
        said = answers.json_of(reply)
        answers.check(reply, said)
        items = answers.items(said, answers.key_of(request))
        if answers.key_of(request) == "image_base64":
            found = [answers.decoded(text) for text in items]
        else:
            found = await _all([_download(http, url) for url in items])
        for image in found:
            problem = images.wrong_kind(image) or images.undecodable(image) or images.wrong_size(image, request)
            if problem:
                raise ClientError(problem, category="download")
        return {"images": found, "failed": answers.missing(request, items)}


async def _all(downloads: list[Any]) -> list[bytes]:
    """All of them in order, or the first error once every one has ended."""
    ended = await asyncio.gather(*downloads, return_exceptions=True)
    for item in ended:
        if isinstance(item, BaseException):
            raise item
    return ended


async def _download(http: httpx.AsyncClient, url: str) -> bytes:
    reply = await _send(http, "GET", url)
    if reply.status != 200:
        msg = f"the image host answered with HTTP status {reply.status}"
        raise ClientError(msg, category="download")
    return reply.content


async def _send(http: httpx.AsyncClient, method: str, url: str, **more: Any) -> Reply:
    try:
        got = await http.request(method, url, **more)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ClientError(f"no answer: {error}", category="network") from error
    return Reply(got.status_code, got.content, answers.seconds_of(got.headers.get("Retry-After")))


def client(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The adapter's factory."""
    made = AsyncClient(base_url, api_key, timeout)
    return lambda request: asyncio.run(made.generate(request))


client.describe = errors.describe
