"""Stands in the place of a service for a program: passes its calls on, within a limit, and records them."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from contract_tests.exchanges.wire import Wire
from contract_tests.recording.folder import Folder
from contract_tests.targets.choice import LIVE_DOMAINS, Choice
from contract_tests.targets.exchange import Message, fields_of
from contract_tests.targets.guard import Guard, Purse, Terms, bill, counted, images_of
from contract_tests.targets.meter import OWN_HOPS, PATH, Answer, Meter, Scope, Upstream, decoded, own
from contract_tests.targets.pace import Pace

ANSWER_SECONDS = 75.0
"""For an answer of the service, whose own limit is 60."""
STORES = ".aliyuncs.com"
"""Image hosts end like this."""
PLAIN_STORE = "us-east-1"
"""Images of the io site have http addresses, those of the cn site https ones (recorded)."""
SHOWN = 10
"""So many different requests that were not passed on are told."""


class Recorder:
    """A server on a free port, from entering to leaving. `choice` is the service, live or a URL."""

    def __init__(self, choice: Choice, folder: Folder, *, pace: Pace | None = None) -> None:
        self._choice = choice
        self._folder = folder
        self._pace = pace or Pace()
        self._purse = Purse(choice.limit_usd)
        self._schemes: dict[str, str] = {}
        self._downloads = 0
        self._left: Counter[str] = Counter()
        self._meter: Meter | None = None

    def __enter__(self) -> Self:
        guard = Guard(self._purse, Terms(most=sys.maxsize), "", strangers_pay=True)  # only the command knows its key
        upstream = Upstream(self._choice.url, ANSWER_SECONDS)
        self._meter = Meter(upstream, guard, self._pace, (), notice=self._noticed, elsewhere=self._elsewhere)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._meter is not None:
            self._meter.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._meter is not None, "not entered"
        return self._meter.url

    def summary(self) -> list[str]:
        """What came of it, in lines."""
        written = counted(len(self._folder.written), "exchange")
        downloads = f", {counted(self._downloads, 'download')} among them" if self._downloads else ""
        lines = [f"{written} written to {self._folder.path}{downloads}", *self._folder.problems]
        lines.append(bill(self._choice.name, self._purse, self._pace.waited))
        left = [f"{what} ({times})" if times > 1 else what for what, times in self._left.most_common(SHOWN)]
        if left:
            more = f" and {len(self._left) - SHOWN} more" if len(self._left) > SHOWN else ""
            lines.append(f"not passed on: {', '.join(left)}{more}")
        return lines

    def _noticed(self, wire: Wire) -> None:
        """Record an exchange; remember by which scheme its images are to be had."""
        for url in images_of(fields_of(wire.response_body), "image_urls"):
            parts = urlsplit(url)
            if parts.scheme in {"http", "https"} and parts.hostname:
                self._schemes[parts.hostname] = parts.scheme
        self._folder.add(wire)

    async def _elsewhere(self, scope: Scope, request: Message, http: httpx.AsyncClient) -> Answer | None:
        """Fetch an image from its real host; refuse what would go nowhere, or to another service than was said."""
        host = _host(request)
        if scope["method"] in {"GET", "HEAD"} and host.endswith(STORES):
            return await self._fetched(scope, request, http)
        if scope["method"] != "POST" or scope["path"] != PATH:
            return self._refused(f"{scope['method']} {host}{scope['path']}")
        if self._choice.kind == "live" and _is_live(host) and _region(host) != self._choice.region:
            return self._refused(f"{host}, which is not of --region {self._choice.region}")
        return None

    def _refused(self, what: str) -> Answer:
        self._left[what] += 1
        return own("altered", f"record passes on POST {PATH} and image downloads, not {what}")

    async def _fetched(self, scope: Scope, request: Message, http: httpx.AsyncClient) -> Answer:
        host, query = _host(request), scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        scheme = self._schemes.get(host) or ("http" if PLAIN_STORE in host else "https")
        headers = [(name, value) for name, value in request.headers if name.lower() not in OWN_HOPS]
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                call = httpx.Request(scope["method"], f"{scheme}://{host}{path}", headers=headers)
                response = await http.send(call, stream=True, follow_redirects=False)
                try:
                    raw = b"".join([part async for part in response.aiter_raw()])
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.HTTPError) as error:
            return own("unreachable", f"{host} cannot be reached: {error or type(error).__name__}")
        received = response.headers.raw
        content = decoded(response, raw)
        self._downloads += 1
        asked = (scope["method"], host, path, request.headers, request.content)
        self._folder.add(Wire(*asked, response.status_code, received, content))
        hops = OWN_HOPS - {b"content-length"}
        kept = [(name, value) for name, value in received if name.lower() not in hops]
        return Answer(response.status_code, kept, raw, content, received=received)


def _host(request: Message) -> str:
    """The host that was meant, without a port."""
    named = next((value.decode("latin-1") for name, value in request.headers if name.lower() == b"host"), "")
    return (urlsplit(f"//{named}").hostname or "").rstrip(".")


def _is_live(host: str) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in LIVE_DOMAINS)


def _region(host: str) -> str:
    return "io" if host.endswith("minimax.io") else "cn"
