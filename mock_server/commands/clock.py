"""``minimax-mock clock``."""

from __future__ import annotations

import click

from mock_server.commands.connection import Answer, Connection, connect, server_options
from mock_server.commands.group import CommandGroup


@click.group(cls=CommandGroup, invoke_without_command=True)
@server_options
@click.pass_context
def clock(ctx: click.Context) -> None:
    """Show or move the time as accounts see it.

    \b
    minimax-mock clock
    minimax-mock clock advance 24h                    # image URLs made until now expire
    minimax-mock clock advance 60 --key my-key        # the rate limit of one account is over
    minimax-mock clock freeze

    URL expiry, rate and plan limits, and rules with `between` follow it. It never goes back; `reset` puts it right.
    """
    if ctx.invoked_subcommand is None:
        server = connect()
        _show(server, server.call("GET", "clock"))


@clock.command()
@click.argument("time", metavar="TIME")
@server_options
def advance(time: str) -> None:
    """Move the clock forward by TIME: 30 or 30s, 15m, 24h, 1d, 1h30m.

    \b
    minimax-mock clock advance 90s
    minimax-mock clock advance 1d --key my-key
    """
    from mock_server.commands.values import seconds

    _move({"advance": seconds(time)})


@clock.command()
@server_options
def freeze() -> None:
    """Stop the clock where it stands; `advance` still moves it.

    \b
    minimax-mock clock freeze
    """
    _move({"freeze": True})


@clock.command()
@server_options
def unfreeze() -> None:
    """Let the clock run on from where it stands.

    \b
    minimax-mock clock unfreeze
    """
    _move({"freeze": False})


def _move(body: dict[str, object]) -> None:
    server = connect()
    _show(server, server.call("POST", "clock", body=body))


def _show(server: Connection, answer: Answer) -> None:
    from mock_server.commands.clock_text import told
    from mock_server.commands.output import print_json

    if server.as_json:
        print_json(answer.raw)
    else:
        click.echo(told(answer.content))
