"""``minimax-mock faults``."""

from __future__ import annotations

import sys
from typing import Any

import click

from mock_server.commands.connection import connect, json_option, server_options, wants_json
from mock_server.commands.group import CommandGroup

MORE = "more: `minimax-mock faults kinds`"


@click.group(cls=CommandGroup, invoke_without_command=True)
@server_options
@click.pass_context
def faults(ctx: click.Context) -> None:
    """Make something go wrong: fault rules.

    Lists those at work; the commands below add and remove them.

    \b
    minimax-mock faults                                                  # what is at work, and how often it fired
    minimax-mock faults kinds                                            # what can go wrong
    minimax-mock faults add status_code code=1002 --times 2 --key my-key # fail twice, then succeed
    minimax-mock faults remove 3
    minimax-mock faults pause                                            # and resume
    minimax-mock faults clear --key my-key

    Without --key or --account a rule is for all accounts, present and future.
    """
    if ctx.invoked_subcommand is not None:
        return
    from mock_server.commands.fault_tables import show_rules
    from mock_server.commands.output import print_json

    server = connect()
    answer = server.call("GET", "faults")
    if server.as_json:
        print_json(answer.raw)
    else:
        show_rules(answer.content, server.whom)


@faults.command()
@click.argument("kind", required=False)
@click.argument("parameters", nargs=-1, metavar="[PARAM=VALUE]...")
@click.option(
    "--when",
    "conditions",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Which calls: face, endpoint, model, prompt (a pattern), n, nth, every, between. Repeatable.",
)
@click.option("--times", metavar="N", help="For how many calls at most.")
@click.option("--after", metavar="N", help="How many matching calls pass first.")
@click.option("--probability", metavar="P", help="Chance to fire, more than 0 and at most 1.")
@click.option("--name", metavar="TEXT", help="What the journal calls it. Default: the kind.")
@click.option("--rule", metavar="RULE", help="The whole rule as JSON or YAML, instead of all that; - reads stdin.")
@server_options
def add(kind: str | None, parameters: tuple[str, ...], conditions: tuple[str, ...], rule: str | None,
        **sequence: str | None) -> None:  # fmt: skip
    """Add a rule: a KIND of fault with its parameters, and for which calls.

    \b
    minimax-mock faults add status_code code=1002 --times 2
    minimax-mock faults add http_status status=502 --when every=3
    minimax-mock faults add partial failed=1 --when n=3 --when 'prompt=*cat*'
    minimax-mock faults add delay seconds=20 ramp=600 --when endpoint=generate
    minimax-mock faults add http_status status=503 'headers={"Retry-After":"5"}' --when between=10,40
    minimax-mock faults add expired_url --when nth=1,3 --name 'stale links'
    minimax-mock faults add --rule '{"fault": {"kind": "hang_up"}, "probability": 0.1}'

    Values are JSON or text. `minimax-mock faults kinds KIND` explains a kind; rules that were there before take
    precedence. Prints the rule's id.
    """
    from mock_server.commands.output import print_json

    given = {name: value for name, value in sequence.items() if value is not None}
    if rule is not None:
        if kind is not None or conditions or given:
            raise click.UsageError("--rule is the whole rule: give nothing else with it")
        body = _whole(rule)
    elif kind is None:
        raise click.UsageError(f"say what shall go wrong: `minimax-mock faults add KIND`; {MORE}")
    else:
        body = _rule(kind, parameters, conditions, given)
    server = connect()
    answer = server.call("POST", "faults", body=body)
    if server.as_json:
        print_json(answer.raw)
    else:
        click.echo(f"rule {answer.content['id']} for {server.whom}")


def _rule(kind: str, parameters: tuple[str, ...], conditions: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    from msgspec import structs

    from mock_server.commands.values import pairs, typed
    from mock_server.core.matching import FIELDS
    from mock_server.faults.kinds import KINDS
    from mock_server.faults.rule import SEQUENCE_FIELDS, Rule

    declared = {item.name: item.type for item in structs.fields(KINDS[kind])} if kind in KINDS else {}  # type: ignore[arg-type]
    fields = {name: int if row.number else str for name, row in FIELDS.items()}
    when = typed(pairs(conditions, "--when"), fields | {name: kind for name, (kind, _) in SEQUENCE_FIELDS.items()})
    body: dict[str, Any] = {"when": when} if when else {}
    body["fault"] = {"kind": kind} | typed(pairs(parameters, "a parameter"), declared)
    return body | typed(given, {item.name: item.type for item in structs.fields(Rule)})


def _whole(rule: str) -> Any:
    import yaml

    text = sys.stdin.read() if rule == "-" else rule
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise click.UsageError(f"--rule is neither JSON nor YAML: {error}") from None
    if not isinstance(found, dict):
        raise click.UsageError(f"--rule must be an object, got {text!r}; a list is for `scenarios use`")
    return found


@faults.command()
@click.argument("number", metavar="ID")
@server_options
def remove(number: str) -> None:
    """Take out the rule with that id.

    \b
    minimax-mock faults remove 3
    """
    from urllib.parse import quote

    _delete(f"faults/{quote(number, safe='')}", f"removed rule {number}")


@faults.command()
@server_options
def clear() -> None:
    """Take out every rule of one account, or of all.

    \b
    minimax-mock faults clear --key my-key
    """
    _delete("faults", "removed every rule")


@faults.command()
@server_options
def pause() -> None:
    """Let the rules rest: none fires and none counts until `faults resume`.

    \b
    minimax-mock faults pause
    minimax-mock faults pause --key my-key
    """
    _pause(paused=True)


@faults.command()
@server_options
def resume() -> None:
    """Let rules that rest work again, where they were.

    \b
    minimax-mock faults resume
    """
    _pause(paused=False)


def _pause(*, paused: bool) -> None:
    from mock_server.commands.output import print_json

    server = connect()
    answer = server.call("POST", "faults/pause", body={"paused": paused})
    if server.as_json:
        print_json(answer.raw)
    else:
        click.echo(f"the rules of {server.whom} {'rest' if paused else 'work'}")


def _delete(path: str, done: str) -> None:
    from mock_server.commands.output import print_json

    server = connect()
    answer = server.call("DELETE", path)
    if server.as_json:
        print_json(answer.raw)
    else:
        click.echo(f"{done} of {server.whom}")


@faults.command()
@click.argument("kind", required=False)
@json_option
def kinds(kind: str | None) -> None:
    """List what can go wrong, or explain one KIND. Needs no server.

    \b
    minimax-mock faults kinds
    minimax-mock faults kinds http_status
    """
    from mock_server.commands import fault_tables
    from mock_server.commands.output import print_json
    from mock_server.faults.kinds import KINDS
    from mock_server.nearest import nearest

    if kind is not None and kind not in KINDS:
        raise click.UsageError(f"unknown kind {kind!r}; {nearest(kind, KINDS)}")
    if wants_json():
        found = [fault_tables.declared(name) for name in KINDS]
        print_json(found if kind is None else fault_tables.declared(kind))
    elif kind is None:
        fault_tables.show_kinds()
    else:
        fault_tables.show_kind(kind)
