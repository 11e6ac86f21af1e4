"""Which errors are a client's own."""

from __future__ import annotations

import asyncio
import base64
import http.client
import io
import json
import struct
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pydantic
import pytest
import requests
from PIL import Image

from contract_tests.adapters.escaped import is_own


class ApiError(Exception):
    pass


class QuotaError(ValueError):
    pass


def error_of(function: Callable[[], Any]) -> BaseException:
    try:
        function()
    except BaseException as error:  # noqa: BLE001
        return error
    raise AssertionError


def refuse(error: BaseException) -> Callable[[], Any]:
    def raising() -> None:
        raise error

    return raising


CLOSED = "http://127.0.0.1:9/"

OWN = {
    "a class of the client": refuse(ApiError("1008")),
    "a class of the client that is a ValueError": refuse(QuotaError("1008")),
    "RuntimeError": refuse(RuntimeError("1008")),
    "Exception": refuse(Exception("1008")),
    "a ValueError that was raised": refuse(ValueError("n must be between 1 and 9")),
    "a TypeError that was raised": refuse(TypeError("prompt must be a text")),
    "NotImplementedError": refuse(NotImplementedError("no seeds here")),
    "httpx: no connection": lambda: httpx.get(CLOSED, trust_env=False),
    "httpx: a status": lambda: httpx.Response(502, request=httpx.Request("GET", CLOSED)).raise_for_status(),
    "requests: no connection": lambda: requests.get(CLOSED, timeout=1, proxies={"http": ""}),
    "urllib: no connection": lambda: urllib.request.urlopen(CLOSED, timeout=1),
    "urllib: a status": refuse(urllib.error.HTTPError(CLOSED, 502, "Bad Gateway", http.client.HTTPMessage(), None)),
    "http.client": refuse(http.client.IncompleteRead(b"")),
    "TimeoutError": refuse(TimeoutError()),
    "OSError": lambda: open("/nowhere/at/all"),  # noqa: SIM115, PTH123
    "several of its own": refuse(ExceptionGroup("downloads", [ApiError(), TimeoutError()])),
}

ESCAPED = {
    "KeyError": lambda: {}["data"],
    "a KeyError that was raised": refuse(KeyError("data")),
    "AttributeError": lambda: None.get("x"),  # type: ignore[attr-defined]
    "IndexError": [].pop,
    "TypeError": lambda: dict(3),  # type: ignore[call-overload]
    "ValueError of int": lambda: int("x"),
    "ValueError of a library of Python": lambda: urllib.request.urlopen("nonsense"),
    "ZeroDivisionError": lambda: 1 / 0,
    "NameError": lambda: undefined,  # type: ignore[name-defined]  # noqa: F821
    "AssertionError": refuse(AssertionError("two images")),
    "json": lambda: json.loads("<html>"),
    "requests: JSON": lambda: _answer(b"<html>").json(),
    "httpx: JSON": lambda: httpx.Response(200, text="<html>").json(),
    "base64": lambda: base64.b64decode("x"),
    "UnicodeDecodeError": b"\xff".decode,
    "struct": lambda: struct.unpack("i", b""),
    "Pillow: no image": lambda: Image.open(io.BytesIO(b"<html>")),
    "Pillow: half an image": lambda: _half_an_image().load(),
    "pydantic": lambda: pydantic.TypeAdapter(int).validate_python("x"),
    "msgspec": lambda: msgspec.json.decode(b"<html>"),
    "StopIteration": lambda: next(iter([])),
    "RecursionError": refuse(RecursionError()),
    "SystemExit": refuse(SystemExit(1)),
    "KeyboardInterrupt": refuse(KeyboardInterrupt()),
    "CancelledError": refuse(asyncio.CancelledError()),
    "one of several": refuse(ExceptionGroup("downloads", [ApiError(), KeyError("data")])),
}


def _answer(body: bytes) -> requests.Response:
    answer = requests.Response()
    answer._content = body
    return answer


def _half_an_image() -> Image.Image:
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(whole, "JPEG")
    return Image.open(io.BytesIO(whole.getvalue()[:900]))


@pytest.mark.parametrize("function", OWN.values(), ids=OWN)
def test_an_error_that_is_meant_for_the_user(function: Callable[[], Any]) -> None:
    assert is_own(error_of(function))


@pytest.mark.parametrize("function", ESCAPED.values(), ids=ESCAPED)
def test_an_error_that_escaped(function: Callable[[], Any]) -> None:
    assert not is_own(error_of(function))
