"""A small correct client of the OpenAI-compatible dialect, and some that are wrong in one way each."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Mapping
from typing import Any

import httpx
from PIL import Image

from contract_tests.strategies import size_of

CATEGORIES = {401: "auth", 402: "balance", 403: "auth", 429: "rate_limit"}
FORMATS = {"base64": "b64_json"}


class GatewayError(Exception):
    """What went wrong, for the user."""

    def __init__(self, message: str, category: str, *, code: int | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.category, self.code, self.retryable = category, code, retryable


class Client:
    """One connection to the gateway."""

    name = "gateway"
    unsupported = frozenset({"width", "height"})
    attempts = 4

    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        self.url = f"{base_url}/images/generations"
        self.timeout = timeout
        self.key = {"Authorization": f"Bearer {api_key}"}
        self.http = httpx.Client(timeout=timeout, trust_env=False)

    def generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = dict(request)
        body["model"] = {"image-01": "minimax/minimax-image-01"}.get(body["model"], body["model"])
        if "response_format" in body:
            body["response_format"] = FORMATS.get(body["response_format"], body["response_format"])
        said = self.said(self.ask("POST", self.url, json=body, headers=self.key))
        images = [self.image(item, request) for item in said]
        if not images:
            raise GatewayError("no image came", "content")
        return {"images": images, "failed": request.get("n", 1) - len(images)}

    def ask(self, method: str, url: str, **content: Any) -> httpx.Response:
        """One answer with status 200, after some attempts."""
        pause = 1.0
        for number in range(self.attempts):
            try:
                answer = self.whole(method, url, **content)
            except httpx.TimeoutException as error:
                raise GatewayError(f"no answer within {self.timeout:g} s", "timeout", retryable=True) from error
            except httpx.HTTPError as error:
                raise GatewayError(f"the connection broke: {error}", "network", retryable=True) from error
            passing = answer.status_code in {429, 500, 502, 503, 504}
            if answer.status_code == 200:
                return answer
            if not passing or number == self.attempts - 1:
                raise self.refused(answer)
            time.sleep(max(pause, float(answer.headers.get("retry-after", 0))))
            pause *= 2
        raise AssertionError

    def whole(self, method: str, url: str, **content: Any) -> httpx.Response:
        """An answer that has come to its end within the timeout; a slow one is given up between two parts of it."""
        ends = time.monotonic() + self.timeout
        with self.http.stream(method, url, **content) as answer:
            parts = []
            for part in answer.iter_raw():
                parts.append(part)
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("it trickles")
            return httpx.Response(answer.status_code, headers=answer.headers, content=b"".join(parts))

    def refused(self, answer: httpx.Response) -> GatewayError:
        status = answer.status_code
        try:
            error = answer.json()["error"]
            message, kind = str(error["message"]), error["type"]
        except (ValueError, KeyError, TypeError):
            message, kind = answer.text[:200], ""
        usual = "server" if status >= 500 else "invalid_request"
        category = "content" if kind == "content_policy_violation" else CATEGORIES.get(status, usual)
        retryable = status == 429 or status >= 500
        return GatewayError(f"HTTP {status}: {message}", category, code=status, retryable=retryable)

    def said(self, answer: httpx.Response) -> list[Any]:
        try:
            items = answer.json()["data"]
        except (ValueError, KeyError, TypeError) as error:
            raise GatewayError(f"the answer cannot be read: {answer.text[:100]}", "protocol") from error
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise GatewayError("the answer has no list of images", "protocol")
        return items

    def image(self, item: dict[str, Any], request: Mapping[str, Any]) -> bytes:
        if item.get("b64_json") is not None:
            try:
                content = base64.b64decode(item["b64_json"], validate=True)
            except ValueError as error:
                raise GatewayError("an image is no base64", "protocol") from error
        else:
            content = self.ask("GET", item["url"]).content
        return self.checked(content, request)

    def checked(self, content: bytes, request: Mapping[str, Any]) -> bytes:
        try:
            with Image.open(io.BytesIO(content)) as image:
                image.load()
                right = image.size == size_of(request)
        except (OSError, SyntaxError, ValueError) as error:
            raise GatewayError(f"{len(content)} bytes are no image", "protocol") from error
        if not right:
            raise GatewayError("the image has another size", "protocol")
        return content

    def close(self) -> None:
        self.http.close()

    @staticmethod
    def describe(error: BaseException) -> dict[str, Any] | None:
        if not isinstance(error, GatewayError):
            return None
        said = {"code": error.code, "category": error.category, "retryable": error.retryable}
        return said | {"message": str(error)}


class Trusting(Client):
    """Takes no status for an error."""

    def refused(self, answer: httpx.Response) -> Any:
        return AttributeError("an error has no data")


class Insisting(Client):
    """Tries again what cannot succeed."""

    def refused(self, answer: httpx.Response) -> GatewayError:
        self.http.post(self.url, json={"prompt": "again"}, headers=self.key)
        return super().refused(answer)


class Cutting(Client):
    """Never asks for more than one image."""

    def generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return super().generate({**request, **({"n": 1} if "n" in request else {})})


class Leaking(Client):
    """Sends its key to the image host."""

    def ask(self, method: str, url: str, **content: Any) -> httpx.Response:
        return super().ask(method, url, **{**content, "headers": self.key})


class Silent(Client):
    """Forgets what the service said."""

    def refused(self, answer: httpx.Response) -> GatewayError:
        return GatewayError("something went wrong", "server")
