"""A client on synchronous httpx, with retries. Every step is a method, so that a broken client changes just one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx

from tests.contract.clients import answers, errors, images
from tests.contract.clients.answers import Reply
from tests.contract.clients.deadline import Deadline
from tests.contract.clients.errors import ClientError, DownloadError
from tests.contract.clients.tls import tls


@dataclass
class Call:
    """One call of the user's: what is asked for, until when, and over which connections."""

    request: Mapping[str, Any]
    deadline: Deadline
    http: httpx.Client


class Client:
    """The class is the adapter's factory; an object of it is ``generate``. Objects are shared between threads."""

    attempts: ClassVar[int] = 3
    unsupported: ClassVar[frozenset[str]] = frozenset()
    describe = staticmethod(errors.describe)

    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        self.base_url = base_url.rstrip("/")
        self.api_key = api_key
        self.timeout = timeout
        self.tls = tls()

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The images that were asked for, and how many content safety kept back. Raises `ClientError`."""
        with self.open(self.understood(request)) as call:
            said = self.ask(call)
            return self.result(call, said)

    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What the client makes of a request: what was asked, and nothing else."""
        return dict(request)

    @contextmanager
    def open(self, request: Mapping[str, Any]) -> Iterator[Call]:
        """A call, with connections of its own and one limit for everything that it does."""
        with self.deadline() as deadline, httpx.Client(verify=self.tls) as http:
            yield Call(request, deadline, http)

    def deadline(self) -> Deadline:
        return Deadline(self.timeout)

    def result(self, call: Call, said: Mapping[str, Any]) -> dict[str, Any]:
        """What the user gets of a success."""
        items = self.items(call, said)
        return {"images": self.images(call, items), "failed": self.failed(call, said, items)}

    def ask(self, call: Call) -> dict[str, Any]:
        """A success of the service, after some attempts."""
        for attempt in range(self.attempts - 1):
            try:
                return self.attempt(call)
            except ClientError as error:
                if not self.retryable(error):
                    raise
                self.wait(call, attempt, error)
        return self.attempt(call)

    def retryable(self, error: ClientError) -> bool:
        return bool(error.retryable)

    def pause(self, attempt: int, error: ClientError) -> float:
        """1, 2, 4 ... seconds, or longer if we are told to."""
        return max(2.0**attempt, error.retry_after)

    def wait(self, call: Call, attempt: int, error: ClientError) -> None:
        """Wait before the next attempt; raise `error` when there is no time for one."""
        seconds = self.pause(attempt, error)
        if seconds >= call.deadline.left:
            raise error
        self.sleep(seconds)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def attempt(self, call: Call) -> dict[str, Any]:
        """One request to the service, and its answer if that is a success."""
        url = f"{self.base_url}/v1/image_generation"
        reply = self.send(
            call, "POST", url, params=self.query(), headers=self.headers(), content=self.encode(self.body(call))
        )
        said = self.parse(reply)
        self.check(reply, said)
        return said

    def query(self) -> dict[str, str] | None:
        return None

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"}

    def body(self, call: Call) -> dict[str, Any]:
        """What is sent of a request."""
        return dict(call.request)

    def encode(self, body: Mapping[str, Any]) -> bytes:
        return json.dumps(body).encode()

    def send(self, call: Call, method: str, url: str, **more: Any) -> Reply:
        """One request. Raises `ClientError` when there is no whole answer in time."""

        def watch(event: str, details: Mapping[str, Any]) -> None:
            if event == "connection.connect_tcp.complete":
                call.deadline.watch(details["return_value"].get_extra_info("socket"))

        try:
            with call.http.stream(method, url, timeout=call.deadline.left, extensions={"trace": watch}, **more) as got:
                content = self.content(call, got)
        except httpx.ConnectError as error:
            raise ClientError(f"cannot connect: {error}", category="network", retryable=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if call.deadline.over or isinstance(error, httpx.TimeoutException):
                raise self.too_late() from error
            raise ClientError(f"no answer: {error}", category="network") from error
        if call.deadline.over:
            raise self.too_late()
        return Reply(got.status_code, content, answers.seconds_of(got.headers.get("Retry-After")))

    def content(self, call: Call, got: httpx.Response) -> bytes:
        return got.read()

    def too_late(self) -> ClientError:
        return ClientError(f"no answer within {self.timeout:g} seconds", category="timeout")

    def parse(self, reply: Reply) -> dict[str, Any]:
        return answers.json_of(reply)

    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        answers.check(reply, said)

    def items(self, call: Call, said: Mapping[str, Any]) -> list[str]:
        return answers.items(said, answers.key_of(call.request))

    def failed(self, call: Call, said: Mapping[str, Any], items: list[str]) -> int:
        return answers.missing(call.request, items)

    def images(self, call: Call, items: list[str]) -> list[Any]:
        """Every image, in order."""
        if answers.key_of(call.request) == "image_base64":
            return [self.decode(call, text) for text in items]
        found: list[bytes] = []
        for index, url in enumerate(items):
            try:
                found.append(self.download(call, self.url(url)))
            except ClientError as error:
                raise DownloadError(error, images=found, urls=items[index:]) from error
        return found

    def decode(self, call: Call, text: str) -> bytes:
        image = answers.decoded(text)
        self.inspect(call, image, "protocol")
        return image

    def url(self, url: str) -> str:
        return url

    def download(self, call: Call, url: str) -> bytes:
        """An image from its URL. Tries again after what may pass: a download costs nothing."""
        for attempt in range(self.attempts - 1):
            try:
                return self.fetch(call, url)
            except ClientError as error:
                if not error.retryable:
                    raise
                self.wait(call, attempt, error)
        return self.fetch(call, url)

    def fetch(self, call: Call, url: str) -> bytes:
        reply = self.send(call, "GET", url, headers=self.download_headers())
        if reply.status != 200:
            raise self.refused(reply)
        self.inspect(call, reply.content, "download")
        return reply.content

    def download_headers(self) -> dict[str, str]:
        """No key: the URL is signed."""
        return {}

    def refused(self, reply: Reply) -> ClientError:
        """The image host refused."""
        text = reply.content[:200].decode("utf-8", "replace")
        msg = f"the image host answered with HTTP status {reply.status}: {text}"
        return ClientError(msg, category="download", retryable=reply.status >= 500)

    def inspect(self, call: Call, image: bytes, category: str) -> None:
        """Raise `ClientError` unless this is the image that was asked for."""
        problem = images.wrong_kind(image) or self.damage(image) or self.misfit(image, call.request)
        if problem:
            raise ClientError(problem, category=category)

    def damage(self, image: bytes) -> str:
        return images.undecodable(image)

    def misfit(self, image: bytes, request: Mapping[str, Any]) -> str:
        return images.wrong_size(image, request)


class Once(Client):
    """The same without retries: what may pass is surfaced, for the user to decide."""

    attempts = 1


class UrlsOnly(Once):
    """Leaves downloading to its user."""

    unsupported = frozenset({"response_format"})

    def images(self, call: Call, items: list[str]) -> list[Any]:
        return list(items)


class Base64Only(Once):
    """Asks for the images in the answer, so that nothing need be downloaded."""

    unsupported = frozenset({"response_format"})

    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {**request, "response_format": "base64"}
