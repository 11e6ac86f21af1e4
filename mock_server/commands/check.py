"""``minimax-mock check``."""

from __future__ import annotations

from typing import Any

import click

from mock_server.commands.errors import CouldNotRunError


@click.command()
@click.argument("adapter")
@click.option("--face", type=click.Choice(["minimax", "openai", "fal"]), default="minimax", show_default=True,
              help="The dialect that the client speaks.")  # fmt: skip
@click.option("--target", default="emulator", metavar="TARGET", show_default=True,
              help="What the client is driven against: emulator, live, both, or a URL.")  # fmt: skip
@click.option("--url", metavar="URL", help="With --target both: this server in place of the live service.")
@click.option("--region", metavar="io|cn", help="Of the live service. Default: io.")
@click.option("--max-spend", type=float, metavar="USD", help="Never spend more than that; the live service needs it.")
@click.option("--profile", default="all", metavar="NAME", show_default=True,
              help="A profile of the emulator, or all that spell answers in their own way.")  # fmt: skip
@click.option("--level", type=click.Choice(["must", "all"]), default="all", show_default=True,
              help="must: only what no client may do.")  # fmt: skip
@click.option("--report", metavar="DIR", help="Write index.html, junit.xml and report.json into this folder.")
@click.option(
    "--record", metavar="DIR", help="Write each exchange with a service into this folder (docs/recordings.md)."
)
@click.option("--seed", type=int, metavar="N", help="Repeat the run of that seed. Default: another one each time.")
@click.option("--max-examples", type=click.IntRange(1, 10_000), default=25, metavar="N", show_default=True,
              help="Cases that each check tries, at most.")  # fmt: skip
@click.option("-k", "expression", metavar="EXPR", help="Only checks whose id matches, as pytest's -k.")
@click.option("--json", "as_json", is_flag=True, help="Print report.json instead of a table.")
def check(adapter: str, **options: Any) -> None:
    """Run the contract tests on the client behind ADAPTER.

    Exit status: 0 all well, 1 a MUST check failed, 2 nothing could be decided.

    \b
    minimax-mock check reference                              # the client that comes along
    minimax-mock check my_package.adapter:factory             # yours, in Python
    minimax-mock check 'stdio:node adapter.mjs'               # in any language
    minimax-mock check 'exec:./client.sh {prompt} {out_dir}'  # any command
    minimax-mock check reference --report out --level must
    minimax-mock check reference --target live --max-spend 0.05   # MINIMAX_API_KEY in the environment
    minimax-mock check reference --target http://127.0.0.1:8484 --record exchanges   # and keep what was answered

    How to write an adapter in five minutes: docs/adapters.md. The checks: `minimax-mock checks`.
    """
    from contract_tests.run import NothingToRunError, run

    try:
        raise SystemExit(run(adapter, **options))
    except NothingToRunError as error:
        raise CouldNotRunError(str(error)) from None
