"""Why a command could not run."""

from __future__ import annotations

from typing import IO, Any, ClassVar

import click


class CouldNotRunError(click.ClickException):
    """Ends a command with exit status 2 and a line on stderr."""

    exit_code: ClassVar[int] = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line."""
        click.echo(f"minimax-mock: {self.format_message()}", file=file, err=file is None)
