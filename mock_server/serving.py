"""``minimax-mock serve``: from option values to a server that runs until it is told to stop."""

from __future__ import annotations

import gc
import logging
import os
import signal
from pathlib import Path
from typing import Any

import click
import msgspec

from mock_server.app import App
from mock_server.dispatch import Engine
from mock_server.faces.origin import check_public_url
from mock_server.faults.scenario import ScenarioError
from mock_server.server import BindError, Server, bind, url_of
from mock_server.settings import SettingError, Settings, build

TRY = (
    "curl {url}/v1/image_generation -H 'Authorization: Bearer any-key' -H 'Content-Type: application/json' "
    """-d '{{"model":"image-01","prompt":"a lighthouse at dawn"}}'"""
)


class StartError(Exception):
    """Why the emulator cannot start."""


def serve_forever(values: dict[str, Any]) -> None:
    """Serve until SIGINT or SIGTERM. Raises `StartError` when it cannot begin."""
    gc.disable()
    try:
        settings = build({name: value for name, value in values.items() if value is not None})
        engine = create_engine(settings)
        listening = bind(settings.host, settings.port)
    except (SettingError, BindError) as error:
        raise StartError(str(error)) from None
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    url = url_of(listening)
    server = Server(App(engine), settings, on_ready=lambda: _ready(settings, url))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run_on(listening)
    except KeyboardInterrupt:
        pass
    finally:
        engine.close()


def create_engine(settings: Settings) -> Engine:
    """An engine for these settings, with the accounts of ``--accounts``. Raises `SettingError`."""
    problem = check_public_url(settings.public_url)
    if problem:
        raise SettingError(problem)
    if settings.keys == "strict" and not settings.accounts:
        raise SettingError("keys 'strict' knows no key without accounts; give --accounts FILE")
    if settings.scenario_dir and not Path(settings.scenario_dir).is_dir():
        raise SettingError(f"scenario_dir must be a folder, got {settings.scenario_dir!r}")
    accounts = None
    if settings.accounts:
        from mock_server.accounts_file import read_accounts

        accounts = read_accounts(settings.accounts)
    try:
        return Engine(settings, accounts)
    except ScenarioError as error:
        raise SettingError(str(error)) from None


def _ready(settings: Settings, url: str) -> None:
    """Say that the server answers: one line on stdout, and what to do next on stderr."""
    gc.freeze()
    gc.enable()
    admin_url = f"{url}/_mock/" if not settings.no_admin else None
    if settings.json:
        event = {"event": "ready", "url": url, "admin_url": admin_url, "tls_url": None, "ca_file": None}
        click.echo(msgspec.json.encode(event | {"pid": os.getpid()}))
        return
    click.echo(f"minimax-mock ready: {url}")
    lines = [f"  dashboard  {admin_url}"] if admin_url else []
    lines += [f"  try        {TRY.format(url=url)}", "  stop       Ctrl-C"]
    click.echo("\n".join(lines), err=True)
