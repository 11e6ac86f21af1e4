"""``minimax-mock env``."""

from __future__ import annotations

import os

import click

from mock_server.commands.connection import DEFAULT_URL, Connection


@click.command()
@click.option("--shell", type=click.Choice(["sh", "fish", "powershell", "json", "dotenv", "github"]), default="sh",
              show_default=True, help="For whom: github is the file $GITHUB_ENV of GitHub Actions.")  # fmt: skip
@click.option("--url", envvar="MINIMAX_MOCK_URL", show_envvar=True, metavar="URL", default=DEFAULT_URL,
              show_default=True, help="Where the server is.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Let the hooks say what they redirect.")
def env(shell: str, url: str, verbose: bool) -> None:
    """Print the settings that `run --via env` makes.

    They point at a server that runs already. Settings that you have of your own are left alone.

    \b
    eval "$(minimax-mock env)"                                              # sh, bash, zsh
    minimax-mock env --shell fish | source
    minimax-mock env --shell powershell | Out-String | Invoke-Expression
    minimax-mock env --shell dotenv > .env
    minimax-mock env --shell github >> "$GITHUB_ENV"
    """
    from mock_server.intercept.environment import through_hooks
    from mock_server.intercept.shells import SHELLS

    server = Connection(url).url
    if not server.startswith("http:"):
        raise click.UsageError(f"--url must be the server's http URL, as the hooks speak no TLS; got {url!r}")
    settings = through_hooks(os.environ, server, verbose=verbose)
    click.echo("\n".join(SHELLS[shell](settings)))
