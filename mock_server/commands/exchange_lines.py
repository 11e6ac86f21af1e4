"""Exchanges of the journal, a line each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from rich.console import Console
from rich.text import Text

from mock_server.commands.output import console, plain

Exchange = Mapping[str, Any]
LEAST_PROMPT = 12
_COLUMNS = ("id", "time", "account", "endpoint", "outcome", "images", "took", "faults", "prompt")
_RIGHT = {"id", "images", "took"}
_MOST = {"outcome": 32, "faults": 24}
"""On a terminal these are cut, so that something is left for the prompt; in a pipe longer ones shift their line."""
_STREAM = {"id": 4, "time": 8, "account": 15, "endpoint": 8, "outcome": 24, "images": 6, "took": 7, "faults": 12}
"""Widths for lines that are printed before the next one is known."""


class Lines:
    """Prints exchanges in columns; without the account's column where there is only one."""

    def __init__(self, *, one_account: bool, screen: Console | None = None) -> None:
        self._columns = [name for name in _COLUMNS if not (one_account and name == "account")]
        self._screen = screen or console()

    def table(self, exchanges: Sequence[Exchange]) -> None:
        """All of them, in columns as wide as they need."""
        if not any(exchange["faults"] for exchange in exchanges):
            self._columns.remove("faults")
        rows = [self._row(exchange) for exchange in exchanges]
        widths = [
            min(max([len(name), *(row[index].cell_len for row in rows)]), _MOST.get(name, 1000))
            for index, name in enumerate(self._columns)
        ]
        self._print(self._head(), widths)
        for row in rows:
            self._print(row, widths)

    def start(self) -> None:
        """The head of lines that will come one by one."""
        self._print(self._head(), [_STREAM.get(name, 0) for name in self._columns])

    def line(self, exchange: Exchange) -> None:
        """One that has just come."""
        self._print(self._row(exchange), [_STREAM.get(name, 0) for name in self._columns])

    def note(self, text: str) -> None:
        """Something that happened between."""
        self._screen.print(Text(f"-- {text} --", style="dim"))

    def _head(self) -> list[Text]:
        return [Text(name, style="bold") for name in self._columns]

    def _row(self, exchange: Exchange) -> list[Text]:
        cells = {
            "id": Text(exchange["id"]),
            "time": Text(_time(exchange["at"], short=self._screen.is_terminal), style="dim"),
            "account": Text(plain(exchange["account"]) or "-"),
            "endpoint": Text(_endpoint(exchange)),
            "outcome": outcome(exchange),
            "images": Text(_images(exchange)),
            "took": Text(_took(exchange["duration_ms"]), style="dim"),
            "faults": Text(plain(", ".join(exchange["faults"])), style="magenta"),
            "prompt": Text(plain(exchange["prompt"] or "")),
        }
        for name, most in _MOST.items() if self._screen.is_terminal else ():
            cells[name].truncate(most, overflow="ellipsis")
        return [cells[name] for name in self._columns]

    def _print(self, row: Sequence[Text], widths: Sequence[int]) -> None:
        line = Text()
        for name, cell, width in zip(self._columns[:-1], row, widths, strict=False):
            space = " " * (width - cell.cell_len)
            line.append_text(Text(space) + cell if name in _RIGHT else cell + Text(space)).append("  ")
        last = row[-1].copy()
        if self._screen.is_terminal:
            last.truncate(max(self._screen.width - line.cell_len, LEAST_PROMPT), overflow="ellipsis")
        line.append_text(last).rstrip()
        self._screen.print(line, soft_wrap=True)
        self._screen.file.flush()


def outcome(exchange: Exchange) -> Text:
    """What came of a call, in its colour."""
    code, status = exchange["status_code"], exchange["status"]
    if exchange["client_gone"]:
        return Text("client gone", style="yellow")
    if status == 0:
        return Text("no answer", style="red")
    if code == 0:
        text = Text("ok", style="green" if _delivered(exchange) == _asked(exchange) else "yellow")
    elif code is not None:
        text = Text(f"{code} {plain(_message(exchange))}", style="red")
    else:
        text = Text(f"HTTP {status} {_phrase(exchange)}".rstrip(), style="green" if status < 400 else "red")
    return text if exchange["whole"] else text.append(", cut off", style="red")


def _message(exchange: Exchange) -> str:
    """The status_msg that was sent, if it can be read."""
    try:
        found = json.loads(exchange["response"]["body"])["base_resp"]["status_msg"]
    except (KeyError, TypeError, ValueError):
        found = None
    return found if isinstance(found, str) else exchange["reason"] or ""


def _phrase(exchange: Exchange) -> str:
    status = exchange["status"]
    if exchange["reason"] or status == 200:
        return exchange["reason"] or ""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _asked(exchange: Exchange) -> int:
    return exchange["n"] or 1


def _delivered(exchange: Exchange) -> int:
    return len(exchange["images"])


def _images(exchange: Exchange) -> str:
    """How many there were, and of how many; of a download, how large."""
    images = exchange["images"]
    if exchange["endpoint"] == "download":
        return f"{images[0]['bytes'] / 1000:.0f} kB" if images and "bytes" in images[0] else ""
    if exchange["status_code"] != 0 and not images:
        return ""
    given, asked = _delivered(exchange), _asked(exchange)
    return str(given) if given == asked else f"{given}/{asked}"


def _endpoint(exchange: Exchange) -> str:
    face, endpoint = exchange["face"], exchange["endpoint"]
    if not endpoint:
        return plain(f"{exchange['method']} {exchange['path'].partition('?')[0]}")
    return endpoint if face == "minimax" else f"{face} {endpoint}"


def _took(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 999.5 else f"{milliseconds / 1000:.2f} s"


def _time(at: float, *, short: bool) -> str:
    """On a terminal the time of day, with the date when it is not today's; else all of it."""
    try:
        then = datetime.fromtimestamp(at).astimezone()
    except (ValueError, OverflowError, OSError):
        return f"{at:.0f} s"
    if not short:
        return then.isoformat(timespec="milliseconds")
    today = datetime.now().astimezone().date()
    return f"{then:%H:%M:%S}" if then.date() == today else f"{then:%m-%d %H:%M:%S}"
