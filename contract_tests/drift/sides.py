"""Who is asked: the service, through a purse and at its pace, and the emulator beside it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from msgspec import Struct

from contract_tests.drift import injected
from contract_tests.drift.answer import Answer
from contract_tests.drift.calls import Call, Change
from contract_tests.exchanges.wire import Wire, sent
from contract_tests.targets.exchange import fields_of
from contract_tests.targets.guard import Purse, cost_of, dollars
from contract_tests.targets.interface import CouldNotLookError
from contract_tests.targets.meter import PATH
from contract_tests.targets.pace import WINDOW_SECONDS, Pace

ANSWER_SECONDS = 75.0
"""The service itself gives up after 60."""
HOSTS = {"io": "api.minimax.io", "cn": "api.minimaxi.com"}
"""The host that the emulator is asked as, so that it answers as that site."""
GARBLED = "not-a-key"
TROUBLE = frozenset({1000, 1001, 1002, 1004, 1008, 1024, 1033, 1039, 1041, 2038, 2045, 2049, 2056, 2061})
"""Codes that say how the account or the service is, not how it treats such a call."""
NO_ACCESS = frozenset({1004, 2049, 2038})
NO_MONEY = frozenset({1008, 2056, 2061})
RATE = 1002
Exchanged = Callable[[Wire], object]


class Side(Protocol):
    """Answers calls."""

    def ask(self, call: Call, image: str = "") -> Answer:
        """The answer to one call; `image` is the address that a download is about. Raises `CouldNotLookError`."""


class Way(Struct, frozen=True):
    """Where a service is, its key, and how many seconds an answer may take."""

    url: str
    key: str
    answer_seconds: float = ANSWER_SECONDS


def build(call: Call, url: str, key: str) -> httpx.Request:
    """A call to the API."""
    unknown = f"sk-api-{secrets.token_urlsafe(48)}"
    tokens = {"own": f"Bearer {key}", "basic": "Basic bm86a2V5", "garbled": f"Bearer {GARBLED}"}
    tokens["unknown"] = f"Bearer {unknown}"
    headers = {"User-Agent": "minimax-mock drift", "Accept": "*/*"}
    if call.key != "none":
        headers["Authorization"] = tokens[call.key]
    if call.method != "POST":
        return httpx.Request(call.method, url + call.path, headers=headers)
    headers["Content-Type"] = call.content_type
    content = call.body if isinstance(call.body, str) else json.dumps(call.body, ensure_ascii=False)
    return httpx.Request("POST", url + call.path, headers=headers, content=content.encode())


def download(call: Call, image: str) -> httpx.Request:
    """A call to the image host. Credentials that are sent there are none."""
    headers = {"User-Agent": "minimax-mock drift"}
    more = {"range": ("Range", "bytes=0-31"), "beyond": ("Range", "bytes=99999999-"),
            "authorization": ("Authorization", f"Bearer {GARBLED}")}  # fmt: skip
    headers |= [more[call.change]] if call.change in more else []
    return httpx.Request(call.method, _changed(image, call.change), headers=headers)


def _changed(image: str, change: Change) -> str:
    parts = urlsplit(image)
    if change == "unsigned":
        return parts._replace(query="").geturl()
    changed = {"tampered": "Signature", "key-id": "OSSAccessKeyId"}.get(change)
    if changed:
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        swapped = [(name, value[::-1] if name == changed else value) for name, value in pairs]
        return parts._replace(query=urlencode(swapped)).geturl()
    return image


class Service:
    """The live service, or a server that speaks its endpoint. What could cost more than there is, is not sent."""

    def __init__(
        self, way: Way, purse: Purse, pace: Pace, *, exchanged: Exchanged | None = None,
        waits: Callable[[float], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """`exchanged` hears of every exchange, `waits` of every pause that the rate limit wants."""
        self._way = way
        self._purse = purse
        self._pace = pace
        self._exchanged = exchanged
        self._waits = waits
        self._http = httpx.Client(timeout=way.answer_seconds, follow_redirects=False)
        self.closed_because = ""
        self.broke_because = ""

    def ask(self, call: Call, image: str = "") -> Answer:
        """See `Side`."""
        if call.after:
            return self._send(download(call, image))
        if call.key == "own" and self.closed_because:
            raise CouldNotLookError(self.closed_because)
        if call.cost and self.broke_because:
            raise CouldNotLookError(self.broke_because)
        answer = self._paid(call)
        if call.key == "own" and _code(answer) == RATE:  # somebody else uses the key too
            self._wait(WINDOW_SECONDS)
            answer = self._paid(call)
        self._check(call, answer)
        return answer

    def _paid(self, call: Call) -> Answer:
        held = max(call.cost, call.risk)
        if not self._purse.hold(held):
            left = dollars(self._purse.left)
            raise CouldNotLookError(f"it could cost {dollars(held)}, and {left} is left of --max-spend")
        if call.path == PATH and call.method == "POST":
            self._wait(self._pace.book())
        try:
            answer = self._send(build(call, self._way.url, self._way.key))
        except CouldNotLookError as error:
            unsent = isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol)
            self._purse.settle(held, 0 if unsent else held, sent=not unsent)
            raise
        self._purse.settle(held, cost_of(held, answer.status, fields_of(answer.body)))
        return answer

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._waits(seconds)
            self._pace.sleep(seconds)

    def _send(self, request: httpx.Request) -> Answer:
        try:
            response = self._http.send(request)
        except httpx.TimeoutException as error:
            raise CouldNotLookError(
                f"{_place(request)} did not answer within {self._way.answer_seconds:g} s"
            ) from error
        except httpx.HTTPError as error:
            raise CouldNotLookError(f"{_place(request)}: {error or type(error).__name__}") from error
        if self._exchanged is not None:
            self._exchanged(sent(request, response.status_code, response.headers.raw, response.content))
        if injected.HEADER in response.headers:
            raise injected.InjectedError(f"an answer was injected: {response.headers[injected.HEADER]}")
        if response.is_redirect:
            raise CouldNotLookError(f"{_place(request)} redirects to {response.headers.get('location')}")
        return answer_of(response)

    def _check(self, call: Call, answer: Answer) -> None:
        """Raise `CouldNotLookError` when the answer is about the account or a bad moment, and remember what ends it."""
        if answer.status >= 500 or answer.status == 429:
            raise CouldNotLookError(f"HTTP {answer.status}")
        code = _code(answer)
        if call.key != "own" or code not in TROUBLE - {*call.codes}:
            return
        why = f"answered {code} ({answer.message})"
        if code in NO_ACCESS:
            why = self.closed_because = f"the key has no access: {why}"
        if code in NO_MONEY:
            why = self.broke_because = f"the account cannot pay: {why}"
        raise CouldNotLookError(why)

    def close(self) -> None:
        """Let connections go."""
        self._http.close()


class Emulated:
    """An emulator at `url`, asked as a host of the live service."""

    def __init__(self, url: str, key: str, region: str) -> None:
        self._url = url
        self._key = key
        self._host = HOSTS[region]
        self._http = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)

    def ask(self, call: Call, image: str = "") -> Answer:
        """See `Side`."""
        request = download(call, image) if call.after else build(call, self._url, self._key)
        host = urlsplit(image).netloc if call.after else self._host
        url = httpx.URL(self._url).copy_with(raw_path=request.url.raw_path)
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"host"]
        content = request.content if request.method == "POST" else None
        made = httpx.Request(request.method, url, headers=[*headers, (b"Host", host.encode())], content=content)
        return answer_of(self._http.send(made))

    def close(self) -> None:
        """Let connections go."""
        self._http.close()


def answer_of(response: httpx.Response) -> Answer:
    """A response as the questions read it."""
    return Answer(response.status_code, list(response.headers.multi_items()), response.content, time.time())


def _code(answer: Answer) -> int | None:
    try:
        return answer.code
    except CouldNotLookError:
        return None


def _place(request: httpx.Request) -> str:
    return f"{request.method} {request.url.copy_with(query=None)}"
