"""Write docs/commands.md from the help texts of the commands."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from mock_server.cli import main
from mock_server.commands.connection import COMMON
from tools.generate_reference import table

TARGET = Path(__file__).parent.parent / "docs" / "commands.md"
INTRODUCTION = """\
# Commands

Made by `make docs` from the help texts (`minimax-mock COMMAND --help`); a test keeps it current.

| exit status | meaning |
|---|---|
| 0 | good |
| 1 | findings: something was looked for, and is wrong |
| 2 | could not run: wrong usage, or no server |
| 130 | Ctrl-C, where that is not the usual end |

On a terminal, tables are fitted to its width and coloured; in a pipe they are plain, with a line for each row, and
nothing is cut.

## Options of every command that talks to a server

They may stand before or behind a subcommand. With `--json` they print what the [admin API](admin-api.md) answered."""


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and its commands, each with how it is called."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, f"{path} {name}")


def paragraphs(text: str) -> Iterator[str]:
    """A docstring as Markdown: what click leaves as it is, is an example."""
    for paragraph in cleandoc(text).split("\n\n"):
        lines = paragraph.removeprefix("\b\n")
        yield lines.replace("<", "\\<") if lines == paragraph else f"```sh\n{lines}\n```"


def options(found: list[click.Option]) -> str:
    """A table of options."""
    return table(("option", "environment", "meaning"), (
        (f"`{', '.join(option.opts)}{'' if option.is_flag else ' ' + option.make_metavar(click.Context(main))}`",
         f"`{option.envvar}`" if option.envvar else "", option.help) for option in found
    ))  # fmt: skip


def section(path: str, command: click.Command) -> Iterator[str]:
    """Everything about one command."""
    arguments = [item.metavar or f"[{str(item.name).upper()}]" for item in command.params
                 if isinstance(item, click.Argument)]  # fmt: skip
    yield f"{'##' if path.count(' ') == 1 else '###'} {path}"
    usage = " ".join([path, "[OPTIONS]", *arguments])
    yield f"`{usage}`"
    yield from paragraphs(command.help or "")
    given = [item for item in command.params if isinstance(item, click.Option)]
    talks = any(option.name == "url" for option in given)
    own = [option for option in given if not (talks and option.name in COMMON)]
    if path.endswith(" serve"):
        yield "The options are [the settings](reference.md#settings)."
    elif own:
        yield options(own)


def page() -> str:
    """The whole page."""
    _, account = next(item for item in commands(main, "minimax-mock") if item[0].endswith(" account"))
    common = [item for item in account.params if isinstance(item, click.Option) and item.name in COMMON]
    parts = [INTRODUCTION, options(common)]
    for path, command in commands(main, "minimax-mock"):
        if command is not main:
            parts += section(path, command)
    return "\n\n".join(parts) + "\n"
