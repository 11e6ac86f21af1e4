"""A small correct client of fal's queue, and some that are wrong in one way each."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import Any

import httpx
from PIL import Image

from contract_tests.strategies import size_of

TEXT, SUBJECT = "fal-ai/minimax/image-01", "fal-ai/minimax/image-01/subject-reference"
NAMES = {"prompt": "prompt", "aspect_ratio": "aspect_ratio", "n": "num_images", "prompt_optimizer": "prompt_optimizer"}
AGAIN = frozenset({429, 502, 503, 504})
CATEGORIES = {401: "auth", 403: "auth", 429: "rate_limit", 504: "timeout"}


class QueueError(Exception):
    """What went wrong, for the user."""

    def __init__(self, message: str, category: str, *, code: int | None = None, retryable: bool | None = None) -> None:
        super().__init__(message)
        self.category, self.code, self.retryable = category, code, retryable


class Client:
    """One connection to the queue."""

    name = "queue"
    unsupported = frozenset({"model", "width", "height", "seed", "response_format", "style", "aigc_watermark"})
    attempts = 3

    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        self.url = f"{base_url}/queue"
        self.timeout = timeout
        self.key = {"Authorization": f"Key {api_key}"}
        self.http = httpx.AsyncClient(timeout=timeout, trust_env=False)

    async def generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self.timeout):
                return await self.images(request)
        except TimeoutError:
            raise QueueError(f"no images within {self.timeout:g} s", "timeout", retryable=True) from None

    async def images(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = {NAMES[name]: value for name, value in request.items() if name in NAMES}
        for reference in request.get("subject_reference", ()):
            body["image_url"] = reference["image_file"]
        job = await self.ask("POST", f"{self.url}/{SUBJECT if 'image_url' in body else TEXT}", json=body)
        while (await self.ask("GET", self.field(job, "status_url")))["status"] != "COMPLETED":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        files = self.field(await self.ask("GET", self.field(job, "response_url")), "images")
        if not isinstance(files, list) or not files:
            raise QueueError("no image came", "content")
        images = [await self.image(file["url"], request) for file in files]
        return {"images": images, "failed": request.get("n", 1) - len(images)}

    @staticmethod
    def field(said: Any, name: str) -> Any:
        if not isinstance(said, dict) or name not in said:
            raise QueueError(f"the answer has no {name}", "protocol")
        return said[name]

    async def ask(self, method: str, url: str, **content: Any) -> Any:
        """The JSON of one answer, after some attempts."""
        for number in range(self.attempts):
            answer = await self.answer(method, url, headers=self.key, **content)
            if answer.status_code not in AGAIN or number == self.attempts - 1:
                break
            await asyncio.sleep(max(0.5 * 2**number, float(answer.headers.get("retry-after", 0))))
        if answer.is_error:
            raise self.refusal(answer)
        try:
            return answer.json()
        except ValueError:
            raise QueueError(f"the answer is no JSON: {answer.text[:80]}", "protocol") from None

    async def answer(self, method: str, url: str, **content: Any) -> httpx.Response:
        try:
            return await self.http.request(method, url, **content)
        except httpx.TimeoutException as error:
            raise QueueError(f"no answer within {self.timeout:g} s", "timeout", retryable=True) from error
        except httpx.HTTPError as error:
            raise QueueError(f"the network broke: {error!r}", "network", retryable=True) from error

    def refusal(self, answer: httpx.Response) -> QueueError:
        """What an error says. Its type tells a blocked prompt, its words an empty balance."""
        status = answer.status_code
        category = CATEGORIES.get(status, "server" if status >= 500 else "invalid_request")
        if "content_policy_violation" in answer.text:
            category = "content"
        elif "Exhausted balance" in answer.text:
            category = "balance"
        retryable = status == 429 or status >= 500 or None
        return QueueError(f"{status}: {answer.text[:300]}", category, code=status, retryable=retryable)

    async def image(self, url: str, request: Mapping[str, Any]) -> bytes:
        answer = await self.answer("GET", url)
        if answer.is_error:
            raise QueueError(f"the image host answered {answer.status_code}", "download", code=answer.status_code)
        try:
            with Image.open(io.BytesIO(answer.content)) as image:
                image.load()
                size = image.size
        except (OSError, SyntaxError) as error:
            raise QueueError(f"what came is no image: {error}", "download") from error
        if size != size_of(request):
            raise QueueError(f"the image is {size[0]}x{size[1]}", "download")
        return answer.content

    async def close(self) -> None:
        await self.http.aclose()

    @staticmethod
    def describe(error: Exception) -> dict[str, Any]:
        said: dict[str, Any] = {"message": str(error)}
        if isinstance(error, QueueError):
            said |= {"code": error.code, "category": error.category, "retryable": error.retryable}
        return said


class Hasty(Client):
    """Takes COMPLETED for success, and what comes then for the images."""

    async def images(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await super().images(request)
        except QueueError as error:
            if error.category == "content":
                return {"images": [], "failed": 0}
            raise


class Stubborn(Client):
    """Submits again whatever became of the job."""

    async def images(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await super().images(request)
        except QueueError:
            return await super().images(request)


class Endless(Client):
    """Waits as long as the queue does."""

    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        super().__init__(base_url, api_key, timeout)
        self.http.timeout = httpx.Timeout(None)

    async def generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return await self.images(request)


class Plain(Client):
    """Sends no more than the prompt."""

    async def images(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return await super().images({"prompt": request["prompt"]})
