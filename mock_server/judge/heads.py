"""Reading the header lines that the journal keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mock_server.journal import Exchange

_LABEL = re.compile(rb".*\*[0-9a-f]{8}", re.DOTALL)
_SHOWN = re.compile(rb"<key (.+)>$", re.DOTALL)


def lines(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names in lower case, and values."""
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            yield name.lower(), value.strip()


def header(head: bytes, name: bytes) -> bytes | None:
    """The first value of the header `name`, given in lower case."""
    return next((value for found, value in lines(head) if found == name), None)


def key_marks(exchange: Exchange) -> frozenset[bytes]:
    """What stands in the journal in place of the key of this call, wherever the client sent it.

    Labels of keys end with ``*`` and eight digits of a hash; an account that was named in a path has its name there,
    which is no secret.
    """
    labels = [exchange.account.encode()]
    shown = _SHOWN.search(header(exchange.request_head, b"authorization") or b"")
    if shown:
        labels.append(shown[1])
    return frozenset(b"<key %b>" % label for label in labels if _LABEL.fullmatch(label))
