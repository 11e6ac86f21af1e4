"""What a call to the admin API asks for: its account, its filters, its body. What it asks wrongly is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from fastapi import Request

from mock_server.account import Account
from mock_server.core.matching import FIELDS, Matcher, from_text
from mock_server.core.types import Picture
from mock_server.journal import Exchange, as_dict, summary
from mock_server.nearest import nearest
from mock_server.state import State


class AdminError(ValueError):
    """A wrong call; the message says what was sent and what is valid."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def parameters(request: Request, *valid: str) -> dict[str, str]:
    """The query parameters of a call. Raises `AdminError` for one that is not in `valid`."""
    given = dict(request.query_params)
    for name in given:
        if name not in valid:
            raise AdminError(f"unknown query parameter {name!r}; {nearest(name, valid) if valid else 'it takes none'}")
    return given


def scope_of(request: Request, state: State) -> Account | None:
    """The account that a call is about: ``?account=NAME``, else the one whose key it carries, else None for all."""
    name = request.query_params.get("account")
    if name is not None:
        if not name:
            raise AdminError("account must not be empty")
        return state.known(name) or state.account(name, named=True)
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() not in {"bearer", "key"} or not token.strip():
        raise AdminError("the Authorization header must be `Bearer <key>` or `Key <key>`")
    return state.account(token.strip())


async def json_content(request: Request) -> Any:
    """What the JSON body says. Raises `AdminError` for anything else."""
    body = await request.body()
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AdminError(f"the body is not JSON: {error}") from None


async def json_object(request: Request, *valid: str) -> dict[str, Any]:
    """The JSON object in the body. Raises `AdminError` for anything else, and for a field that is not in `valid`."""
    content = await json_content(request)
    if not isinstance(content, dict):
        raise AdminError(f"the body must be a JSON object, got {type(content).__name__}")
    for name in content if valid else ():
        if name not in valid:
            raise AdminError(f"unknown field {name!r}; {nearest(name, valid)}")
    return content


def select(request: Request, exchanges: Iterator[Exchange]) -> list[Exchange]:
    """The exchanges that a call's filters let through."""
    given = parameters(request, "account", *FIELDS, "since", "limit", "view")
    wanted = matching(given)
    since = number("since", given["since"]) if "since" in given else 0
    found = [item for item in exchanges if item.id > since and wanted.matches(item)]
    return found[-number("limit", given["limit"], low=1) :] if "limit" in given else found


VIEWS = ("full", "summary", "ids")
Viewer = Callable[[Exchange], Any]


def viewer(request: Request, digest_of: Callable[[Picture], str], views: Sequence[str] = VIEWS) -> Viewer:
    """How a call wants exchanges to be shown: whole, without heads and bodies, or by their ids. Raises `AdminError`."""
    view = request.query_params.get("view", "full")
    if view not in views:
        raise AdminError(f"view cannot be {view!r}; {nearest(view, views)}")
    if view == "ids":
        return lambda exchange: str(exchange.id)
    return summary if view == "summary" else lambda exchange: as_dict(exchange, digest_of)


def matching(given: dict[str, str]) -> Matcher:
    """What the filters among `given` want of an exchange. Raises `InvalidError`."""
    return from_text({name: text for name, text in given.items() if name in FIELDS})


def number(name: str, text: str, low: int = 0) -> int:
    """The whole number in a query parameter or header. Raises `AdminError`."""
    if not text.isdecimal() or len(text) > 18 or int(text) < low:
        raise AdminError(f"{name} must be a whole number, {low} or more, got {text!r}")
    return int(text)
