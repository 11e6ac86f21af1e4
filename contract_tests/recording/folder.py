"""A folder of recordings: a numbered file for each exchange, without secrets."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from contract_tests.exchanges.format import Provenance, write
from contract_tests.exchanges.redaction import Redactor
from contract_tests.exchanges.wire import Wire, transcribed
from contract_tests.targets.exchange import fields_of
from contract_tests.targets.guard import code_of

_NUMBERED = re.compile(r"(\d+)-.*\.json")


class FolderError(Exception):
    """A folder that recordings cannot be written to; the message says why."""


class Folder:
    """Where the exchanges of one run are written, by any thread; a value has one placeholder in all of them.

    `source` says in each file who recorded it. `keys` are replaced even where no header shows that they are keys.
    """

    def __init__(self, path: Path, source: str, keys: Iterable[str] = ()) -> None:
        """Raises `FolderError`."""
        self.path = path
        self.written: list[Path] = []
        self.problems: list[str] = []
        self._source = source
        self._redactor = Redactor(keys)
        self._lock = threading.Lock()
        try:
            path.mkdir(parents=True, exist_ok=True)
            numbers = [int(found[1]) for file in path.iterdir() if (found := _NUMBERED.fullmatch(file.name))]
        except OSError as error:
            raise FolderError(f"cannot write recordings to {str(path)!r}: {error.strerror}") from None
        self._last = max(numbers, default=0)

    def add(self, wire: Wire) -> Path | None:
        """Write an exchange; None where that was not possible, and `problems` says why: no call fails for it."""
        code = code_of(fields_of(wire.response_body))
        what = _what(wire)
        title = f"{wire.method} {what}: HTTP {wire.status}" + ("" if code is None else f", code {code}")
        provenance = Provenance("recorded", self._source, date=_day(wire))
        with self._lock:
            self._last += 1
            ending = "" if code is None else f"-{code}"
            file = self.path / f"{self._last:04d}-{what}-{wire.status}{ending}.json"
            try:
                write(self._redactor.redacted(transcribed(wire, title, provenance)), file)
            except (OSError, RecursionError) as error:
                self.problems.append(f"cannot write {file}: {getattr(error, 'strerror', None) or error}")
                return None
            self.written.append(file)
        return file


def _what(wire: Wire) -> str:
    if wire.path.partition("?")[0] == "/v1/image_generation":
        return "generate"
    return "download" if wire.method in {"GET", "HEAD"} else "call"


def _day(wire: Wire) -> date:
    """When it was answered, by the service's clock; by ours where it does not tell."""
    for name, value in wire.response_headers:
        if name.lower() == b"date":
            try:
                return parsedate_to_datetime(value.decode("latin-1")).astimezone(UTC).date()
            except ValueError:
                break
    return datetime.now(UTC).date()
