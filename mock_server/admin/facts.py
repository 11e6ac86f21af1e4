"""What forms need to know: settings of an account, profiles with their questions, accounts, the use of limits."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from fastapi import APIRouter, Request

from mock_server.admin.queries import AdminError, parameters, scope_of
from mock_server.core.profile import PROFILES, SWITCHES, differences
from mock_server.dispatch import Engine
from mock_server.settings import ABOUT, FIELDS, PER_ACCOUNT, TYPES

_KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}


def facts(engine: Engine) -> APIRouter:
    """``/_mock/accounts``, ``/_mock/account/usage``, ``/_mock/profiles`` and ``/_mock/schema/account``."""
    router = APIRouter()

    @router.get("/accounts")
    async def accounts(request: Request) -> dict[str, list[str]]:
        """The labels of all accounts, oldest first."""
        parameters(request)
        return {"accounts": [item.label for item in engine.state.accounts()]}

    @router.get("/account/usage")
    async def usage(request: Request) -> dict[str, Any]:
        """What was counted against the limits of one account, and when."""
        parameters(request, "account")
        account = scope_of(request, engine.state)
        if account is None:
            raise AdminError("say whose: ?account=NAME, or the account's key in the Authorization header")
        return engine.state.describe(account, usage=True)

    @router.get("/profiles")
    async def profiles(request: Request) -> dict[str, Any]:
        """Every profile, and every switch: its question, its answers (default first), and the claim it stands for."""
        from mock_server.claims import evidence, of_switches

        parameters(request)
        known = of_switches()
        named = [{"name": name, "differences": differences(profile)} for name, profile in PROFILES.items()]
        return {"profiles": named, "switches": [
            {"field": item.field, "answers": item.answers, "question": item.question, "says": known[item.field].says}
            | evidence(known[item.field]) for item in SWITCHES
        ]}  # fmt: skip

    @router.get("/schema/account")
    async def schema_of_settings(request: Request) -> dict[str, Any]:
        """JSON Schema of what ``PATCH /_mock/account`` takes."""
        parameters(request)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Settings of an account",
            "type": "object",
            "properties": {name: _property(name) for name in PER_ACCOUNT},
            "additionalProperties": False,
        }

    return router


def _property(name: str) -> dict[str, Any]:
    kind, about = TYPES[name], ABOUT[name]
    schema: dict[str, Any] = {"description": about.help, "default": FIELDS[name].default}
    if name == "profile":
        answers = {item.field: {"enum": list(item.answers)} for item in SWITCHES}
        return schema | {"anyOf": [{"enum": list(PROFILES)}, {"type": "object", "properties": answers}]}
    if get_origin(kind) is Literal:
        return schema | {"enum": list(get_args(kind))}
    kinds = [item for item in get_args(kind) or (kind,) if item is not type(None)]
    schema["type"] = [_KINDS[kinds[0]], "null"] if len(get_args(kind)) > 1 else _KINDS[kinds[0]]
    return schema | {
        word: value for word, value in (("minimum", about.low), ("maximum", about.high)) if value is not None
    }
