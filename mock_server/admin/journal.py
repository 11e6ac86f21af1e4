"""The journal in the admin API: exchanges, their pictures, and scenarios made of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mock_server.admin.capture import scenario_of
from mock_server.admin.pictures import shown_picture
from mock_server.admin.queries import AdminError, parameters, scope_of, select, viewer
from mock_server.dispatch import Engine
from mock_server.journal import Exchange, as_dict


def journal(engine: Engine) -> APIRouter:
    """The routes under ``/_mock/journal``."""
    router = APIRouter(prefix="/journal")

    def found(number: str, request: Request) -> Exchange:
        account = scope_of(request, engine.state)
        exchange = engine.state.exchange(int(number)) if number.isdecimal() and len(number) < 19 else None
        if exchange is None or (account is not None and exchange.owner != account.name):
            msg = f"no exchange {number!r} in the journal (it may have made room for newer ones)"
            raise AdminError(msg, status=404)
        return exchange

    @router.get("")
    def kept(request: Request) -> dict[str, Any]:
        """Exchanges, oldest first. Filters: what rules can match, since (an id), limit (the latest so many); view."""
        shown = viewer(request, engine.digest_of)
        account = scope_of(request, engine.state)
        exchanges = engine.state.exchanges(account.name if account else None)
        return {"exchanges": [shown(exchange) for exchange in select(request, exchanges)]}

    @router.delete("")
    async def clear(request: Request) -> dict[str, str]:
        """Forget the exchanges of one account, or all."""
        parameters(request, "account")
        account = scope_of(request, engine.state)
        engine.state.clear_journal(account.name if account else None)
        return {"status": "ok"}

    @router.get("/{number}")
    def exchange(number: str, request: Request) -> dict[str, Any]:
        """One exchange."""
        parameters(request, "account")
        return as_dict(found(number, request), engine.digest_of)

    @router.get("/{number}/scenario")
    def scenario(number: str, request: Request) -> dict[str, Any]:
        """A scenario in which such a request gets such an answer."""
        parameters(request, "account")
        return scenario_of(engine, found(number, request))

    @router.get("/{number}/images/{index}", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
    def image(number: str, index: str, request: Request) -> Response:
        """What an image of an exchange shows, as JPEG: whole, or size=small. The journal does not note it."""
        size = parameters(request, "account", "size").get("size", "full")
        return shown_picture(engine, found(number, request), index, size, request.headers.get("if-none-match"))

    return router
