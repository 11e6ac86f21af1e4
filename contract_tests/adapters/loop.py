"""An event loop on a thread of its own: the calls of an asynchronous client share it, as they would in a program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from msgspec import Struct

from contract_tests.adapters.waiting import real_monotonic

CLOSE_SECONDS = 5.0


class Returned(Struct, frozen=True):
    """A call came back."""

    value: Any


class Raised(Struct, frozen=True):
    """A call ended with an error, whatever its kind."""

    error: BaseException


class Loop:
    """Runs awaitables from other threads; its own thread starts with the first."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._stopping = False

    def submit(self, awaitable: Awaitable[Any]) -> Future[Returned | Raised]:
        """Let `awaitable` run; the future says how it ended, and cancels it."""
        return asyncio.run_coroutine_threadsafe(_end_of(awaitable), self._started())

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_exception_handler(lambda _loop, _context: None)  # of tasks that the client forgot
                self._loop.time = real_monotonic()  # type: ignore[method-assign]
                self._thread = threading.Thread(target=self._run, args=(self._loop,), name="client", daemon=True)
                self._thread.start()
            return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        while not self._stopping:
            with suppress(SystemExit, KeyboardInterrupt):  # of a task that the client started beside its call
                loop.run_forever()
        leftover = asyncio.all_tasks(loop)
        for task in leftover:
            task.cancel()
        with suppress(SystemExit, KeyboardInterrupt):
            if leftover:
                loop.run_until_complete(asyncio.wait(leftover, timeout=CLOSE_SECONDS))
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    def close(self, *, wait: bool = True) -> None:
        """Cancel what still runs, and end the thread; without `wait`, as soon as it can."""
        with self._lock:
            loop, thread, self._stopping = self._loop, self._thread, True
        if loop is None or thread is None or loop.is_closed():
            return
        loop.call_soon_threadsafe(loop.stop)
        if wait:
            thread.join(CLOSE_SECONDS)


async def _end_of(awaitable: Awaitable[Any]) -> Returned | Raised:
    try:
        return Returned(await awaitable)
    except BaseException as error:  # noqa: BLE001  what a client raises is its answer, and must not end the loop
        return Raised(error)
