"""Waiting that nobody waits for: within a client's call, sleeping moves a clock instead.

While a client is open that wants it, ``time.sleep`` and ``asyncio.sleep`` are replaced, wherever a module has them by
that name, and so are the clocks of `time`, so that a client with a deadline sees the time pass. Who is in no such call
(a context variable tells) sleeps and reads the clock as ever.
"""

from __future__ import annotations

import asyncio
import math
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

SHORTEST = 0.05
"""Shorter sleeps are real: they poll for something that takes real time."""

_CLOCKS = ("monotonic", "time", "perf_counter")
_NAMES = ("sleep", *_CLOCKS)
_LOCK = threading.Lock()


class GivenUp(BaseException):
    """Raised in a call that nobody waits for any more, where it would sleep. No client should catch it."""


class Call:
    """One call of a client. Its sleeping becomes a call of `sleep` with the seconds, if that is given."""

    def __init__(self, sleep: Callable[[float], None] | None) -> None:
        self._sleep = sleep
        self.slept = 0.0
        self.over = False
        self.given_up = False

    def skips(self, seconds: float) -> bool:
        """Whether a sleep of so many seconds is over at once."""
        if self.given_up:
            raise GivenUp
        if self._sleep is None or self.over or not SHORTEST <= seconds < math.inf:
            return False
        with _LOCK:
            self.slept += seconds
        self._sleep(seconds)
        return True


CURRENT: ContextVar[Call | None] = ContextVar("call of a client", default=None)


class _Patch:
    """The functions that stand in for those of `time` and `asyncio`, and how many clients need them."""

    def __init__(self) -> None:
        self.users = 0
        self.real: dict[str, Any] = {name: getattr(time, name) for name in _NAMES}
        self._replaced: list[tuple[dict[str, Any], str, Any]] = []
        self._stand_ins: dict[int, Any] = {id(self.real[name]): _clock(self.real[name]) for name in _CLOCKS}
        self._stand_ins[id(time.sleep)] = _sleep(time.sleep, self)
        self._stand_ins[id(asyncio.sleep)] = _asyncio_sleep(asyncio.sleep)

    def put_in(self) -> None:
        for module in list(sys.modules.values()):
            names = getattr(module, "__dict__", {})
            for name in _NAMES:
                value = names.get(name)
                stand_in = self._stand_ins.get(id(value))
                if stand_in is not None:
                    names[name] = stand_in
                    self._replaced.append((names, name, value))

    def take_out(self) -> None:
        for names, name, value in self._replaced:
            names[name] = value


def _sleep(real: Callable[[float], None], patch: _Patch) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        call = CURRENT.get()
        real(0 if call is not None and call.skips(seconds) else seconds)

    sleep.__dict__["patch"] = patch
    return sleep


def _asyncio_sleep(real: Callable[..., Any]) -> Callable[..., Any]:
    async def sleep(delay: float, result: Any = None) -> Any:
        call = CURRENT.get()
        return await real(0 if call is not None and call.skips(delay) else delay, result)

    return sleep


def _clock(real: Callable[[], float]) -> Callable[[], float]:
    def read() -> float:
        call = CURRENT.get()
        return real() if call is None else real() + call.slept

    return read


def replace_sleeping() -> None:
    """Put the stand-ins in, once however often this is called."""
    with _LOCK:
        patch = getattr(time.sleep, "patch", None) or _Patch()
        patch.users += 1
        patch.put_in()


def restore_sleeping() -> None:
    """Undo one `replace_sleeping`; the last one takes the stand-ins out."""
    with _LOCK:
        patch = getattr(time.sleep, "patch", None)
        if patch is None:
            return
        patch.users -= 1
        if not patch.users:
            patch.take_out()


def real_monotonic() -> Callable[[], float]:
    """The clock that no sleeping moves, for an event loop: waiting for the service is never shortened."""
    patch = getattr(time.sleep, "patch", None)
    found: Callable[[], float] = patch.real["monotonic"] if patch is not None else time.monotonic
    return found
