"""Hangs, or does not survive what the network does."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from tests.contract.clients.broken.bug import bug
from tests.contract.clients.deadline import Deadline
from tests.contract.clients.errors import ClientError
from tests.contract.clients.httpx_client import Call, Client


@bug("There is no timeout: the caller's is not used, and a service that hangs hangs the program.", "network.hang")
class NoTimeout(Client):
    def deadline(self) -> Deadline:
        return Deadline(86_400)


class BetweenBytesOnly(Deadline):
    """The usual timeout of an HTTP library: each byte that arrives starts it anew."""

    def __init__(self, seconds: float) -> None:
        super().__init__(86_400)
        self._seconds = seconds

    @property
    def left(self) -> float:
        return self._seconds

    def watch(self, connection: socket.socket) -> None:
        """Nothing is shut."""


@bug("The timeout counts between two bytes only, so that an answer at a trickle takes for ever.", "network.trickle",
     level="SHOULD")  # fmt: skip
class TimeoutBetweenBytes(Client):
    def deadline(self) -> Deadline:
        return BetweenBytesOnly(self.timeout)


@bug("After a network error the client object is unusable: every later call fails.", "network.next-call")
class UnusableAfterError(Client):
    broken = False

    @contextmanager
    def open(self, request: Mapping[str, Any]) -> Iterator[Call]:
        if self.broken:
            raise ClientError("cannot send a request, as the client has been closed", category="network")
        with super().open(request) as call:
            try:
                yield call
            except ClientError as error:
                self.broken = error.category in {"network", "timeout"}
                raise


@bug("What arrived of an image when the connection broke is taken for the image.", "download.refused")
class CutBodyIsImage(Client):
    cut = False

    def content(self, call: Call, got: httpx.Response) -> bytes:
        if got.request.method == "POST":
            return super().content(call, got)
        chunks = []
        with suppress(httpx.RemoteProtocolError, httpx.ReadError):
            for chunk in got.iter_bytes():
                chunks.append(chunk)  # noqa: PERF402 - what came before the break is kept
        self.cut = len(b"".join(chunks)) < int(got.headers.get("Content-Length", 0))
        return b"".join(chunks)

    def damage(self, image: bytes) -> str:
        return "" if self.cut else super().damage(image)


@bug("A network error is a success without images.", "network.broken")
class NetworkErrorIsSuccess(Client):
    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return super().__call__(request)
        except ClientError as error:
            if error.category in {"network", "timeout"}:
                return {"images": [], "failed": 0}
            raise
