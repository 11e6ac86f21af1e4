"""Reads server-sent events (https://html.spec.whatwg.org/#server-sent-events), over broken connections too."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mock_server.commands.connection import Connection
from mock_server.commands.errors import CouldNotRunError

FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 0.1, 2.0


@dataclass(frozen=True)
class Event:
    """One event; ``id`` is empty when it has none."""

    name: str
    data: bytes
    id: str = ""


def parse(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events in a stream of bytes, however it was cut. One that is not ended by an empty line is dropped."""
    fields: dict[str, list[bytes]] = {}
    for line in _lines(chunks):
        if line:
            name, _, value = line.partition(b":")
            fields.setdefault(name.decode("utf-8", "replace"), []).append(value.removeprefix(b" "))
            continue
        if "data" in fields:
            names, numbers = fields.get("event", [b"message"]), fields.get("id", [b""])
            yield Event(names[-1].decode(), b"\n".join(fields["data"]), numbers[-1].decode())
        fields = {}


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines end with LF or CR LF, and nothing else does: JSON may hold what `str.splitlines` takes for an end."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r")


def follow(
    server: Connection,
    query: Mapping[str, Any],
    since: str,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """The events of ``/_mock/events`` after the exchange `since`, without end.

    A connection that breaks is made anew. Raises `CouldNotRunError` when there is no server any more.
    """
    import httpx

    last, wait, connected = since, FIRST_PAUSE_SECONDS, False
    while True:
        headers = {"accept": "text/event-stream", "accept-encoding": "identity"}
        if connected:
            headers["last-event-id"] = last
        try:
            with server.stream("events", {**query, "since": last}, headers) as chunks:
                connected = True
                for event in parse(chunks):
                    last, wait = event.id or last, FIRST_PAUSE_SECONDS
                    yield event
        except (httpx.ConnectError, httpx.ConnectTimeout):
            gone = f"the server at {server.url} is gone"
            raise CouldNotRunError(gone if connected else server.nobody()) from None
        except httpx.TransportError:
            pass
        pause(wait)
        wait = min(2 * wait, LAST_PAUSE_SECONDS)
