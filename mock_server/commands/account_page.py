"""Accounts as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console

from mock_server.commands.clock_text import short, told
from mock_server.commands.output import dollars, facts, table
from mock_server.core.profile import SWITCHES

Account = Mapping[str, Any]
COLUMNS = ("!account", ">!balance", ">!spent", ">images", "!calls/min", "!images/min", "profile", ">rules", "clock")


def show_accounts(accounts: Sequence[Account], screen: Console | None = None) -> None:
    """A row for each account."""
    if not accounts:
        click.echo("no accounts yet: the first request with a key makes one")
        return
    rows = [
        (
            account["account"],
            dollars(account["balance_usd"]),
            dollars(account["spent_usd"]),
            str(account["images"]),
            _used(account["used"]["calls"], account["rpm"]),
            _used(account["used"]["images"], account["images_per_minute"]),
            _profile(account),
            str(account["faults"]),
            short(account["clock"]),
        )
        for account in accounts
    ]
    table(COLUMNS, rows, screen=screen)


def show_account(account: Account, screen: Console | None = None) -> None:
    """Everything about one account."""
    plan = account["plan_images"]
    models = account["plan_models"] or "all models"
    rows = [
        ("account", account["account"]),
        ("balance", f"{dollars(account['balance_usd'])}; spent {_spent(account)}"),
        ("calls a minute", _used(account["used"]["calls"], account["rpm"])),
        ("images a minute", _used(account["used"]["images"], account["images_per_minute"])),
        ("plan", f"{account['plan_name']}: {'any number of' if plan is None else plan} images in five hours, {models}"),
        ("profile", _profile(account)),
        ("region", account["region"] or "both"),
        ("seed", str(account["seed"])),
        ("latency", account["latency"]),
        ("clock", told(account["clock"])),
        ("fault rules", f"{account['faults']}, listed by `minimax-mock faults`" if account["faults"] else "none"),
    ]
    if account["fault_header"]:
        rows.append(("fault header", "on"))
    facts(rows, screen=screen)


def _spent(account: Account) -> str:
    count = account["images"]
    return f"{dollars(account['spent_usd'])} for {count} image{'' if count == 1 else 's'}"


def _used(count: int, limit: int | None) -> str:
    return f"{count}, no limit" if limit is None else f"{count} of {limit}"


def _profile(account: Account) -> str:
    """The profile's name, and the switches that are not at the default."""
    usual = {switch.field: switch.answers[0] for switch in SWITCHES}
    others = [f"{name}={answer}" for name, answer in account["switches"].items() if answer != usual.get(name)]
    return f"{account['profile']}: {', '.join(others)}" if others else str(account["profile"])
