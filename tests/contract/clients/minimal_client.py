"""The least that is correct: no retries, no descriptions, and an image is handed on as it came."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from tests.contract.clients.tls import tls

IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"BM")


class ImageError(Exception):
    """No image."""


def client(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], list[bytes] | dict[str, Any]]:
    """The adapter's factory. Errors of httpx reach the user as they are."""

    async def generate(request: Mapping[str, Any]) -> list[bytes]:
        async with asyncio.timeout(timeout), httpx.AsyncClient(verify=tls(), timeout=timeout) as http:
            reply = await http.post(
                f"{base_url}/v1/image_generation", json=request, headers={"Authorization": f"Bearer {api_key}"}
            )
            reply.raise_for_status()
            try:
                answer = reply.json()
                if answer["base_resp"]["status_code"] != 0:
                    raise ImageError(answer["base_resp"])
                data = answer.get("data") or {}
                images = [base64.b64decode(text, validate=True) for text in data.get("image_base64") or []]
                urls = [str(url) for url in data.get("image_urls") or []]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                msg = "not an answer of the service"
                raise ImageError(msg) from error
            for url in urls:
                download = await http.get(url)
                download.raise_for_status()
                images.append(download.content)
        return images

    def run(request: Mapping[str, Any]) -> list[bytes] | dict[str, Any]:
        images = asyncio.run(generate(request))
        if not images or not all(image.startswith(IMAGES) for image in images):
            msg = "no images, or a page in place of one"
            raise ImageError(msg)
        missing = request.get("n", 1) - len(images)
        return {"images": images, "failed": missing} if missing else images

    return run
