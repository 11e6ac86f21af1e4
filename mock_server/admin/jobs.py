"""Queued jobs in the admin API: how far they are, and moving them on by hand."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter, Request

from mock_server.account import Account
from mock_server.admin.queries import AdminError, json_object, parameters, scope_of
from mock_server.dispatch import Engine
from mock_server.jobs import Job, Status, as_dict
from mock_server.nearest import nearest

_STATUSES = get_args(Status)


def jobs(engine: Engine) -> APIRouter:
    """The routes under ``/_mock/jobs``."""
    router = APIRouter(prefix="/jobs")

    def shown(job: Job) -> dict[str, Any]:
        return as_dict(job, engine.state.account(job.owner).clock.now())

    @router.get("")
    def listed(request: Request) -> dict[str, Any]:
        """The queued jobs of one account, or of all, oldest first."""
        parameters(request, "account")
        return {"jobs": [shown(job) for job in _of(engine, scope_of(request, engine.state))]}

    @router.post("/advance")
    async def advance_all(request: Request) -> dict[str, Any]:
        """Move every job on by one status, or to the status ``to``."""
        parameters(request, "account")
        account, to = scope_of(request, engine.state), await _wanted(request)
        found = _of(engine, account)
        for job in found:
            engine.state.jobs.advance(job, engine.state.account(job.owner).clock.now(), to)
        return {"jobs": [shown(job) for job in found]}

    @router.post("/{number}/advance")
    async def advance(number: str, request: Request) -> dict[str, Any]:
        """Move one job on by one status, or to the status ``to``."""
        parameters(request, "account")
        account, to = scope_of(request, engine.state), await _wanted(request)
        job = next((job for job in _of(engine, account) if job.id == number), None)
        if job is None:
            raise AdminError(f"no job {number!r}; GET /_mock/jobs lists them", status=404)
        engine.state.jobs.advance(job, engine.state.account(job.owner).clock.now(), to)
        return shown(job)

    return router


def _of(engine: Engine, account: Account | None) -> list[Job]:
    return engine.state.jobs.of(account.name if account else None)


async def _wanted(request: Request) -> Status | None:
    """The status that the body asks for, if any."""
    if not await request.body():
        return None
    to = (await json_object(request, "to")).get("to")
    if to is not None and to not in _STATUSES[1:]:
        raise AdminError(f"to cannot be {to!r}; {nearest(str(to), _STATUSES[1:])}")
    found: Status | None = to
    return found
