"""The command as a child that its user does not notice to be one: signals, terminal and end are the command's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

FROM_TERMINAL = ("SIGINT", "SIGQUIT")
"""The terminal sends these to the whole group, so that the command has them already."""
PASSED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""Exit statuses of shells, `env` and `timeout` for a command that cannot be run."""


class Child:
    """The process of the command, once there is one."""

    process: subprocess.Popen[bytes] | None = None

    def send(self, number: int) -> None:
        """Send it a signal, if it runs. Before there is one, the signal ends us: raises `SystemExit`."""
        if self.process is None:
            raise SystemExit(128 + number)
        if self.process.poll() is None:
            self.process.send_signal(number)


@contextmanager
def signals_to(child: Child) -> Iterator[None]:
    """Leave Ctrl-C to the command, and pass other signals on to it.

    What was ignored before stays ignored, as by nohup. Handlers and not SIG_IGN, because a command inherits that.
    """

    def pass_on(number: int, _: FrameType | None) -> None:
        child.send(number)

    def leave(number: int, _: FrameType | None) -> None:
        if child.process is None or not _from_terminal():
            child.send(number)

    before = {}
    for name in (*FROM_TERMINAL, *PASSED_ON):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, leave if name in FROM_TERMINAL else pass_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _from_terminal() -> bool:
    """Whether this process is in the foreground of a terminal, from which Ctrl-C reaches the command by itself."""
    if sys.platform == "win32":
        return True
    try:
        handle = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(handle) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(handle)


def end_as(status: int) -> NoReturn:
    """End this process as the command ended: with its exit status, or of its signal."""
    sys.stdout.flush()
    sys.stderr.flush()
    if status < 0 and sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))  # one dump is enough
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    raise SystemExit(status if status >= 0 else 128 - status)
