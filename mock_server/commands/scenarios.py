"""``minimax-mock scenarios``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mock_server.commands.connection import connect, json_option, server_options, wants_json
from mock_server.commands.errors import CouldNotRunError
from mock_server.commands.group import CommandGroup

if TYPE_CHECKING:
    from mock_server.faults.library import Library
    from mock_server.faults.scenario import Scenario

FINDINGS = 1


def _keep_folder(ctx: click.Context, _: click.Parameter, folder: str | None) -> None:
    if folder:
        ctx.meta["mock_server.scenario_dir"] = folder


folder_option = click.option(
    "--scenario-dir", envvar="MINIMAX_MOCK_SCENARIO_DIR", show_envvar=True, expose_value=False, metavar="FOLDER",
    callback=_keep_folder, help="Folder of your own scenario files, as given to `serve`.",
)  # fmt: skip


@click.group(cls=CommandGroup, invoke_without_command=True)
@folder_option
@json_option
@click.pass_context
def scenarios(ctx: click.Context) -> None:
    """List, explain or load scenarios.

    A scenario is a named list of what goes wrong. Only `use` needs a server.

    \b
    minimax-mock scenarios
    minimax-mock scenarios show partial-failure       # what it is, how it is known, a curl line that shows it
    minimax-mock scenarios show ./my-outage.yaml      # checks a file of your own
    minimax-mock scenarios use 1002x2 --key my-key    # load it on a running server
    minimax-mock serve --scenario partial-failure     # for every account, from the start

    NAMExN is NAME for the first N calls only. Exit status 1: a file in --scenario-dir is wrong.
    """
    if ctx.invoked_subcommand is not None:
        return
    from mock_server.commands.output import print_json
    from mock_server.commands.scenario_page import show_scenarios
    from mock_server.faults.scenario import ScenarioError

    library = _library()
    found, wrong = [], []
    for name in library.names():
        try:
            found.append(library.get(name))
        except ScenarioError as error:
            wrong.append(str(error))
    if wants_json():
        print_json({"scenarios": [scenario.content() for scenario in found]})
    else:
        show_scenarios(found)
    for problem in wrong:
        click.echo(f"minimax-mock: {problem}", err=True)
    if wrong:
        ctx.exit(FINDINGS)


@scenarios.command(name="show")
@click.argument("name", metavar="NAME|FILE")
@folder_option
@json_option
def show_(name: str) -> None:
    """Explain one scenario, or check a file. Needs no server.

    \b
    minimax-mock scenarios show 1008
    minimax-mock scenarios show 1002x2
    minimax-mock scenarios show ./my-outage.yaml
    """
    from mock_server.commands.output import print_json
    from mock_server.commands.scenario_example import example
    from mock_server.commands.scenario_page import show_scenario

    scenario = _found(name)
    lines = example(scenario, _file_of(name))
    if wants_json():
        print_json(scenario.content() | {"example": lines})
    else:
        show_scenario(scenario, lines)


@scenarios.command()
@click.argument("name", metavar="NAME|FILE")
@server_options
def use(name: str) -> None:
    """Load a scenario on a running server: its rules go before those there are.

    \b
    minimax-mock scenarios use partial-failure
    minimax-mock scenarios use 1002x2 --key my-key
    minimax-mock scenarios use ./my-outage.yaml --key my-key

    `minimax-mock reset` takes it out again, `minimax-mock faults` shows its rules.
    """
    from mock_server.commands.output import print_json

    body: Any = {"name": name} if _file_of(name) is None else _found(name).content()
    server = connect()
    answer = server.call("POST", "scenario", body=body)
    if server.as_json:
        print_json(answer.raw)
        return
    ids = answer.content["ids"]
    rules = f": rule{'' if len(ids) == 1 else 's'} {', '.join(ids)}" if ids else ""
    click.echo(f"loaded {answer.content['scenario']} for {server.whom}{rules}")


def _library() -> Library:
    from pathlib import Path

    from mock_server.faults.library import Library

    folder = click.get_current_context().meta.get("mock_server.scenario_dir", "")
    if folder and not Path(folder).expanduser().is_dir():
        raise CouldNotRunError(f"scenario_dir must be a folder, got {folder!r}")
    return Library(folder and str(Path(folder).expanduser()))


def _found(name: str) -> Scenario:
    from mock_server.faults.scenario import ScenarioError

    try:
        return _library().find(name)
    except ScenarioError as error:
        raise CouldNotRunError(str(error)) from None


def _file_of(name: str) -> str | None:
    """`name` when it is that of a file, as `Library.find` sees it."""
    from mock_server.faults.scenario_file import SUFFIXES

    return name if "/" in name or name.endswith(SUFFIXES) else None
