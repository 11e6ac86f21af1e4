"""``minimax-mock run``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mock_server.commands.errors import CouldNotRunError
from mock_server.commands.setting_options import setting_options_but

WAYS = ("env", "proxy", "sandbox")


@click.command(context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--via", type=click.Choice(WAYS), default="env", show_default=True,
              help="How the command reaches the emulator: settings and hooks for Python and Node; an HTTP proxy; "
                   "or a network of its own (Linux).")  # fmt: skip
@click.option("--judge", is_flag=True, help="Print the verdict; exit with status 1 when a MUST is broken.")
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write report.json, journal.json, junit.xml and verdict.sarif into this folder.")  # fmt: skip
@click.option("--passthrough", is_flag=True, help="With --via proxy: let other hosts through.")
@click.option("--ephemeral-ca", is_flag=True, help="Make a certificate authority for this run alone.")
@click.option("-v", "--verbose", is_flag=True, help="Say what is redirected.")
@click.option("-q", "--quiet", is_flag=True, help="Print no summary.")
@setting_options_but("json", "tls", "tls_port", defaults={"port": 0})
def run(command: tuple[str, ...], **options: Any) -> None:
    """Run COMMAND, unmodified, against an emulator of its own.

    It keeps its streams, terminal, signals and exit status; a summary goes to stderr.

    \b
    minimax-mock run -- python my_program.py                     # Python and Node: nothing else is needed
    minimax-mock run --via proxy -- curl https://api.minimax.io  # whatever honours HTTPS_PROXY
    minimax-mock run --via sandbox -- ./my-program               # any program, on Linux; nothing else can be reached
    minimax-mock run --judge --scenario 1002x2 -- npm test       # and exit with status 1 when it misbehaves

    What each way covers, and its traps: docs/run.md. Exit status: the command's own; 127 when there is no such command,
    126 when it cannot be run, 2 when the emulator or the sandbox cannot be made.
    """
    from mock_server.intercept.child import end_as
    from mock_server.intercept.run import RunError, Wishes
    from mock_server.intercept.run import run as run_command

    wishes = Wishes(**{name: options.pop(name) for name in Wishes.__struct_fields__})
    given = {name: value for name, value in options.items() if value is not None}
    try:
        end_as(run_command(command, wishes, given))
    except RunError as error:
        failure = CouldNotRunError(str(error))
        failure.exit_code = error.status  # type: ignore[misc]
        raise failure from None
