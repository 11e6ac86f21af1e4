"""Scenarios as people read them."""

from __future__ import annotations

from collections.abc import Sequence

import yaml
from rich.console import Console
from rich.text import Text

from mock_server.commands.output import console, facts, plain, show, table
from mock_server.faults.scenario import Scenario

FORMS = (
    ("as a key", "Authorization: Bearer sk-api-mock-NAME", "for the account of this key"),
    ("", "Authorization: Bearer sk-api-mock-1002x2--alice", "1002 for two calls; what is behind -- tells keys apart"),
    ("in a prompt", "a cat [[mock:NAME]]", "for this request alone"),
)


def show_scenarios(scenarios: Sequence[Scenario], screen: Console | None = None) -> None:
    """All of them: those named by a status code, then the others; then how they are asked for."""
    screen = screen or console()
    codes = [scenario for scenario in scenarios if scenario.name.isdecimal()]
    others = [scenario for scenario in scenarios if not scenario.name.isdecimal()]
    for title, group in (("Status codes", codes), ("Scenarios", others)):
        rows = [(Text(item.name, style="cyan"), item.title) for item in group]
        table(("!name", "what goes wrong"), rows, title=title, screen=screen)
        show("", screen=screen)
    table(("!how", "!what to send", "effect"), FORMS, title="Without touching the server", screen=screen)
    show("", Text("`minimax-mock scenarios show NAME` explains one."), screen=screen)


def show_scenario(scenario: Scenario, example: Sequence[str], screen: Console | None = None) -> None:
    """One of them, with a line that shows it."""
    rows = (
        ("scenario", scenario.name),
        ("title", scenario.title),
        ("reproduces", scenario.reproduces),
        ("source", scenario.source),
        ("good client", scenario.good_client),
    )
    facts([(name, " ".join(text.split())) for name, text in rows if text], screen=screen)
    show("", Text(what_it_does(scenario), style="cyan"), screen=screen)
    show("", Text("See it, with `minimax-mock serve` running:", style="bold"), screen=screen)
    for line in example:
        show(Text(plain(line)), screen=screen)


def what_it_does(scenario: Scenario) -> str:
    """Its account settings and rules as YAML, which is a scenario file of its own."""
    content = scenario.content()
    said = {name: content[name] for name in ("account", "rules") if name in content}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=1000, default_flow_style=None).rstrip()
