"""``exec:COMMAND {prompt} {out_dir} ...``: a client that is a command, run once for each call."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct

from contract_tests.adapters.interface import AdapterError, Client, Failure, Images, Outcome, TooLate
from contract_tests.adapters.placeholders import WHOLE, checked, fill, unsupported
from contract_tests.adapters.programs import end_group, environment, start, told, words_of

DEFAULT_MODEL = "image-01"
"""The model that a command may leave out, because every client of this API has it for a default."""

IMAGE_SUFFIXES = frozenset({"", ".avif", ".bmp", ".gif", ".heic", ".jfif", ".jpeg", ".jpg", ".png", ".tiff", ".webp"})
_TRACES = ("Traceback (most recent call last):", "\n    at ", "panicked at ", "goroutine ", "Exception in thread ")
_DETAIL_CHARACTERS = 6000


class ExecAdapter:
    """Runs the command; each call is a program of its own."""

    def __init__(self, spec: str) -> None:
        self.spec = self.name = spec
        self._words = words_of(spec.partition(":")[2], spec)
        self.unsupported = unsupported(checked(self._words, spec))
        if which(self._words[0]) is None:
            msg = f"{spec!r}: there is no program {self._words[0]!r}"
            raise AdapterError(msg)
        self.version = None
        self.image_format = None
        self.describes = False
        self.skips_pauses = False
        self.process_ids: tuple[int, ...] = ()

    def open(
        self,
        base_url: str,
        api_key: str,
        timeout: float,
        *,
        sleep: Callable[[float], None] | None = None,  # noqa: ARG002  its waiting cannot be seen from here
    ) -> Client:
        """The command with that address, key and timeout."""
        values = {"base_url": base_url, "api_key": api_key, "timeout": timeout}
        return _ExecClient(self, self._words, values)

    def refuse_lost(self, request: Mapping[str, Any]) -> None:
        """Raise `AdapterError` if a field would be lost on the way: then nothing could be said of the client."""
        for field in sorted(self.unsupported & request.keys()):
            if (field, request[field]) != ("model", DEFAULT_MODEL):
                msg = f"{self.spec!r} has no {{{field}}}, and was asked for {field} {request[field]!r}"
                raise AdapterError(msg)

    def close(self) -> None:
        """Nothing outlives a call."""


class _ExecClient(Struct, frozen=True):
    adapter: ExecAdapter
    words: list[str]
    values: dict[str, Any]

    def generate(self, request: Mapping[str, Any], *, within: float) -> Outcome:
        self.adapter.refuse_lost(request)
        with TemporaryDirectory(prefix="exec-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            out = folder / "images"
            out.mkdir()
            written = folder / "request.json"
            written.write_text(json.dumps(dict(request)), encoding="utf-8")
            whole = dict(zip(WHOLE, (json.dumps(dict(request), ensure_ascii=False), str(written)), strict=True))
            command = fill(self.words, {**request, **self.values, **whole, "out_dir": str(out)})
            return self._run(command, folder, within)

    def _run(self, command: list[str], folder: Path, within: float) -> Outcome:
        env = environment(self.values["base_url"], self.values["api_key"])
        said, complained = folder / "stdout", folder / "stderr"
        with said.open("wb") as stdout, complained.open("wb") as stderr:
            process = start(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=env)
        try:
            status = process.wait(within)
        except subprocess.TimeoutExpired:
            return TooLate(within)
        finally:
            end_group(process, grace=0)
        if status == 0:
            return Images(tuple(file.read_bytes() for file in image_files(folder / "images")))
        return _failure(status, _read(complained), _read(said))

    def close(self) -> None:
        """Nothing outlives a call."""


def image_files(folder: Path) -> list[Path]:
    """The image files in a folder and those below, by name, 2 before 10. No suffix counts too, hidden files do not."""
    found = [
        file.relative_to(folder)
        for file in folder.rglob("*")
        if file.is_file() and file.suffix.lower() in IMAGE_SUFFIXES and not file.name.startswith(".")
    ]
    return [folder / file for file in sorted(found, key=lambda file: _natural(str(file)))]


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", text)]


def _failure(status: int, complained: str, said: str) -> Failure:
    lines = [line.strip() for line in (complained.strip() or said.strip()).splitlines()]
    message = lines[-1] if lines else ""
    escaped = status < 0 or any(trace in complained for trace in _TRACES)
    own = False if escaped else True if message else None
    return Failure(told(status), message, None, own, complained[-_DETAIL_CHARACTERS:])


def _read(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def adapter(spec: str) -> ExecAdapter:
    """The adapter for ``exec:COMMAND ...``. Raises `AdapterError`."""
    return ExecAdapter(spec)
