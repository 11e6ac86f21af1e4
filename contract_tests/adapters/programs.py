"""Programs that are started, each in a process group of its own, so that nothing of them is left over."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from contract_tests.adapters.interface import AdapterError

GRACE_SECONDS = 2.0
_KEPT_LINES = 40


def words_of(command: str, spec: str) -> list[str]:
    """The words of a command, quoted as in a shell. Raises `AdapterError`."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        msg = f"cannot read the command of {spec!r}: {error}"
        raise AdapterError(msg) from error
    if not words:
        msg = f"{spec!r} has no command"
        raise AdapterError(msg)
    return words


def environment(base_url: str, api_key: str) -> dict[str, str]:
    """This process's environment, pointed at a service: each name under which clients look for address and key."""
    named = dict.fromkeys(("MINIMAX_API_HOST", "MINIMAX_BASE_URL", "OPENAI_BASE_URL"), base_url)
    keys = dict.fromkeys(("MINIMAX_API_KEY", "OPENAI_API_KEY", "FAL_KEY"), api_key)
    direct = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1,localhost,::1")))
    return dict(os.environ) | named | keys | {"NO_PROXY": direct, "no_proxy": direct}


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a program in its own process group. Raises `AdapterError` when it cannot be."""
    try:
        return subprocess.Popen(command, start_new_session=True, **options)  # noqa: S603  what the user asked for
    except FileNotFoundError as error:
        msg = f"cannot start {shlex.join(command)!r}: there is no program {command[0]!r}"
        raise AdapterError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"cannot start {command[0]!r}: {error}"
        raise AdapterError(msg) from error


def end_group(process: subprocess.Popen[bytes], *, grace: float = GRACE_SECONDS) -> None:
    """End a program and all that it started: after `grace` seconds of its own time, asked, then killed."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    if process.returncode is None and grace:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.kill()


class Program:
    """A program to talk to, line by line. It dies with this process at the latest."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        pipe = subprocess.PIPE
        self._process = start(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env, cwd=cwd)
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        self._finalizer = weakref.finalize(self, end_group, self._process, grace=0)
        self._drain = threading.Thread(target=_keep, args=(_pipe(self._process.stderr), self._said), daemon=True)
        self._drain.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def input(self) -> IO[bytes]:
        """What it reads."""
        return _pipe(self._process.stdin)

    @property
    def output(self) -> IO[bytes]:
        """What it prints."""
        return _pipe(self._process.stdout)

    def last_words(self) -> str:
        """The last lines that it wrote to standard error."""
        return "\n".join(self._said)

    def obituary(self) -> str:
        """How it ended, with its last words; for one whose output has ended."""
        try:
            status = self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return "closed its standard output"
        self._drain.join(GRACE_SECONDS)
        words = self.last_words()
        return f"ended with {told(status)}" + (f":\n{words}" if words else ", and said nothing on standard error")

    def end(self, *, grace: float = GRACE_SECONDS) -> None:
        """End it and all that it started. Its pipes belong to those who read and write them."""
        if self._finalizer.detach():
            end_group(self._process, grace=grace)
            self._drain.join(GRACE_SECONDS)


def told(status: int) -> str:
    """``exit status 3``, or the signal that ended a program."""
    if status >= 0:
        return f"exit status {status}"
    with suppress(ValueError):
        return f"signal {signal.Signals(-status).name}"
    return f"signal {-status}"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # all three are always asked for
        raise AssertionError
    return pipe


def _keep(pipe: IO[bytes], said: deque[str]) -> None:
    with pipe, suppress(ValueError, OSError):
        for line in pipe:
            said.append(line.decode("utf-8", "replace").rstrip())
