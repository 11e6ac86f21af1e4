"""The command ``minimax-mock``."""

from __future__ import annotations

import click

from mock_server import __version__
from mock_server.commands.group import LazyGroup

COMMANDS = {
    name: f"mock_server.commands.{name}:{name}"
    for name in (
        "serve", "run", "env", "check", "drift", "record", "scenarios", "checks", "claims", "codes", "profiles",
        "faults", "journal", "verdict", "account", "clock", "reset", "report", "ca",
    )
}  # fmt: skip
"""Each command by its name, in the order of the help text: its module and attribute have the same name."""


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(__version__, prog_name="minimax-mock")
def main() -> None:
    """A faithful local emulator of MiniMax's image generation API.

    \b
    minimax-mock serve                                start it
    minimax-mock run -- python my_program.py          point an unmodified program at it
    minimax-mock journal --follow                     watch what your client does
    minimax-mock faults add status_code code=1002     make something go wrong
    minimax-mock check my_client:factory              would your client survive the real service?
    minimax-mock record --max-spend 0.05 -- ./mine    keep what the real service answers to your program

    `minimax-mock COMMAND --help` shows examples of each command. Exit status: 0 good, 1 findings, 2 could not run.
    """
