"""Settings of an environment as shells and other programs read them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping

Settings = Mapping[str, str]


def _sh(settings: Settings) -> Iterator[str]:
    """POSIX shells."""
    for name, value in settings.items():
        yield f"export {name}={shlex.quote(value)}"


def _fish(settings: Settings) -> Iterator[str]:
    """fish, which knows two escapes between single quotes. Its PATH-like variables are lists, other ones are not."""
    for name, value in settings.items():
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        yield f"set -gx {name} '{quoted}'"


def _powershell(settings: Settings) -> Iterator[str]:
    """PowerShell, which doubles a quote between single quotes; typographic ones count as quotes too."""
    for name, value in settings.items():
        quoted = "".join(char * 2 if char in "'‘’‚‛" else char for char in value)
        yield f"$env:{name} = '{quoted}'"


def _json(settings: Settings) -> Iterator[str]:
    """One JSON object."""
    yield json.dumps(dict(settings), indent=2, ensure_ascii=False)


def _dotenv(settings: Settings) -> Iterator[str]:
    """Files as dotenv libraries read them: single quotes take everything as it is, so double ones only where needed."""
    for name, value in settings.items():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        yield f'{name}="{escaped}"' if "'" in value else f"{name}='{value}'"


def _github(settings: Settings) -> Iterator[str]:
    """The file ``$GITHUB_ENV``, where a value goes to the end of its line."""
    for name, value in settings.items():
        yield f"{name}={value}"


SHELLS: dict[str, Callable[[Settings], Iterator[str]]] = {
    "sh": _sh,
    "fish": _fish,
    "powershell": _powershell,
    "json": _json,
    "dotenv": _dotenv,
    "github": _github,
}
