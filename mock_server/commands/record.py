"""``minimax-mock record``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mock_server.commands.errors import CouldNotRunError


@click.command(context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--target", default="live", metavar="live|URL", show_default=True,
              help="The service that calls are passed on to.")  # fmt: skip
@click.option("--region", metavar="io|cn", help="Of the live service. Default: io.")
@click.option("--max-spend", type=float, metavar="USD", help="Never spend more than that; the live service needs it.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("exchanges"), metavar="DIR",
              show_default=True, help="The folder for the exchanges, a file each.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Say what is redirected.")
def record(
    command: tuple[str, ...], *, target: str, region: str | None, max_spend: float | None, out: Path, verbose: bool
) -> None:
    """Run COMMAND and record its exchanges with the service.

    It is run as it is. Its calls go on to the service, with its own key, at the service's pace and within --max-spend.
    Python and Node programs are redirected, others by the settings of known clients. Keys, signatures and account ids
    are not written, of images only format, size and digest: docs/recordings.md.

    \b
    minimax-mock record --max-spend 0.05 -- python my_program.py
    minimax-mock record --region cn --max-spend 0.05 --out recorded -- npx tsx generate.ts
    minimax-mock record --target http://127.0.0.1:8484 -- python my_program.py

    Exit status: the command's own; 127 when there is no such command, 126 when it cannot be run, 2 when nothing can be
    recorded.
    """
    from contract_tests.recording.folder import Folder, FolderError
    from contract_tests.recording.recorder import Recorder
    from contract_tests.targets.choice import ChoiceError, choose_recorded
    from mock_server.intercept.child import end_as
    from mock_server.intercept.environment import credentials
    from mock_server.intercept.run import RunError, run_led, say, told

    try:
        choice = choose_recorded(target, region=region, max_spend=max_spend)
        keys = [os.environ[name] for name in credentials("") if os.environ.get(name)]
        folder = Folder(out, f"minimax-mock record, {choice.url}", keys)
        with Recorder(choice, folder) as recorder:
            say(f"recording {choice.url} into {out}; never more than ${choice.limit_usd:g}")
            status = run_led(command, recorder.url, verbose=verbose)
        say(told(status))
        for line in recorder.summary():
            say(line)
    except (ChoiceError, FolderError) as error:
        raise CouldNotRunError(str(error)) from None
    except RunError as error:
        failure = CouldNotRunError(str(error))
        failure.exit_code = error.status  # type: ignore[misc]
        raise failure from None
    end_as(status)
