"""``minimax-mock reset``."""

from __future__ import annotations

import click

from mock_server.commands.connection import connect, server_options


@click.command()
@server_options
def reset() -> None:
    """Put everything back to how it started.

    Or one account. Asks nothing.

    \b
    minimax-mock reset --key my-key     # its journal, balance, limits, fault rules, clock and settings
    minimax-mock reset                  # every account, the journal, all images, all rules, the clock

    What `serve` was started with (--scenario, --accounts, settings) is in force again afterwards.
    """
    server = connect()
    answer = server.call("POST", "reset")
    if server.as_json:
        from mock_server.commands.output import print_json

        print_json(answer.raw)
        return
    click.echo(f"reset {server.whom}" if server.scoped else "reset everything: accounts, journal, images, rules, clock")
