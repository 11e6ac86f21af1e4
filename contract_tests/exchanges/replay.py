"""Sends the request of an exchange again, and gives what is answered now."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from msgspec import UNSET, structs
from PIL import Image

from contract_tests.exchanges.format import Exchange, Picture, Provenance, compact
from contract_tests.exchanges.places import PLACEHOLDER
from contract_tests.exchanges.wire import sent, transcribed
from contract_tests.targets.guard import images_of

PLAIN = {"model": "image-01", "prompt": "a lighthouse at dawn"}
"""What is asked where a recording does not tell what was."""
_KEY = re.compile(r"<key:\d+>")


USUAL_HOST = "api.minimax.io"
"""Where a recording does not tell the host."""


class ReplayError(ValueError):
    """A request that cannot be sent again; the message says what it lacks."""


class Replay:
    """Sends the exchanges of a run, in their order, to a server at `base_url`, until it is left.

    `key` is sent where a recording has ``<key:1>`` or does not show the request's key; `keys` are for the placeholders
    of others. Downloads go to the URLs that the server gave for those in the recording.
    """

    def __init__(self, base_url: str, key: str, keys: Mapping[str, str] | None = None) -> None:
        self._base_url = base_url
        self._key = key
        self._keys = {"<key:1>": key} | dict(keys or {})
        self._urls: dict[str, str] = {}
        self._http = httpx.Client(timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def observed(self, exchange: Exchange) -> Exchange:
        """The same exchange as it is now. Raises `ReplayError`, and httpx's for a server that cannot be asked."""
        call = self._request(exchange)
        answer = self._http.send(call)
        wire = sent(call, answer.status_code, answer.headers.raw, answer.content, _host(exchange))
        seen = transcribed(wire, exchange.title, Provenance("recorded", "replayed"))
        self._remember(exchange, seen)
        return seen

    def _request(self, exchange: Exchange) -> httpx.Request:
        asked, given = exchange.request, exchange.given
        method, path = given.method or asked.method, self._urls.get(asked.host + asked.path) or given.path or asked.path
        headers = [(name, self._filled(value, name)) for name, value in asked.headers]
        if not any(name.lower() == "authorization" for name, _ in headers) and method == "POST":
            key = self._key if given.key is None else given.key
            headers += [("Authorization", f"Bearer {key}")] if key else []
        content = self._content(exchange)
        if content and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", "application/json"))
        headers.append(("Host", _host(exchange)))
        return httpx.Request(method, self._base_url + self._filled(path, "the path"), headers=headers, content=content)

    def _content(self, exchange: Exchange) -> bytes:
        asked, given = exchange.request, exchange.given
        body = asked.body
        if body is UNSET:
            if (given.method or asked.method) != "POST":
                return b""
            body = PLAIN if given.body is UNSET else given.body
        elif isinstance(body, dict) and isinstance(given.body, dict):
            body = body | given.body
        return compact(self._value(body, exchange))

    def _value(self, value: Any, exchange: Exchange) -> Any:
        if isinstance(value, dict):
            return {self._filled(name, name): self._value(item, exchange) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, exchange) for item in value]
        if not isinstance(value, str):
            return value
        text = re.sub(r"<image:(\d+)>", lambda match: _drawn(exchange.images[int(match[1]) - 1]), value)
        return self._filled(text, "the body")

    def _filled(self, text: str, where: str) -> str:
        """A text with keys in place of their placeholders."""

        def fill(match: re.Match[str]) -> str:
            if match[0] in self._keys:
                return self._keys[match[0]]
            if _KEY.fullmatch(match[0]):
                raise ReplayError(f"{where} has {match[0]}: say which key it is to be")
            return match[0]

        return PLACEHOLDER.sub(fill, text)

    def _remember(self, expected: Exchange, observed: Exchange) -> None:
        """Which URL stands now for one that the recording has."""
        for before, now in zip(_urls(expected), _urls(observed), strict=False):
            self._urls[(urlsplit(before).hostname or "") + _path(before)] = _path(now)


def here(exchange: Exchange) -> Exchange:
    """What is expected of the endpoint that a replay asks: with its own words, where another was recorded."""
    words = exchange.given.words
    if not words:
        return exchange

    def translated(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: translated(item) for name, item in value.items()}
        if isinstance(value, str):
            for word, own in words.items():
                value = value.replace(word, own)
        return value

    return structs.replace(
        exchange, response=structs.replace(exchange.response, body=translated(exchange.response.body))
    )


def _host(exchange: Exchange) -> str:
    return exchange.request.host or USUAL_HOST


def _urls(exchange: Exchange) -> list[str]:
    return [url for url in images_of(exchange.response.body, "image_urls") if "://" in url]


def _path(url: str) -> str:
    """A URL from its path on, exactly as it is written."""
    return "/" + url.partition("://")[2].partition("/")[2]


def _drawn(picture: Picture) -> str:
    """A grey image of that format and size, as base64."""
    if picture.width is None or picture.height is None:
        raise ReplayError(f"the request has an image ({picture.format}) whose size nobody knows")
    written = io.BytesIO()
    Image.new("RGB", (picture.width, picture.height), "grey").save(written, picture.format)
    return base64.b64encode(written.getvalue()).decode("ascii")
