"""An exchange as it went over the wire, as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.report.legible import one_line, shortened

Exchange = Mapping[str, Any]
DEEPEST = 60
"""Indentation grows no further than this."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_NOTED = ("content-type", "retry-after", "location")


def title(exchange: Exchange) -> str:
    """``POST /v1/image_generation → 200, status_code 1002 (rate_limited)``."""
    path = shortened(one_line(str(exchange.get("path", "?")).partition("?")[0]), 80)
    return f"{one_line(str(exchange.get('method', '?')))} {path} → {answered(exchange)}"


def answered(exchange: Exchange) -> str:
    """The status of the answer and the code in its body, or that there was none.

    The code is read from the body: the one that the service decided on may have been changed or lost by a fault.
    """
    status, decided, reason = (exchange.get(name) for name in ("status", "status_code", "reason"))
    told = f"HTTP {status}" if status else "no answer"
    code = _code(_body(exchange.get("response")))
    if code is not None:
        told += f", status_code {shortened(str(code), 40)}"
    return one_line(f"{told} ({reason})" if reason and code == decided else told)


def _code(body: str) -> Any:
    try:
        return json.loads(body)["base_resp"]["status_code"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def notes(exchange: Exchange) -> list[str]:
    """What happened to the exchange that its bytes do not show."""
    faults = exchange.get("faults")
    told = [f"Injected: {', '.join(map(str, faults))}."] if isinstance(faults, list | tuple) and faults else []
    if exchange.get("whole") is False:
        told.append("The answer was cut off, or never sent, on purpose.")
    if exchange.get("client_gone") is True:
        told.append("The client left before it had the whole answer.")
    return told


def request(exchange: Exchange) -> str:
    """The request line, the headers and the body."""
    start = f"{exchange.get('method', '?')} {exchange.get('path', '?')}"
    return _message(start, exchange.get("request"))


def response(exchange: Exchange) -> str:
    """The status, the headers and the body."""
    return _message(str(exchange.get("status") or "no answer"), exchange.get("response"))


def brief(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The lines of an exchange, without most headers: ``>`` is what the client sent, ``<`` what it got."""
    yield ">", f"{exchange.get('method', '?')} {exchange.get('path', '?')}"
    for mark, part in ((">", "request"), ("<", "response")):
        if mark == "<":
            yield "<", answered(exchange)
        message = exchange.get(part)
        for name, value in _headers(message):
            if name.lower() in _NOTED:
                yield mark, f"{name}: {value}"
        if body := _body(message):
            yield mark, body


def _message(start: str, message: Any) -> str:
    lines = [start, *(f"{name}: {value}" for name, value in _headers(message))]
    if body := _body(message):
        lines += ["", indented(body)]
    return "\n".join(lines)


def _headers(message: Any) -> Iterator[tuple[str, str]]:
    """Name and value of each header, which are pairs in a list, or an object; a line without colon has no value."""
    headers = message.get("headers") if isinstance(message, Mapping) else None
    for header in headers.items() if isinstance(headers, Mapping) else headers or ():
        name, *value = header if isinstance(header, list | tuple) and header else [header]
        yield str(name), ", ".join(map(str, value))


def _body(message: Any) -> str:
    if not isinstance(message, Mapping):
        return ""
    if encoded := message.get("body_base64"):
        return f"<not text, in base64> {encoded}"
    return str(message.get("body") or "")


def indented(body: str) -> str:
    """A JSON body with line breaks and indentation; names, numbers and escapes stay as they came, and as often."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return "".join(_laid_out(_TOKEN.findall(body), DEEPEST)) or body if isinstance(value, dict | list) else body


def _laid_out(tokens: list[str], deepest: int) -> Iterator[str]:
    depth = 0
    previous = ""
    for token in tokens:
        if token in "}]":
            depth -= 1
            yield "" if previous in ("{", "[") else f"\n{'  ' * min(depth, deepest)}"
        elif previous in ("{", "[", ","):
            yield f"\n{'  ' * min(depth, deepest)}"
        yield ": " if token == ":" else token
        depth += token in "{["
        previous = token
