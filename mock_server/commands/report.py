"""``minimax-mock report``."""

from __future__ import annotations

from pathlib import Path

import click

from mock_server.commands.errors import CouldNotRunError


@click.command()
@click.argument("reports", nargs=-1, required=True, metavar="JSON...")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="The page to write.")  # fmt: skip
def report(reports: tuple[str, ...], out: Path) -> None:
    """Join the reports of several clients into one page.

    Every client is a column, every check a row.

    \b
    minimax-mock check reference --report out/reference
    minimax-mock check my_package.adapter:factory --report out/mine
    minimax-mock report out/*/report.json --out matrix.html
    """
    from contract_tests.report.document import ReportError
    from contract_tests.report.files import join

    try:
        page = join(reports)
        out.write_text(page, encoding="utf-8")
    except ReportError as error:
        raise CouldNotRunError(str(error)) from None
    except OSError as error:
        raise CouldNotRunError(f"cannot write {str(out)!r}: {error.strerror}") from None
    click.echo(f"wrote {out}: {len(reports)} {'client' if len(reports) == 1 else 'clients'}")
