"""``minimax-mock verdict``."""

from __future__ import annotations

from pathlib import Path

import click

from mock_server.commands.connection import connect, server_options
from mock_server.commands.errors import CouldNotRunError


@click.command()
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Also write JUnit XML, for CI.")
@click.option("--sarif", type=click.Path(path_type=Path), metavar="FILE", help="Also write SARIF 2.1.0.")
@server_options
def verdict(junit: Path | None, sarif: Path | None) -> None:
    """Judge a client by its traffic alone.

    Exit status 1 when it broke a MUST.

    \b
    minimax-mock verdict --key my-key                   # what did the client that used this key do wrong?
    minimax-mock verdict --junit verdict.xml            # every account, also for CI
    minimax-mock verdict --json | jq '.findings[].rule'

    Each account is judged by itself: let a test use a key of its own. The rules: docs/verdict.md.
    """
    from mock_server.judge import exit_code, from_dict

    server = connect()
    answer = server.call("GET", "verdict")
    found = from_dict(answer.content)
    if junit is not None:
        from mock_server.judge.junit import junit as as_junit

        _write(junit, as_junit(found))
    if sarif is not None:
        import msgspec

        from mock_server.judge.sarif import sarif as as_sarif

        _write(sarif, msgspec.json.format(msgspec.json.encode(as_sarif(found)), indent=2).decode())
    if server.as_json:
        from mock_server.commands.output import print_json

        print_json(answer.raw)
    else:
        from mock_server.commands.output import page
        from mock_server.judge.table import print_verdict

        print_verdict(found, page())
    raise SystemExit(exit_code(found))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CouldNotRunError(f"cannot write {str(file)!r}: {error.strerror}") from None
