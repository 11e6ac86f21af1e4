"""Whether an error is a client's own, meant for its user, or one that escaped from a parser or from a bug."""

from __future__ import annotations

import dis
import http.client
import json
import sys
from types import FrameType

PARSERS = frozenset(
    {"PIL", "cattrs", "dacite", "jsonschema", "marshmallow", "msgspec", "orjson", "pydantic", "pydantic_core",
     "rapidjson", "simplejson", "ujson"}
)  # fmt: skip
"""Libraries that read or check data. Their errors speak of positions and types, not of the service."""

_MEANT = (Exception, RuntimeError)
_MEANT_IF_RAISED = (ValueError, TypeError, NotImplementedError)
_TRANSPORT = (OSError, http.client.HTTPException)


def is_own(error: BaseException) -> bool:
    """True for classes of the client and of its HTTP library, for errors of the network, and for what it raised itself.

    Of Python's own classes, `Exception` and `RuntimeError` are taken for meant. So are `ValueError`, `TypeError` and
    `NotImplementedError` where a ``raise`` outside the standard library raised them: `int("x")` is no message to users.
    """
    if isinstance(error, BaseExceptionGroup):
        return all(is_own(part) for part in error.exceptions)
    kind = type(error)
    home = _root(kind.__module__)
    if not isinstance(error, Exception) or isinstance(error, json.JSONDecodeError) or home in PARSERS:
        return False
    if home != "builtins" and home not in sys.stdlib_module_names:
        return True
    frame, position = _origin(error)
    if frame is not None and _root(frame.f_globals.get("__name__", "")) in PARSERS:
        return False
    if kind in _MEANT or issubclass(kind, _TRANSPORT):
        return True
    return kind in _MEANT_IF_RAISED and frame is not None and _raises(frame, position)


def _root(module: str) -> str:
    return module.partition(".")[0]


def _origin(error: BaseException) -> tuple[FrameType | None, int]:
    """The innermost frame that the error passed, and where in its code."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (trace.tb_frame, trace.tb_lasti) if trace is not None else (None, 0)


def _raises(frame: FrameType, position: int) -> bool:
    if _root(frame.f_globals.get("__name__", "")) in sys.stdlib_module_names:
        return False
    return frame.f_code.co_code[position] == dis.opmap["RAISE_VARARGS"]
