"""A client in this process: its calls, each on a thread, given up when they take too long."""

from __future__ import annotations

import ctypes
import inspect
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from copy import deepcopy
from queue import Empty, SimpleQueue
from typing import Any

from contract_tests.adapters.answers import missing_of, refuse_unknown, shown
from contract_tests.adapters.escaped import is_own
from contract_tests.adapters.interface import AdapterError, Description, Failure, Images, Outcome, TooLate
from contract_tests.adapters.loop import CLOSE_SECONDS, Loop, Raised, Returned
from contract_tests.adapters.waiting import CURRENT, Call, GivenUp, replace_sleeping, restore_sleeping

_DETAIL_CHARACTERS = 6000

Describe = Callable[[BaseException], Description]


class _Job:
    """One thing that the client does on a thread of its own."""

    def __init__(self, loop: Loop, call: Call, function: Callable[[], Any]) -> None:
        self._loop = loop
        self._call = call
        self._function = function
        self._future: Future[Returned | Raised] | None = None
        self._ended: SimpleQueue[Returned | Raised] = SimpleQueue()
        context = copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="client call", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        CURRENT.set(self._call)
        with suppress(GivenUp):
            self._ended.put(self._carry_out())

    def _carry_out(self) -> Returned | Raised:
        try:
            value = self._function()
            ended: Returned | Raised = Returned(value)
            if inspect.isawaitable(value):
                self._future = self._loop.submit(value)
                ended = self._future.result()
        except BaseException as error:  # noqa: BLE001  what a client raises is its answer; the run goes on
            ended = Raised(error)
        self._call.over = True
        return ended

    def end(self, within: float) -> Returned | Raised | None:
        """How it ended; None if it has not, and was given up."""
        try:
            return self._ended.get(timeout=within)
        except Empty:
            self._give_up()
            return None

    def _give_up(self) -> None:
        self._call.given_up = True
        if self._future is not None:
            self._future.cancel()
        if self._thread.ident is not None and not self._call.over:  # it would go on to call the service for ever
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(GivenUp))


class _Made:
    """What the factory returned, with the loop that its coroutines run on."""

    def __init__(self, value: Any, loop: Loop, where: str) -> None:
        self.loop = loop
        self._value = value
        generate = getattr(value, "generate", value)
        if not callable(generate):
            msg = f"{where} must return a function generate(request), or an object that has one; got {shown(value)}"
            raise AdapterError(msg)
        try:
            inspect.signature(generate).bind({})
        except TypeError:
            has = inspect.signature(generate)
            msg = f"the function that {where} returned must take one argument, the request; it has {has}"
            raise AdapterError(msg) from None
        except ValueError:  # some functions written in C do not tell
            pass
        self.generate: Callable[[dict[str, Any]], Any] = generate

    def close(self, where: str) -> None:
        """Let the client's own ``close`` or ``aclose`` run, then end the loop."""
        close = getattr(self._value, "aclose", None) or getattr(self._value, "close", None)
        try:
            if callable(close):
                ended = _Job(self.loop, Call(None), close).end(CLOSE_SECONDS)
                if not isinstance(ended, Returned):
                    problem = f"raised {_told(ended.error)}" if ended else f"took more than {CLOSE_SECONDS:g} s"
                    msg = f"closing the client of {where} {problem}"
                    raise AdapterError(msg)
        finally:
            self.loop.close()


class PythonClient:
    """What `factory` makes, once; and again only after a call that was given up, whose thread may hold its locks."""

    def __init__(
        self,
        factory: Callable[[], Any],
        where: str,
        describe: Describe | None,
        sleep: Callable[[float], None] | None,
    ) -> None:
        self._factory = factory
        self._where = where
        self._describe = describe
        self._sleep = sleep
        self._lock = threading.Lock()
        self._lost: list[_Made] = []
        self._made: _Made | None = self._make()
        if sleep is not None:
            replace_sleeping()

    def _make(self) -> _Made:
        loop = Loop()
        try:
            ended = _Job(loop, Call(None), self._factory).end(CLOSE_SECONDS * 6)
            if isinstance(ended, Raised):
                if isinstance(ended.error, AdapterError):
                    raise ended.error
                msg = f"{self._where} raised {_told(ended.error)}\n{_detail(ended.error)}"
                raise AdapterError(msg) from ended.error
            if ended is None:
                msg = f"{self._where} did not return within {CLOSE_SECONDS * 6:g} s"
                raise AdapterError(msg)
            return _Made(ended.value, loop, self._where)
        except AdapterError:
            loop.close()
            raise

    def generate(self, request: Mapping[str, Any], *, within: float) -> Outcome:
        """Ask the client for images, on a thread of its own."""
        with self._lock:
            made = self._made = self._made or self._make()
        own = deepcopy(dict(request))
        ended = _Job(made.loop, Call(self._sleep), lambda: made.generate(own)).end(within)
        if ended is None:
            with self._lock:
                if self._made is made:
                    self._made = None
                    self._lost.append(made)
            return TooLate(within)
        if isinstance(ended, Returned):
            return images_of(ended.value, f"generate() of {self._where}")
        return self._failure(ended.error)

    def _failure(self, error: BaseException) -> Failure:
        if isinstance(error, AdapterError):
            raise error
        own = is_own(error)
        try:
            description = self._describe(error) if self._describe is not None else None
        except AdapterError:
            if own:
                raise
            description = Description()  # made for the client's own errors, and this is none
        return Failure(type(error).__name__, str(error), description, own, _detail(error))

    def close(self) -> None:
        """Let the client close itself, and wait for its threads; not for those that were given up."""
        with self._lock:
            made, self._made, lost, self._lost = self._made, None, self._lost, []
        if self._sleep is not None:
            restore_sleeping()
            self._sleep = None
        for old in lost:
            old.loop.close(wait=False)
        if made is not None:
            made.close(self._where)


def images_of(result: Any, where: str) -> Images:
    """What a Python client returned. Raises `AdapterError` for anything but images."""
    missing = None
    if isinstance(result, Mapping):
        refuse_unknown(result, ("images", "failed"), where)
        if "images" not in result:
            msg = f"{where} returned an object without 'images': {shown(result)}"
            raise AdapterError(msg)
        missing = missing_of(result.get("failed"), f"{where}: failed")
        result = result["images"]
    if not isinstance(result, list | tuple):
        msg = f"{where} must return a list of images, or {{'images': [...], 'failed': k}}; got {shown(result)}"
        raise AdapterError(msg)
    return Images(tuple(_image(item, f"{where}: image {number}") for number, item in enumerate(result)), missing)


def _image(item: Any, where: str) -> bytes | str:
    if isinstance(item, bytes | bytearray | memoryview):
        return bytes(item)
    if not isinstance(item, str):
        msg = f"{where} must be bytes, or a URL that the client leaves to its user; got {shown(item)}"
        raise AdapterError(msg)
    return item


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _detail(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-_DETAIL_CHARACTERS:]
