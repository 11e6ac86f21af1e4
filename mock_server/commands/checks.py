"""``minimax-mock checks``."""

from __future__ import annotations

import click

from mock_server.commands.connection import json_option, wants_json


@click.command()
@json_option
def checks() -> None:
    """List the contract tests.

    Each with what it demands of a client.

    \b
    minimax-mock checks
    minimax-mock checks --json | jq -r '.checks[].id'
    """
    from contract_tests.catalogue import all_checks
    from mock_server.commands.output import print_json, table

    found = all_checks()
    if wants_json():
        print_json({"checks": found})
        return
    table(("!id", "!level", "what it demands"), [(item.id, item.level, item.sentence) for item in found])
