"""``minimax-mock claims``."""

from __future__ import annotations

from typing import Any, get_args

import click

from mock_server.commands.connection import json_option, wants_json
from mock_server.commands.errors import CouldNotRunError
from mock_server.commands.group import CommandGroup
from mock_server.core.endpoints import FACES
from mock_server.grade import Grade


@click.group(cls=CommandGroup, invoke_without_command=True)
@click.option("--face", type=click.Choice(list(FACES)), help="Only claims on this face.")
@click.option("--grade", type=click.Choice(get_args(Grade)), help="Only claims that are known this well.")
@json_option
@click.pass_context
def claims(ctx: click.Context, face: str | None, grade: str | None) -> None:
    """List what is known of the live service.

    A claim is one sentence on how it behaves, with source, grade, what it costs to look again, and what rests on it.

    \b
    minimax-mock claims
    minimax-mock claims --grade conflicting               # what sources disagree on
    minimax-mock claims --face fal --json | jq -r '.claims[].says'
    minimax-mock claims show prompt-limit                 # all about one of them
    """
    if ctx.invoked_subcommand is not None:
        if face or grade:
            raise click.UsageError("--face and --grade choose what is listed; they do not go with `show`")
        return
    from mock_server.claims import claims as every
    from mock_server.commands.output import print_json, table

    found = [item for item in every().values() if face in {None, item.face} and grade in {None, item.grade}]
    if wants_json():
        from contract_tests.catalogue import checks_by_claim

        checks = checks_by_claim()
        print_json({"claims": [_content(item, checks) for item in found]})
        return
    rows = [(item.id, item.face, item.grade, item.cost, item.says) for item in found]
    table(("!id", "!face", "!grade", "!to look again", "the live service"), rows)


@claims.command(name="show")
@click.argument("name", metavar="ID")
@json_option
def show_(name: str) -> None:
    """Explain one claim: source, switch, and the tests and checks that rest on it.

    \b
    minimax-mock claims show string-counts
    minimax-mock claims show wording-n --json
    """
    from contract_tests.catalogue import checks_by_claim
    from mock_server.claims import claims as every
    from mock_server.commands.output import facts, print_json
    from mock_server.nearest import closest

    known = every()
    if name not in known:
        near = closest(name, list(known))
        guess = f"did you mean {near!r}? " if near else ""
        raise CouldNotRunError(f"no claim {name!r}; {guess}`minimax-mock claims` lists all {len(known)}")
    content = _content(known[name], checks_by_claim())
    if wants_json():
        print_json(content)
        return
    lines = ((word, [said] if isinstance(said, str) else said) for word, said in content.items())
    facts([("" if index else word, line) for word, said in lines for index, line in enumerate(said) if line])


def _content(claim: Any, checks: dict[str, list[str]]) -> dict[str, Any]:
    import msgspec

    content: dict[str, Any] = msgspec.to_builtins(claim)
    return content | {"checks": checks.get(claim.id, [])}
