"""Command-line options made from the settings table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args, get_origin

import click

from mock_server.settings import ABOUT, ENV_PREFIX, FIELDS, TYPES


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option, with its environment variable, for each setting."""
    for name in reversed(FIELDS):
        command = _option(name)(command)
    return command


def setting_options_but(
    *left_out: str, defaults: Mapping[str, Any]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same, without some settings, and with other defaults for some."""

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(FIELDS):
            if name not in left_out:
                command = _option(name, **({"default": defaults[name]} if name in defaults else {}))(command)
        return command

    return give


def _option(name: str, **said: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    kind, about, default = TYPES[name], ABOUT[name], said.get("default", FIELDS[name].default)
    flag = "--" + name.replace("_", "-")
    variable = ENV_PREFIX + name.upper()
    if kind is bool:
        return click.option(flag, name, is_flag=True, default=default, envvar=variable, help=about.help)
    if get_origin(kind) is tuple:
        return click.option(flag, name, multiple=True, envvar=variable, metavar=about.metavar, help=about.help)
    return click.option(
        flag,
        name,
        type=_click_type(kind),
        default=None if default == "" else default,
        envvar=variable,
        metavar=about.metavar,
        help=about.help,
        show_default=default not in {"", None},
    )


def _click_type(kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return click.Choice([word for word in get_args(kind) if word])
    kinds = get_args(kind) or (kind,)
    return click.INT if int in kinds else click.FLOAT if float in kinds else click.STRING
