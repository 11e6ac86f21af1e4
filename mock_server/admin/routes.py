"""The admin API: journal, accounts, clock and reset, as JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from mock_server import __version__
from mock_server.admin.events import events
from mock_server.admin.facts import facts
from mock_server.admin.faults import faults, pausing, scenarios
from mock_server.admin.guard import Guard
from mock_server.admin.jobs import jobs
from mock_server.admin.journal import journal
from mock_server.admin.pages import pages
from mock_server.admin.queries import AdminError, json_object, number, parameters, scope_of
from mock_server.dispatch import Engine
from mock_server.faces.minimax.contract import document
from mock_server.faces.turn import Receive, Scope, Send
from mock_server.faults.scenario import ScenarioError
from mock_server.judge import as_dict as verdict_as_dict
from mock_server.judge import judge
from mock_server.settings import SettingError
from mock_server.strict import InvalidError


class AdminApi:
    """The application behind ``/_mock``. Calls are scoped to the account whose key they carry, or to all."""

    def __init__(self, engine: Engine) -> None:
        app = FastAPI(
            title="minimax-mock admin API",
            version=__version__,
            openapi_url="/_mock/openapi.json",
            docs_url=None,
            redoc_url=None,
        )
        for error in (AdminError, SettingError, InvalidError, ScenarioError):
            app.add_exception_handler(error, _explain)
        for status in (404, 405):
            app.add_exception_handler(status, _no_such_path)
        own = (pages(), _verdict(engine), _general(engine), _account(engine), _clock(engine))
        more = (journal, events, faults, pausing, scenarios, jobs, facts)
        for router in (*own, *(routes(engine) for routes in more)):
            app.include_router(router, prefix="/_mock")
        self._app = Guard(app, engine.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app(scope, receive, send)


async def _explain(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, status_code=getattr(error, "status", 400))


async def _no_such_path(request: Request, error: Exception) -> JSONResponse:
    text = f"{request.method} {request.url.path} is not part of the admin API; see /_mock/openapi.json"
    return JSONResponse({"error": text}, status_code=getattr(error, "status_code", 404))


def _general(engine: Engine) -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    async def health(request: Request) -> dict[str, str]:
        """Whether the emulator answers, and its version."""
        parameters(request)
        return {"status": "ok", "version": __version__}

    @router.post("/reset")
    async def reset(request: Request) -> dict[str, str]:
        """Put one account, or everything, back to how it started."""
        parameters(request, "account")
        engine.state.reset(scope_of(request, engine.state))
        return {"status": "ok"}

    @router.get("/contract/minimax.json")
    async def contract() -> JSONResponse:
        """The OpenAPI 3.1 document of the native face."""
        return JSONResponse(document())

    @router.get("/contract/openai.json")
    async def gateway_contract() -> JSONResponse:
        """The OpenAPI 3.1 document of the OpenAI-compatible face."""
        from mock_server.faces.openai.contract import document

        return JSONResponse(document())

    @router.get("/contract/fal.json")
    async def fal_contract() -> JSONResponse:
        """The OpenAPI document of the fal face."""
        from mock_server.faces.fal.contract import documents

        return JSONResponse(documents())

    return router


def _verdict(engine: Engine) -> APIRouter:
    router = APIRouter()

    @router.get("/verdict")
    def verdict(request: Request) -> dict[str, Any]:
        """What the client of one account, or of each, did wrong, as the journal shows it."""
        parameters(request, "account")
        account = scope_of(request, engine.state)
        return verdict_as_dict(judge(list(engine.state.exchanges(account.name if account else None))))

    return router


def _account(engine: Engine) -> APIRouter:
    router = APIRouter(prefix="/account")

    def view(request: Request, limit: int | None = None) -> dict[str, Any]:
        account = scope_of(request, engine.state)
        if account is not None:
            return engine.state.describe(account)
        found = engine.state.accounts()
        return {"accounts": [engine.state.describe(item) for item in (found[-limit:] if limit else found)]}

    @router.get("")
    async def account(request: Request) -> dict[str, Any]:
        """Balance, limits, profile and clock of one account, or of every account; limit (the latest so many)."""
        given = parameters(request, "account", "limit")
        return view(request, number("limit", given["limit"], low=1) if "limit" in given else None)

    @router.patch("")
    async def change(request: Request) -> dict[str, Any]:
        """Change settings of one account, or of every account, present and future."""
        parameters(request, "account")
        changes = await json_object(request)
        found = scope_of(request, engine.state)
        if found is None:
            engine.state.change_all(changes)
        else:
            engine.state.change(found, changes)
        return view(request)

    return router


def _clock(engine: Engine) -> APIRouter:
    router = APIRouter(prefix="/clock")

    def view(request: Request) -> dict[str, Any]:
        account = scope_of(request, engine.state)
        clock = account.clock if account else engine.clock
        return {"now": clock.now(), "offset": round(clock.offset, 6), "frozen": clock.frozen}

    @router.get("")
    async def clock(request: Request) -> dict[str, Any]:
        """The time of one account, or that on which all accounts run."""
        parameters(request, "account")
        return view(request)

    @router.post("")
    async def move(request: Request) -> dict[str, Any]:
        """``{"advance": seconds}``, ``{"freeze": true}``, ``{"freeze": false}``, or both fields at once."""
        parameters(request, "account")
        body = await json_object(request, "advance", "freeze")
        advance, freeze = body.get("advance"), body.get("freeze")
        if freeze is not None and not isinstance(freeze, bool):
            raise AdminError(f"freeze must be true or false, got {freeze!r}")
        if advance is not None and (isinstance(advance, bool) or not isinstance(advance, int | float)):
            raise AdminError(f"advance must be a number of seconds, got {advance!r}")
        if advance is None and freeze is None:
            raise AdminError('nothing to do: send {"advance": seconds} or {"freeze": true|false}')
        account = scope_of(request, engine.state)
        try:
            engine.state.move_clock(account.clock if account else engine.clock, advance=advance, freeze=freeze)
        except (ValueError, OverflowError) as error:
            raise AdminError(str(error)) from None
        return view(request)

    return router
