"""``minimax-mock account``."""

from __future__ import annotations

import click

from mock_server.commands.connection import connect, server_options
from mock_server.commands.group import CommandGroup


@click.group(cls=CommandGroup, invoke_without_command=True)
@server_options
@click.pass_context
def account(ctx: click.Context) -> None:
    """Show accounts, or change their settings.

    Balance, limits and their use, profile, seed, clock, number of fault rules.

    \b
    minimax-mock account                              # all accounts, a row each
    minimax-mock account --key my-key                 # one of them
    minimax-mock account set balance_usd=0 --key my-key
    """
    if ctx.invoked_subcommand is None:
        _show("GET")


@account.command(name="set")
@click.argument("settings", nargs=-1, required=True, metavar="NAME=VALUE...")
@server_options
def set_(settings: tuple[str, ...]) -> None:
    """Change settings of one account, or of all, present and future.

    \b
    minimax-mock account set balance_usd=0.007 rpm=2 --key my-key
    minimax-mock account set latency=realistic
    minimax-mock account set profile=cn --account alice
    minimax-mock account set profile.counts=integer profile.other_image_key=null --key my-key
    minimax-mock account set rpm=null --key my-key        # no limit

    NAME is a per-account setting of `minimax-mock serve --help` with underscores, or profile.SWITCH for one of the
    switches that `minimax-mock profiles` lists.
    """
    from mock_server.commands.values import pairs, typed
    from mock_server.settings import TYPES

    given = pairs(settings, "a setting")
    switches = {name.partition(".")[2]: value for name, value in given.items() if name.startswith("profile.")}
    changes = typed({name: value for name, value in given.items() if not name.startswith("profile.")}, TYPES)
    if switches and "profile" in changes:
        raise click.UsageError("set the profile first, and its switches with a second command")
    _show("PATCH", changes | ({"profile": switches} if switches else {}))


def _show(method: str, body: object = None) -> None:
    from mock_server.commands.account_page import show_account, show_accounts
    from mock_server.commands.output import print_json

    server = connect()
    answer = server.call(method, "account", body=body)
    if server.as_json:
        print_json(answer.raw)
    elif "accounts" in answer.content:
        show_accounts(answer.content["accounts"])
    else:
        show_account(answer.content)
