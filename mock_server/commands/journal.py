"""``minimax-mock journal``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from mock_server.commands.connection import Connection, connect, server_options
from mock_server.commands.group import CommandGroup
from mock_server.core.matching import FIELDS, Field

if TYPE_CHECKING:
    from mock_server.commands.exchange_lines import Lines


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each condition on exchanges; the server says which values are wrong."""
    for field in reversed(FIELDS.values()):
        flag = "--" + field.name.replace("_", "-")
        command = click.option(flag, field.name, metavar=_metavar(field), help=field.about)(command)
    return command


def _metavar(field: Field) -> str:
    if field.words and len("|".join(field.words)) < 30:
        return "|".join(field.words)
    return "N" if field.number else "PATTERN" if field.glob else "NAME"


@click.group(cls=CommandGroup, invoke_without_command=True)
@filter_options
@click.option("--since", metavar="ID", help="Only what came after the exchange of that id.")
@click.option("--limit", metavar="N", help="Only the latest so many.")
@click.option("-f", "--follow", is_flag=True, help="Go on and print exchanges as they come, until Ctrl-C.")
@server_options
@click.pass_context
def journal(ctx: click.Context, /, since: str | None, limit: str | None, follow: bool, **filters: str | None) -> None:
    """List what was asked, and what came of it.

    Each exchange with its outcome, images, duration and the faults that were put in.

    \b
    minimax-mock journal
    minimax-mock journal --limit 20 --key my-key
    minimax-mock journal --follow                     # as they come; Ctrl-C ends it
    minimax-mock journal --follow --limit 10          # the latest ten first
    minimax-mock journal --status-code 1002 --prompt '*cat*'
    minimax-mock journal --json | jq -r '.exchanges[].response.body'
    minimax-mock journal --follow --json | jq -c '{prompt, status_code}'
    minimax-mock journal show 3

    Prompts are cut to the width of the terminal; in a pipe they are whole, a line for each exchange.
    """
    query = {name: value for name, value in filters.items() if value is not None}
    bounds = {name: value for name, value in (("since", since), ("limit", limit)) if value is not None}
    if ctx.invoked_subcommand is not None:
        if query or bounds or follow:
            raise click.UsageError(f"filters are for the list alone, not for `journal {ctx.invoked_subcommand}`")
        return
    server = connect()
    if follow:
        _follow(server, query, bounds)
    else:
        _list(server, query, bounds)


def _list(server: Connection, query: dict[str, str], bounds: dict[str, str]) -> None:
    from mock_server.commands.exchange_lines import Lines
    from mock_server.commands.output import print_json

    answer = server.call("GET", "journal", query=query | bounds)
    if server.as_json:
        print_json(answer.raw)
    elif answer.content["exchanges"]:
        Lines(one_account=server.scoped).table(answer.content["exchanges"])
    else:
        click.echo(f"no exchange of {server.whom}{' is like that' if query or bounds else ' yet'}")


def _follow(server: Connection, query: dict[str, str], bounds: dict[str, str]) -> None:
    """Print what there is when bounds ask for it, then what comes."""
    from mock_server.commands.events import follow
    from mock_server.commands.exchange_lines import Lines

    lines = Lines(one_account=server.scoped)
    try:
        kept = server.call("GET", "journal", query=query | bounds if bounds else {"limit": 1}).content["exchanges"]
        if not server.as_json:
            lines.start()
        for exchange in kept if bounds else ():
            _print(server, lines, exchange)
        since = kept[-1]["id"] if kept else bounds.get("since", "0")
        for event in follow(server, query, since):
            _told(server, lines, event.name, event.data)
    except KeyboardInterrupt:
        return


def _told(server: Connection, lines: Lines, name: str, data: bytes) -> None:
    """Print an event; between exchanges, for people only, what else happened to the journal."""
    import msgspec

    if name == "exchange":
        _print(server, lines, msgspec.json.decode(data))
    elif not server.as_json and name in {"cleared", "lost"}:
        lines.note("the journal was cleared" if name == "cleared" else "exchanges came too fast; some are left out")


def _print(server: Connection, lines: Lines, exchange: dict[str, Any]) -> None:
    import msgspec

    if server.as_json:
        click.echo(msgspec.json.encode(exchange))
    else:
        lines.line(exchange)


@journal.command(name="show")
@click.argument("number", metavar="ID")
@server_options
def show_(number: str) -> None:
    """Print one exchange as it went over the wire.

    And a curl line that repeats it.

    \b
    minimax-mock journal show 3
    minimax-mock journal show 3 --key my-key          # with your key in the curl line
    minimax-mock journal show 3 --json
    """
    from mock_server.commands.exchange_page import show_exchange
    from mock_server.commands.output import print_json

    server = connect()
    answer = server.call("GET", f"journal/{quote(number, safe='')}")
    if server.as_json:
        print_json(answer.raw)
    else:
        show_exchange(answer.content, server.url, server.key)


@journal.command()
@server_options
def clear() -> None:
    """Forget the exchanges of one account, or all.

    \b
    minimax-mock journal clear --key my-key
    """
    from mock_server.commands.output import print_json

    server = connect()
    answer = server.call("DELETE", "journal")
    if server.as_json:
        print_json(answer.raw)
    else:
        click.echo(f"forgot the exchanges of {server.whom}")
