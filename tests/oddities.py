"""What no client should send, and a server must survive: JSON of every kind, and what is none."""

from __future__ import annotations

import json
import logging
from typing import Any, Self

from hypothesis import strategies as st

DEEP = [b"[" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b"[" * 900 + b"]" * 900]
NOT_JSON = [
    *DEEP,
    b"",
    b"{",
    b"nul",
    b"\xff\xfe{}",
    b'"\xed\xa0\x80"',
    b"\xef\xbb\xbf{}",
    b"{'a': 1}",
    b'{"a": NaN, "b": Infinity}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 5_000 + b"}",
    b'{"a": -' + b"9" * 300_000 + b"." + b"9" * 300_000 + b"}",
    b'{"a": "\\ud800"}',
    b'{"\\udfff": 1, "\\udfff": 2}',
    b'{"a": "\x00\x1f"}',
]
"""Also what some parsers take for JSON."""

texts = st.text(max_size=40) | st.sampled_from(["\ud800", "\x00", "\u2028", "a\r\nb", "none", "1", "-1", "nan", "../x"])
"""Shrinks to the empty text; lone surrogates among them."""

ODD_NUMBERS = [0, -1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**400, 10**4000]
ODD_NUMBERS += [1e308, 5e-324, -0.0, 1e16, 31557600000.0, 253402300800.0, float("nan"), float("inf")]
ODD_VALUES = [None, True, "", "x", "1e400", "\ud800", "\x00", [], [[]], {}, {"": None}, {"io": []}, *ODD_NUMBERS]

numbers = st.integers() | st.floats() | st.sampled_from(ODD_NUMBERS)
"""Shrinks to 0; with what does not fit into the usual types, NaN and the infinities."""

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def objects(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these names, often with nothing else; shrinks to the empty one."""
    strange = st.dictionaries(texts, values, max_size=4)
    if not names:
        return strange
    words = st.sampled_from(names)
    inner = st.dictionaries(words, words | numbers | values, max_size=3)
    known = st.dictionaries(words, st.booleans() | numbers | texts | words | values | inner, max_size=3)
    return known | known | st.builds(dict.__or__, known, strange)


def written(value: Any) -> bytes:
    """JSON with all that Python lets through; numbers of any length."""
    return json.dumps(value, default=str).encode("utf-8", "surrogatepass")


class Complaints(logging.Handler):
    """Keeps what a server logs when it fails: errors, and whatever has a traceback."""

    NAMES = ("minimax_mock", "uvicorn.error", "asyncio")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.found.append(self.format(record))

    def __enter__(self) -> Self:
        for name in self.NAMES:
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.NAMES:
            logging.getLogger(name).removeHandler(self)
        assert self.found == []
