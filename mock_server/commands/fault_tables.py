"""Fault rules and kinds of faults as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from mock_server.commands.output import compact, facts, show, table
from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.kinds import KINDS, about
from mock_server.faults.parameters import parameter_rows
from mock_server.faults.stages import STAGES

Rule = Mapping[str, Any]
_SEQUENCE = ("nth", "every", "between")
_EXAMPLES = {
    "delay": "min=1 max=3",
    "http_status": "status=502 --probability 0.2",
    "status_code": "code=1002 --times 2",
    "download_error": "status=404 --times 1",
    "drop_field": "path=metadata",
    "extra_field": "path=data.trace value=1",
    "set_field": "path=base_resp.status_msg value=ok",
    "slow_body": "bytes_per_second=2000 --when endpoint=download",
    "slow_headers": "bytes_per_second=20",
}


def show_rules(content: Mapping[str, Any], whom: str, screen: Console | None = None) -> None:
    """The rules that ``GET /_mock/faults`` gives: of one account, or of all and of each."""
    each = content.get("accounts")
    rows = [("all", rule) for rule in content["faults"]] if each is not None else [("", r) for r in content["faults"]]
    rows += [(group["account"], rule) for group in each or () for rule in group["faults"]]
    resting = [item["account"] for item in each or () if item["paused"] and not content["paused"]]
    if content["paused"] or resting:
        click.echo(f"paused for {', '.join(resting) or whom}: no rule fires; `minimax-mock faults resume`")
    if not rows:
        click.echo(f"no fault rules for {whom}; add one: minimax-mock faults add status_code code=1002 --times 2")
        return
    columns = ("!account", "!id", "when", "fault", "sequence", ">matched", ">fired", ">left")
    lines = [(account, *_row(rule)) for account, rule in rows]
    table(columns if each is not None else columns[1:], [line if each is not None else line[1:] for line in lines],
          screen=screen)  # fmt: skip


def _row(rule: Rule) -> tuple[str, ...]:
    fault = dict(rule["fault"])
    words = [fault.pop("kind"), *(f"{name}={compact(value)}" for name, value in fault.items())]
    name = f" ({rule['name']})" if "name" in rule else ""
    counted = (str(rule.get("matched", "")), str(rule.get("fired", "")), _left(rule))
    return rule["id"], _when(rule), " ".join(words) + name, _sequence(rule), *counted


def _when(rule: Rule) -> str:
    conditions = [f"{name}={compact(value)}" for name, value in rule.get("when", {}).items() if name not in _SEQUENCE]
    return " ".join(conditions) or "any call"


def _sequence(rule: Rule) -> str:
    when = rule.get("when", {})
    parts = []
    if "after" in rule:
        parts.append(f"after {rule['after']}")
    if "nth" in when:
        parts.append(f"call {', '.join(map(str, when['nth']))}")
    if "every" in when:
        parts.append(f"every {when['every']} calls")
    if "between" in when:
        low, high = when["between"]
        parts.append(f"from {low:g} s to {high:g} s")
    if "times" in rule:
        parts.append(f"{rule['times']} time{'' if rule['times'] == 1 else 's'}")
    if "probability" in rule:
        parts.append(f"chance {rule['probability']:g}")
    return ", ".join(parts) or "always"


def _left(rule: Rule) -> str:
    if "left" not in rule:
        return ""
    return "no end" if rule["left"] is None else str(rule["left"])


def show_kinds(screen: Console | None = None) -> None:
    """Every kind, by stage."""
    for stage, text in STAGES.items():
        rows = [(name, " ".join(_parameters(name)), about(kind)) for name, kind in KINDS.items() if kind.stage == stage]
        table(("!kind", "parameters", "what happens"), rows, title=f"{stage.capitalize()}: {text}", screen=screen)
        show("", screen=screen)
    show(Text("Parameters in brackets may be left out. `minimax-mock faults kinds KIND` explains one."), screen=screen)


def show_kind(name: str, screen: Console | None = None) -> None:
    """All about one kind."""
    kind = KINDS[name]
    usual = getattr(kind, "usual_endpoints", kind.endpoints)
    where = "any call" if usual == ENDPOINTS else ", ".join(usual)
    others = [name for name in kind.endpoints if name not in usual]
    if others:
        where += f"; where a rule names it also {', '.join(others)}"
    rows: list[tuple[str, str]] = [("kind", name), ("stage", f"{kind.stage}: {STAGES[kind.stage]}"), ("acts on", where)]
    facts([*rows, ("what happens", about(kind)), ("example", example(name))], screen=screen)
    parameters = parameter_rows(kind)
    if parameters:
        show("", screen=screen)
        table(("!parameter", "value", "default", "meaning"), parameters, screen=screen)


def _parameters(name: str) -> Sequence[str]:
    return [row[0] if row[2] == "required" else f"[{row[0]}]" for row in parameter_rows(KINDS[name])]


def example(name: str) -> str:
    """A command that adds a rule of this kind."""
    needed = " ".join(f"{row[0]}=..." for row in parameter_rows(KINDS[name]) if row[2] == "required")
    return f"minimax-mock faults add {name} {_EXAMPLES.get(name, needed)}".rstrip()


def declared(name: str) -> dict[str, Any]:
    """A kind for programs."""
    kind = KINDS[name]
    parameters = [dict(zip(("name", "value", "default", "meaning"), row, strict=True)) for row in parameter_rows(kind)]
    return {
        "kind": name,
        "stage": kind.stage,
        "endpoints": list(kind.endpoints),
        "about": about(kind),
        "parameters": parameters,
        "example": example(name),
    }
