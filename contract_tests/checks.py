"""Checks: what each demands of a client, and how serious that is. They are the test functions of this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from msgspec import Struct

Level = Literal["MUST", "SHOULD"]
Need = Literal["injection", "images", "describes", "sockets", "timeout", "twin"]
F = TypeVar("F", bound=Callable[..., Any])


class Check(Struct, frozen=True):
    """One named property of a client.

    ``needs`` are what target and client must be able to do, and ``fields`` what the client must be able to send, for
    the check to say anything; otherwise it is skipped with that reason. ``claims`` name the behaviour of the live
    service that it rests on. ``cost`` is how many images it buys where images cost money.
    """

    id: str
    level: Level
    sentence: str
    claims: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    fields: tuple[str, ...] = ()
    cost: int = 0


def check(
    name: str, *, level: Level = "MUST", claims: tuple[str, ...] = (), needs: tuple[Need, ...] = (),
    fields: tuple[str, ...] = (), cost: int = 0,
) -> Callable[[F], F]:  # fmt: skip
    """Make a test function the check ``property.name``; its docstring's first line is what it demands."""

    def declare(function: F) -> F:
        sentence = (function.__doc__ or "").strip().splitlines()[0]
        function.check = Check(name, level, sentence, claims, needs, fields, cost)  # type: ignore[attr-defined]
        return function

    return declare


def check_of(function: Any) -> Check | None:
    """The check that a test function is, if it is one."""
    found = getattr(function, "check", None)
    return found if isinstance(found, Check) else None
