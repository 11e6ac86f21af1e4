"""One exchange of the journal as it went over the wire, with a curl line that repeats it."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from mock_server.commands.exchange_lines import outcome
from mock_server.commands.output import moment, plain, plain_lines, show

Exchange = Mapping[str, Any]
_OF_CURL = (
    "host",
    "content-length",
    "connection",
    "accept",
    "accept-encoding",
    "user-agent",
    "transfer-encoding",
)
_HIDDEN = re.compile(r"<key [^<>]*>|<redacted>")
_NOT_KEPT = re.compile(r"base64,<\d+ characters, sha256 |<cut: \d+ bytes in all, ")
_KEY = "$MINIMAX_MOCK_KEY"


def show_exchange(exchange: Exchange, url: str, key: str | None, screen: Console | None = None) -> None:
    """Print it."""
    lines = [_summary(exchange), Text(), *_request(exchange), Text(), *_response(exchange), Text()]
    lines.append(Text("Again:", style="bold"))
    show(*lines, *(Text(plain_lines(line)) for line in repeat(exchange, url, key)), screen=screen)


def _summary(exchange: Exchange) -> Text:
    what = f"{exchange['face']} {exchange['endpoint']}".strip() or "no endpoint"
    account = exchange["account"] or "no account"
    line = Text(f"Exchange {exchange['id']}, {moment(exchange['at'])}: {what} by {plain(account)}, ")
    line.append_text(outcome(exchange)).append(f", {exchange['duration_ms']:g} ms")
    if exchange["faults"]:
        line.append(", faults: ").append(plain(", ".join(exchange["faults"])), style="magenta")
    return line


def _request(exchange: Exchange) -> Iterator[Text]:
    yield Text(plain(f"{exchange['method']} {exchange['path']}"), style="bold cyan")
    yield from _message(exchange["request"])


def _response(exchange: Exchange) -> Iterator[Text]:
    status = exchange["status"]
    if status == 0:
        yield Text("No answer was sent.", style="bold red")
        return
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    yield Text(f"{status} {phrase}".rstrip(), style="bold cyan")
    yield from _message(exchange["response"])
    if not exchange["whole"]:
        yield Text("(not all of it was sent)", style="red")


def _message(message: Mapping[str, Any]) -> Iterator[Text]:
    for pair in message["headers"]:
        name, value = [*pair, ""][:2]
        yield Text.assemble((plain(name), "cyan"), ": ", plain(value))
    body = _body(message)
    if body:
        yield Text()
        yield Text(plain_lines(body))


def _body(message: Mapping[str, Any]) -> str:
    """The body: JSON in lines of its own, bytes that are no text as base64."""
    if "body_base64" in message:
        return f"(base64) {message['body_base64']}"
    body = str(message["body"])
    try:
        return msgspec.json.format(body, indent=2)
    except msgspec.DecodeError:
        return body


def repeat(exchange: Exchange, url: str, key: str | None) -> Iterator[str]:
    """A line for a shell that sends the request again, after what is to know about it."""
    headers = [[*pair, ""][:2] for pair in exchange["request"]["headers"]]
    sent = [(name, _with_scheme(name, value)) for name, value in headers if name.lower() not in _OF_CURL]
    key = "any-key" if key is None and exchange["path"].startswith("/~") else key  # the path says whose it is
    body, source = _sent_body(exchange["request"])
    hidden = any(_HIDDEN.search(value) for _, value in sent) or _HIDDEN.search(exchange["path"])
    if _NOT_KEPT.search(body):
        yield "# the journal keeps images, and bodies over 256 KiB, as size and digest: put the real ones in"
    if hidden and key is None:
        yield f"# MINIMAX_MOCK_KEY must be the key of {exchange['account'] or 'the account'}: the journal has no keys"
    words = ["curl", "-i", *_method(exchange), _quoted(url + exchange["path"], key)]
    for name, value in sent:
        words += ["-H", _quoted(f"{name}: {value}", key)]
    yield " ".join([*source, *words, *(["--data-binary", "@-" if source else _quoted(body, key)] if body else [])])


def _with_scheme(name: str, value: str) -> str:
    return f"Bearer {value}" if name.lower() == "authorization" and value == "<redacted>" else value


def _method(exchange: Exchange) -> list[str]:
    """curl sends GET, and POST with a body, by itself."""
    method = exchange["method"]
    if method == ("POST" if _sent_body(exchange["request"])[0] else "GET"):
        return []
    return ["-I"] if method == "HEAD" else ["-X", shlex.quote(method)]


def _sent_body(request: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The body, and what puts it into a pipe when it is not only lines of text."""
    body = str(request.get("body", ""))
    if plain_lines(body) == body and "body_base64" not in request:
        return body, []
    encoded = request.get("body_base64") or b64encode(body.encode()).decode()
    return encoded, ["printf", "%s", shlex.quote(encoded), "|", "base64", "-d", "|"]


def _quoted(text: str, key: str | None) -> str:
    """`text` for a shell, with the key where the journal has its label."""
    if key is not None:
        return shlex.quote(_HIDDEN.sub(lambda _: key, text))
    parts = _HIDDEN.split(text)
    return f'"{_KEY}"'.join(shlex.quote(part) if part or len(parts) == 1 else "" for part in parts)
