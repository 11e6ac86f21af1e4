"""A scenario made of an exchange: whoever sends such a request then gets such an answer."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from mock_server.core.profile import Profile
from mock_server.core.reasons import REASONS
from mock_server.dispatch import Engine
from mock_server.faults.kinds import KINDS
from mock_server.faults.library import in_prompt
from mock_server.faults.scenario import ScenarioError, read_scenario
from mock_server.journal import Exchange, pictures
from mock_server.settings import PER_ACCOUNT, Settings

SLOW_SECONDS = 1.0
"""An answer that took longer was held back on purpose."""
_COUNTED = ("id", "matched", "fired", "left")
_CODES = frozenset(reason.code for reason in REASONS.values())


def scenario_of(engine: Engine, exchange: Exchange) -> dict[str, Any]:
    """A scenario that can be loaded as it is.

    It has the rules that disturbed the exchange, where they still are; else rules for what the answer was; for an
    exchange that went well, the settings of its account.
    """
    rules = _rules_at_work(engine, exchange) or _rules_for(exchange)
    what = f"{exchange.face} {exchange.endpoint}".strip() or "a request"
    content: dict[str, Any] = {
        "name": f"exchange-{exchange.id}",
        "title": f"{what} as in exchange {exchange.id}",
        "reproduces": _outcome(exchange),
    }
    effect = {"rules": rules} if rules else {"account": _settings(engine, exchange)}
    return read_scenario(content | effect).content()


def _outcome(exchange: Exchange) -> str:
    said = f"HTTP {exchange.status}" if exchange.status else "No answer"
    if exchange.code is not None:
        said += f", status code {exchange.code}"
    if exchange.faults:
        said += ", disturbed by " + ", ".join(fault.label for fault in exchange.faults)
    return f"{said}."


def _rules_at_work(engine: Engine, exchange: Exchange) -> list[dict[str, Any]]:
    """The rules whose faults are in the exchange, without what came of them; those that are gone are left out."""
    account = engine.state.known(exchange.owner) if exchange.owner else None
    kept = {rule["id"]: rule for rule in engine.state.rules(account)} if account else {}
    found = [kept[fault.rule] for fault in exchange.faults if fault.rule in kept]
    rules = [{name: value for name, value in rule.items() if name not in _COUNTED} for rule in found]
    asked = in_prompt(exchange.prompt or "")
    if asked and any(fault.rule == "prompt" for fault in exchange.faults):
        with suppress(ScenarioError):  # a file of the user's own may be gone
            rules += engine.library.get(asked).content().get("rules", [])
    return rules


def _rules_for(exchange: Exchange) -> list[dict[str, Any]]:
    """Rules that give such an answer to such a request; none for one that went well."""
    faults = [{"kind": item.kind} for item in exchange.faults if _needs_nothing(item.kind)]
    answer = None if faults else _as_fault(exchange)
    if exchange.duration > SLOW_SECONDS:
        faults.insert(0, {"kind": "delay", "seconds": round(exchange.duration, 2)})  # type: ignore[dict-item]
    faults += [answer] if answer else []
    when = _conditions(exchange)
    return [
        {"when": when, "fault": fault} if when else {"fault": fault}
        for fault in faults
        if not exchange.endpoint or exchange.endpoint in KINDS[fault["kind"]].endpoints
    ]


def _needs_nothing(kind: str) -> bool:
    """Whether a kind of fault can be had without parameters, which the journal does not keep."""
    try:
        KINDS[kind]()
    except (TypeError, ValueError):
        return False
    return True


def _conditions(exchange: Exchange) -> dict[str, Any]:
    """What tells the request from others. In a pattern a bracket would begin a set of characters."""
    said = {"face": exchange.face, "endpoint": exchange.endpoint, "model": exchange.model, "n": exchange.n}
    when: dict[str, Any] = {name: value for name, value in said.items() if value}
    if exchange.prompt:
        when["prompt"] = exchange.prompt.replace("[", "?")
    return when


def _as_fault(exchange: Exchange) -> dict[str, Any] | None:
    """What the answer would be if it were a fault; None for an answer that is as it should be."""
    made, asked = len(pictures(exchange)), exchange.n or 0
    if exchange.code == 0 and made < asked:
        return {"kind": "partial", "failed": asked - made} if made else {"kind": "all_blocked"}
    if exchange.code in _CODES and (exchange.face == "minimax" or exchange.reason != "invalid_params"):
        return {"kind": "status_code", "code": exchange.code} | _message(exchange)
    if exchange.status == 0:
        return {"kind": "hang_up"}
    return _foreign(exchange) if exchange.status >= 400 else None


def _message(exchange: Exchange) -> dict[str, str]:
    """The words of the native face; the others make theirs from the code."""
    try:
        said = msgspec.json.decode(exchange.response_body)["base_resp"]["status_msg"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return {}
    return {"message": said} if isinstance(said, str) and 0 < len(said) <= 2000 else {}


def _foreign(exchange: Exchange) -> dict[str, Any]:
    """An answer of any kind, with the body that was sent."""
    lines = exchange.response_head.decode("latin-1").split("\r\n")
    head = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    fault = {
        "kind": "http_status",
        "status": exchange.status,
        "body": exchange.response_body.decode("utf-8", "replace"),
    }
    return fault | ({"content_type": head["content-type"]} if head.get("content-type") else {})


def _settings(engine: Engine, exchange: Exchange) -> dict[str, Any]:
    """The account's seed, and what else is set otherwise than by default."""
    account = (engine.state.known(exchange.owner) if exchange.owner else None) or engine.nobody
    usual, settings, profile = Settings(), account.settings, Profile()
    changed = {name: getattr(settings, name) for name in PER_ACCOUNT if getattr(settings, name) != getattr(usual, name)}
    changed.pop("profile", None)
    switches = {
        field: getattr(account.profile, field)
        for field in profile.__struct_fields__
        if getattr(account.profile, field) != getattr(profile, field)
    }
    return {"seed": settings.seed} | changed | ({"profile": switches} if switches else {})
