"""Fault rules and scenarios over the admin API."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from mock_server.admin.queries import AdminError, json_content, json_object, parameters, scope_of
from mock_server.dispatch import Engine
from mock_server.faults.rule import read_rule
from mock_server.faults.scenario import ScenarioError, read_scenario
from mock_server.faults.schema import rule_schema, scenario_schema


def faults(engine: Engine) -> APIRouter:
    """``/_mock/faults``."""
    router = APIRouter(prefix="/faults")
    state = engine.state

    @router.get("")
    async def rules(request: Request) -> dict[str, Any]:
        """The rules of one account, with how often each matched and fired; without an account, those of all."""
        parameters(request, "account")
        account = scope_of(request, state)
        if account is not None:
            return {"faults": state.rules(account), "paused": state.pause_rules(account)}
        each = [
            {"account": item.label, "faults": state.rules(item), "paused": item.paused}
            for item in state.accounts()
            if item.rules or item.paused
        ]
        return {"faults": state.rules(None), "paused": state.pause_rules(None), "accounts": each}

    @router.post("")
    async def add(request: Request) -> dict[str, str]:
        """Add one rule behind those there are, to one account or to all, present and future."""
        parameters(request, "account")
        rule = read_rule(await json_object(request))
        return {"id": state.add_rules(scope_of(request, state), [rule])[0]}

    @router.put("")
    async def replace(request: Request) -> dict[str, list[str]]:
        """Replace all rules by a list of them, or by ``{"faults": [...]}``."""
        parameters(request, "account")
        content = await json_content(request)
        if isinstance(content, dict) and set(content) == {"faults"}:
            content = content["faults"]
        if not isinstance(content, list):
            raise AdminError('the body must be a list of rules, or {"faults": [...]}')
        given = [read_rule(item, (index,)) for index, item in enumerate(content)]
        return {"ids": state.set_rules(scope_of(request, state), given)}

    @router.delete("")
    async def clear(request: Request) -> dict[str, str]:
        """Take out every rule."""
        parameters(request, "account")
        state.set_rules(scope_of(request, state), [])
        return {"status": "ok"}

    @router.delete("/{number}")
    async def remove(number: str, request: Request) -> dict[str, str]:
        """Take out one rule."""
        parameters(request, "account")
        if not state.remove_rule(scope_of(request, state), number):
            raise AdminError(f"no fault rule {number!r}; GET /_mock/faults lists them", status=404)
        return {"status": "ok"}

    return router


def pausing(engine: Engine) -> APIRouter:
    """``/_mock/faults/pause``."""
    router = APIRouter()

    @router.post("/faults/pause")
    async def pause(request: Request) -> dict[str, bool]:
        """``{"paused": true}``: the rules rest, none fires or counts; ``{"paused": false}``: they work again."""
        parameters(request, "account")
        paused = (await json_object(request, "paused")).get("paused")
        if not isinstance(paused, bool):
            raise AdminError(f"paused must be true or false, got {paused!r}")
        return {"paused": engine.state.pause_rules(scope_of(request, engine.state), paused)}

    return router


def scenarios(engine: Engine) -> APIRouter:
    """``/_mock/scenario`` and the schemas."""
    router = APIRouter()

    @router.get("/scenario")
    async def available(request: Request) -> dict[str, Any]:
        """Every scenario that can be named, and what is wrong with files of one's own."""
        parameters(request)
        found, errors = [], []
        for name in engine.library.names():
            try:
                found.append(engine.library.get(name).content())
            except ScenarioError as error:
                errors.append(str(error))
        return {"scenarios": found, "errors": errors}

    @router.post("/scenario")
    async def load(request: Request) -> dict[str, Any]:
        """``{"name": NAME}``, or a whole scenario: its rules go before those there are."""
        parameters(request, "account")
        content = await json_object(request)
        named = set(content) == {"name"} and isinstance(content["name"], str)
        scenario = engine.library.get(content["name"]) if named else read_scenario(content)
        ids = engine.state.load(scope_of(request, engine.state), scenario)
        return {"scenario": scenario.name, "ids": ids}

    @router.get("/schema/faults")
    async def schema_of_rules(request: Request) -> dict[str, Any]:
        """JSON Schema of one rule."""
        parameters(request)
        return rule_schema()

    @router.get("/schema/scenario")
    async def schema_of_scenarios(request: Request) -> dict[str, Any]:
        """JSON Schema of a scenario."""
        parameters(request)
        return scenario_schema()

    return router
