"""The command ``minimax-mock``."""

from __future__ import annotations

import sys
from typing import Any

import click

from mock_server import __version__
from mock_server.options import setting_options

COULD_NOT_RUN = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="minimax-mock")
def main() -> None:
    """A faithful local emulator of MiniMax's image generation API.

    Exit status: 0 good, 1 findings, 2 could not run.
    """


class ServeCommand(click.Command):
    """A command whose help ends with the profiles there are."""

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each name with what it sets."""
        from mock_server.core.profile import PROFILES, differences

        with formatter.section("Profiles (explained by `minimax-mock profiles`)"):
            formatter.write_dl([(name, differences(profile)) for name, profile in PROFILES.items()])


@main.command(cls=ServeCommand)
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
        click.echo(f"minimax-mock: {error}", err=True)
        sys.exit(COULD_NOT_RUN)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def codes(as_json: bool) -> None:
    """List every status code: its message, whether to retry, and how well it is known."""
    from mock_server import listings

    listings.print_codes(as_json=as_json)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def profiles(as_json: bool) -> None:
    """List the profiles: answers to what is unknown or varies in the live service."""
    from mock_server import listings

    listings.print_profiles(as_json=as_json)
