"""A client of the standard library alone."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tests.contract.clients import answers, errors, images
from tests.contract.clients.answers import Reply
from tests.contract.clients.deadline import Deadline
from tests.contract.clients.errors import ClientError


@cache
def _tls() -> ssl.SSLContext:
    """Read once: that takes longer than to draw an image."""
    return ssl.create_default_context()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """The service does not redirect; and a key must not follow to another host."""


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Shows every connection to the deadline."""

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext) -> None:
        urllib.request.HTTPSHandler.__init__(self, context=tls)
        self._deadline = deadline
        self._tls = tls

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._watched(http.client.HTTPConnection), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._watched(http.client.HTTPSConnection), request, context=self._tls)

    def _watched(self, kind: type[http.client.HTTPConnection]) -> type[http.client.HTTPConnection]:
        deadline = self._deadline

        class Watched(kind):
            def connect(self) -> None:
                super().connect()
                deadline.watch(self.sock)

        return Watched


def client(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The adapter's factory."""

    def generate(request: Mapping[str, Any]) -> dict[str, Any]:
        with Deadline(timeout) as deadline:
            open_ = urllib.request.build_opener(_Handler(deadline, _tls()), _NoRedirects()).open
            reply = send(open_, deadline, urllib.request.Request(
                f"{base_url.rstrip('/')}/v1/image_generation", json.dumps(request).encode(),
                {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"},
            ))  # fmt: skip
            said = answers.json_of(reply)
            answers.check(reply, said)
            items = answers.items(said, answers.key_of(request))
            if answers.key_of(request) == "image_base64":
                found = [answers.decoded(text) for text in items]
            else:
                found = [download(open_, deadline, url) for url in items]
        for image in found:
            problem = images.wrong_kind(image) or images.undecodable(image) or images.wrong_size(image, request)
            if problem:
                raise ClientError(problem, category="download")
        return {"images": found, "failed": answers.missing(request, items)}

    return generate


client.describe = errors.describe


def send(open_: Callable[..., Any], deadline: Deadline, request: urllib.request.Request) -> Reply:
    """One request. Raises `ClientError` when there is no whole answer in time."""
    try:
        try:
            answer = open_(request, timeout=deadline.left)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            reply = Reply(answer.status, answer.read(), answers.seconds_of(answer.headers["Retry-After"]))
    except (OSError, http.client.HTTPException) as error:
        if deadline.over or isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
            raise ClientError("no answer in time", category="timeout") from error
        raise ClientError(f"no answer: {error}", category="network") from error
    if deadline.over:
        raise ClientError("no answer in time", category="timeout")
    return reply


def download(open_: Callable[..., Any], deadline: Deadline, url: str) -> bytes:
    """An image from its URL."""
    try:
        request = urllib.request.Request(url)
    except ValueError:
        raise ClientError(f"not a URL: {url!r}", category="protocol") from None
    reply = send(open_, deadline, request)
    if reply.status != 200:
        msg = f"the image host answered with HTTP status {reply.status}"
        raise ClientError(msg, category="download")
    return reply.content
