"""A client on requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection

from tests.contract.clients import answers, errors, images
from tests.contract.clients.answers import Reply
from tests.contract.clients.deadline import Deadline
from tests.contract.clients.errors import ClientError


class _Watched(HTTPAdapter):
    """Shows every connection to the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {
            "http": self._pool(HTTPConnectionPool), "https": self._pool(HTTPSConnectionPool),
        }  # fmt: skip

    def _pool(self, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
        deadline = self._deadline
        kind: type[HTTPConnection] = pool.ConnectionCls

        class Connection(kind):
            def connect(self) -> None:
                super().connect()
                deadline.watch(self.sock)

        class Pool(pool):
            ConnectionCls = Connection

        return Pool


def client(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The adapter's factory."""

    def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
        # as `auth` and not as a header, which an entry in ~/.netrc would replace
        request.headers["Authorization"] = f"Bearer {api_key}"
        return request

    def generate(request: Mapping[str, Any]) -> dict[str, Any]:
        with Deadline(timeout) as deadline, requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, _Watched(deadline))
            reply = send(
                session, deadline, "POST", f"{base_url.rstrip('/')}/v1/image_generation", json=request, auth=bearer
            )
            said = answers.json_of(reply)
            answers.check(reply, said)
            items = answers.items(said, answers.key_of(request))
            if answers.key_of(request) == "image_base64":
                found = [answers.decoded(text) for text in items]
            else:
                found = [download(session, deadline, url) for url in items]
        for image in found:
            problem = images.wrong_kind(image) or images.undecodable(image) or images.wrong_size(image, request)
            if problem:
                raise ClientError(problem, category="download")
        return {"images": found, "failed": answers.missing(request, items)}

    return generate


client.describe = errors.describe


def send(session: requests.Session, deadline: Deadline, method: str, url: str, **more: Any) -> Reply:
    """One request. Raises `ClientError` when there is no whole answer in time."""
    try:
        with session.request(method, url, timeout=deadline.left, allow_redirects=False, **more) as got:
            reply = Reply(got.status_code, got.content, answers.seconds_of(got.headers.get("Retry-After")))
    except requests.RequestException as error:
        if deadline.over or isinstance(error, requests.Timeout):
            raise ClientError("no answer in time", category="timeout") from error
        raise ClientError(f"no answer: {error}", category="network") from error
    if deadline.over:
        raise ClientError("no answer in time", category="timeout")
    return reply


def download(session: requests.Session, deadline: Deadline, url: str) -> bytes:
    """An image from its URL."""
    reply = send(session, deadline, "GET", url)
    if reply.status != 200:
        msg = f"the image host answered with HTTP status {reply.status}"
        raise ClientError(msg, category="download")
    return reply.content
