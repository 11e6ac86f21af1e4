"""``stdio:COMMAND``: a client in any language, in a process that lives on and speaks JSON, a line each way."""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.adapters.answers import (
    DESCRIPTION_KEYS,
    description_of,
    fields_of,
    flag_of,
    missing_of,
    object_of,
    refuse_unknown,
    shown,
    text_of,
)
from contract_tests.adapters.dialogue import Dialogue
from contract_tests.adapters.interface import AdapterError, Client, Failure, Images, Outcome, TooLate
from contract_tests.adapters.programs import words_of

STARTUP_SECONDS = 10.0
_HELLO_KEYS = ("id", "name", "version", "unsupported", "describes", "image_format")
_ANSWER_KEYS = ("id", "images", "failed", "error")
_ERROR_KEYS = (*DESCRIPTION_KEYS, "kind", "own", "detail")


class StdioAdapter:
    """Starts the program, and again after it ended, broke the protocol, or kept a call waiting for too long."""

    def __init__(self, spec: str, *, startup: float = STARTUP_SECONDS) -> None:
        self.spec = spec
        command = spec.partition(":")[2]
        self._words = words_of(command, spec)
        self._program = f"the program {command.strip()!r}"
        self._startup = startup
        self.skips_pauses = False
        self._lock = threading.Lock()
        self._lives: list[Dialogue] = []
        said = self._start()
        where = f"the hello of {self._program}"
        refuse_unknown(said, _HELLO_KEYS, where)
        self.name = text_of(said.get("name"), f"{where}: name") or spec
        self.version = text_of(said.get("version"), f"{where}: version")
        self.unsupported = fields_of(said.get("unsupported", []), f"{where}: unsupported")
        self.image_format = text_of(said.get("image_format"), f"{where}: image_format")
        self.describes = flag_of(said.get("describes"), f"{where}: describes") or False

    def _start(self) -> dict[str, Any]:
        dialogue = Dialogue(self._words, self._program)
        try:
            said = dialogue.ask({"op": "hello"}, self._startup)
        except TimeoutError:
            words = dialogue.last_words()
            msg = f"{self._program} did not answer hello within {self._startup:g} s" + (f":\n{words}" if words else "")
            raise AdapterError(msg) from None
        except BaseException:
            dialogue.close(grace=0)
            raise
        self._lives.append(dialogue)
        return said

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The program that is running now."""
        return (self._lives[-1].pid,)

    def open(
        self,
        base_url: str,
        api_key: str,
        timeout: float,
        *,
        sleep: Callable[[float], None] | None = None,  # noqa: ARG002  its waiting cannot be seen from here
    ) -> Client:
        """A client of that service in the program, which is told where it is with each call."""
        return _StdioClient(self, {"op": "generate", "base_url": base_url, "api_key": api_key, "timeout": timeout})

    def ask(self, question: Mapping[str, Any], within: float) -> Outcome:
        """What came of a call."""
        with self._lock:
            if not self._lives[-1].usable:
                self._start()
            dialogue = self._lives[-1]
        try:
            answer = dialogue.ask(question, within)
        except TimeoutError:
            return TooLate(within)
        return self._outcome(answer, dialogue)

    def _outcome(self, answer: dict[str, Any], dialogue: Dialogue) -> Outcome:
        where = f"the answer of {self._program}"
        refuse_unknown(answer, _ANSWER_KEYS, where)
        if ("images" in answer) == ("error" in answer):
            msg = f"{where} must have either images or error, got {shown(answer)}"
            raise AdapterError(msg)
        if "error" in answer:
            return self._failure(answer["error"], f"{where}: error", dialogue.last_words())
        items = answer["images"]
        if not isinstance(items, list):
            msg = f"{where}: images must be a list, got {shown(items)}"
            raise AdapterError(msg)
        images = tuple(_image(item, f"{where}: image {number}") for number, item in enumerate(items))
        return Images(images, missing_of(answer.get("failed"), f"{where}: failed"))

    def _failure(self, error: object, where: str, last_words: str) -> Failure:
        said = object_of(error, where)
        refuse_unknown(said, _ERROR_KEYS, where)
        description = description_of({key: said[key] for key in DESCRIPTION_KEYS if key in said}, where)
        return Failure(
            kind=text_of(said.get("kind"), f"{where}: kind") or description.category or "error",
            message=description.message,
            description=description if self.describes else None,
            own=flag_of(said.get("own"), f"{where}: own"),
            detail=text_of(said.get("detail"), f"{where}: detail") or last_words,
        )

    def close(self) -> None:
        """Say stop, and end every life of the program, with all that it started."""
        for dialogue in self._lives:
            dialogue.close({"op": "stop"})


class _StdioClient:
    def __init__(self, adapter: StdioAdapter, question: Mapping[str, Any]) -> None:
        self._adapter = adapter
        self._question = question

    def generate(self, request: Mapping[str, Any], *, within: float) -> Outcome:
        return self._adapter.ask({**self._question, "request": dict(request)}, within)

    def close(self) -> None:
        """Nothing: the program goes on for the next client."""


def _image(item: object, where: str) -> bytes | str:
    said = object_of(item, where)
    if len(said) != 1 or not {"base64", "url"} >= said.keys() or not isinstance(next(iter(said.values())), str):
        msg = f'{where} must be {{"base64": "..."}} or {{"url": "..."}}, got {shown(item)}'
        raise AdapterError(msg)
    if "url" in said:
        return str(said["url"])
    try:
        return base64.b64decode(said["base64"], validate=True)
    except (binascii.Error, ValueError) as error:
        msg = f"{where} is no base64 ({error}): {shown(said['base64'])}"
        raise AdapterError(msg) from error


def adapter(spec: str) -> StdioAdapter:
    """The adapter for ``stdio:COMMAND``, its program started and heard. Raises `AdapterError`."""
    return StdioAdapter(spec)
