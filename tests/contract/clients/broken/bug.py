"""What is said of a broken client, above its class."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from tests.contract.clients.httpx_client import Client

Kind = TypeVar("Kind", bound=type[Client])
OBSERVED = "published clients, run against live-shaped answers in November 2026"


class Bug(NamedTuple):
    """See `bug`."""

    sentence: str
    caught_by: tuple[str, ...]
    seen_in: str
    level: str


def bug(sentence: str, *caught_by: str, seen_in: str = "", level: str = "MUST") -> Callable[[Kind], Kind]:
    """Say what is wrong with a client, which checks must each find it, and where somebody made the mistake.

    With `level` SHOULD the behaviour may be meant so: a correct client that does less may have it too.
    """

    def marked(kind: Kind) -> Kind:
        kind.bug = Bug(sentence, caught_by, seen_in, level)
        return kind

    return marked
