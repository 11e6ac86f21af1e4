"""``minimax-mock serve``."""

from __future__ import annotations

from typing import Any

import click

from mock_server.commands.errors import CouldNotRunError
from mock_server.commands.setting_options import setting_options


class ServeCommand(click.Command):
    """A command whose help ends with the profiles there are."""

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each name with what it sets."""
        from mock_server.core.profile import PROFILES, differences

        with formatter.section("Profiles (explained by `minimax-mock profiles`)"):
            formatter.write_dl([(name, differences(profile)) for name, profile in PROFILES.items()])


@click.command(cls=ServeCommand)
@setting_options
def serve(**values: Any) -> None:
    """Start the emulator.

    \b
    minimax-mock serve
    curl http://127.0.0.1:8484/v1/image_generation -H 'Authorization: Bearer any-key' \\
         -H 'Content-Type: application/json' -d '{"model":"image-01","prompt":"a lighthouse at dawn"}'

    Every option is also an environment variable, MINIMAX_MOCK_<NAME>. Prints one line on stdout when it can answer.
    """
    from mock_server.serving import StartError, serve_forever

    try:
        serve_forever(values)
    except StartError as error:
        raise CouldNotRunError(str(error)) from None
