"""``minimax-mock ca``."""

from __future__ import annotations

import click

from mock_server.commands.errors import CouldNotRunError
from mock_server.commands.group import CommandGroup


@click.group(cls=CommandGroup)
def ca() -> None:
    """The certificate authority of `run`.

    Made once for each user, when `--via proxy` or `--via sandbox` first need it. It can vouch for the service's hosts
    and this machine alone, its key is readable by its owner alone, and it is never installed anywhere: `run` tells
    programs of it by their environment.

    \b
    minimax-mock ca path      # where its certificate is
    minimax-mock ca remove    # throw it away
    """


@ca.command()
def path() -> None:
    """Print the file of its certificate, which is made if there is none.

    \b
    minimax-mock ca path
    """
    from mock_server.intercept.ca import CERTIFICATE, folder, load
    from mock_server.intercept.refusal import AuthorityError

    try:
        load()
    except AuthorityError as error:
        raise CouldNotRunError(str(error)) from None
    click.echo(folder() / CERTIFICATE)


@ca.command()
def remove() -> None:
    """Delete it; the next run makes another.

    \b
    minimax-mock ca remove
    """
    from mock_server.intercept.ca import folder
    from mock_server.intercept.ca import remove as remove_authority
    from mock_server.intercept.refusal import AuthorityError

    try:
        removed = remove_authority()
    except AuthorityError as error:
        raise CouldNotRunError(str(error)) from None
    click.echo(f"removed {folder()}" if removed else f"there is none in {folder()}")
