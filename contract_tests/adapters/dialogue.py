"""JSON objects, one a line each way, with a program: answers find their question by ``id``, in any order."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any

from contract_tests.adapters.answers import shown
from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.programs import GRACE_SECONDS, Program

LONGEST_LINE = 512 * 1024 * 1024


class Dialogue:
    """One life of a program. When it says what it must not, or ends, all open questions get an `AdapterError`.

    A `lenient` dialogue passes over lines that are no answer: notices, and whatever libraries print.
    """

    def __init__(
        self, command: Sequence[str], name: str, *, env: Mapping[str, str] | None = None, lenient: bool = False
    ) -> None:
        self._name = name
        self._lenient = lenient
        self._program = Program(command, env)
        self.pid = self._program.pid
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._open: dict[int, SimpleQueue[dict[str, Any] | None]] = {}
        self._broken = ""
        self._retired = False
        self._to_write: SimpleQueue[bytes | None] = SimpleQueue()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    @property
    def usable(self) -> bool:
        """Whether another question makes sense."""
        return not self._broken and not self._retired

    def last_words(self) -> str:
        """The last lines that the program wrote to standard error."""
        return self._program.last_words()

    def ask(self, question: Mapping[str, Any], within: float) -> dict[str, Any]:
        """The answer to a question. Raises `AdapterError`, or `TimeoutError` when it does not come in time.

        After that nothing more can be asked, and the program is killed once nobody waits for it.
        """
        number = next(self._numbers)
        answer: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        with self._lock:
            if self._broken:
                raise AdapterError(self._broken)
            self._open[number] = answer
        self.tell({"id": number, **question})
        try:
            said = answer.get(timeout=within)
        except Empty:
            self._retired = True
            raise TimeoutError from None
        finally:
            with self._lock:
                del self._open[number]
                idle = self._retired and not self._open
            if idle:
                self.close(grace=0)
        if said is None:
            raise AdapterError(self._broken)
        return said

    def tell(self, message: Mapping[str, Any]) -> None:
        """Say something that needs no answer."""
        self._to_write.put(json.dumps(message).encode() + b"\n")

    def close(self, farewell: Mapping[str, Any] | None = None, *, grace: float = GRACE_SECONDS) -> None:
        """Say goodbye, then end the program and all that it started."""
        if farewell is not None:
            self.tell(farewell)
        self._to_write.put(None)
        self._program.end(grace=grace)
        for thread in self._threads:
            thread.join(2 * GRACE_SECONDS)

    def _write(self) -> None:
        with suppress(OSError, ValueError), self._program.input as pipe:  # that it has ended, the reader tells
            while (line := self._to_write.get()) is not None:
                pipe.write(line)
                pipe.flush()

    def _read(self) -> None:
        with suppress(OSError, ValueError), self._program.output as pipe:
            while line := pipe.readline(LONGEST_LINE):
                problem = self._take(line)
                if problem:
                    self._break(f"{self._name} printed {problem}; logs belong on standard error")
                    return
        self._break(f"{self._name} {self._program.obituary()}")

    def _take(self, line: bytes) -> str | None:
        """Give an answer to who asked; the problem with a line that is none."""
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        number = said.get("id") if isinstance(said, dict) else None
        with self._lock:
            answer = self._open.get(number) if isinstance(number, int) and not isinstance(number, bool) else None
        if answer is not None and not (self._lenient and "method" in said):
            answer.put(said)
            return None
        if self._lenient or self._retired:
            return None
        text = shown(line.decode("utf-8", "replace").rstrip())
        if isinstance(said, dict):
            return f"an answer to a question that is not open, id {number!r}: {text}"
        return f"a line that is no JSON object: {text}"

    def _break(self, problem: str) -> None:
        with self._lock:
            self._broken = problem
            waiting = list(self._open.values())
        for answer in waiting:
            answer.put(None)
        self._to_write.put(None)
        self._program.end(grace=0)
