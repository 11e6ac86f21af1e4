"""``minimax-mock serve``: from option values to a server that runs until it is told to stop."""

from __future__ import annotations

import gc
import logging
import os
import shlex
import signal
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from mock_server.app import App
from mock_server.dispatch import Engine
from mock_server.faces.origin import check_public_url
from mock_server.faults.scenario import ScenarioError
from mock_server.profile_file import is_file, read_profile
from mock_server.server import BindError, Server, bind, url_of
from mock_server.settings import FIELDS, SettingError, Settings, build

if TYPE_CHECKING:
    from mock_server.tls import Tls

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
        tls = secure(settings, listening)
    except (SettingError, BindError) as error:
        raise StartError(str(error)) from None
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    url = url_of(listening)
    server = Server(App(engine), settings, on_ready=lambda: _ready(settings, url, tls), tls=tls)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    warning = exposure(settings, listening)
    if warning:
        click.echo(f"minimax-mock: warning: {warning}", err=True)
    try:
        server.run_on(listening)
    except KeyboardInterrupt:
        pass
    finally:
        engine.close()
        if tls is not None:
            tls.close()


def secure(settings: Settings, listening: socket.socket) -> Tls | None:
    """What ``--tls`` needs, if it is on. Raises `BindError` and `SettingError`, with `listening` closed."""
    if not settings.tls:
        return None
    from mock_server.tls import Tls

    try:
        return Tls(settings)
    except (BindError, SettingError):
        listening.close()
        raise


def exposure(settings: Settings, listening: socket.socket) -> str | None:
    """A warning, when machines other than this one can use the admin API without a token."""
    address = listening.getsockname()[0]
    if settings.no_admin or settings.admin_token or address.startswith("127.") or address == "::1":
        return None
    return (
        f"listening on {address}: whoever reaches this machine can read and change the emulator under /_mock "
        "(journal with prompts and images, accounts, clock); --admin-token keeps others out, --no-admin turns it off"
    )


def create_engine(settings: Settings) -> Engine:
    """An engine for these settings, with the accounts of ``--accounts``. Raises `SettingError`."""
    problem = check_public_url(settings.public_url)
    if problem:
        raise SettingError(problem)
    if settings.tls_port != FIELDS["tls_port"].default and not settings.tls:
        raise SettingError(f"tls_port {settings.tls_port} is for --tls, which is not given")
    if settings.admin_hosts:
        from mock_server.admin.hosts import check_admin_hosts

        problem = check_admin_hosts(settings.admin_hosts)
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
    switches = None
    if is_file(settings.profile):
        switches, settings = read_profile(settings.profile), replace(settings, profile=Settings().profile)
    try:
        return Engine(settings, accounts, switches)
    except ScenarioError as error:
        raise SettingError(str(error)) from None


def _ready(settings: Settings, url: str, tls: Tls | None) -> None:
    """Say that the server answers: one line on stdout, and what to do next on stderr."""
    gc.freeze()
    gc.enable()
    admin_url = f"{url}/_mock/" if not settings.no_admin else None
    if settings.json:
        secured = {"tls_url": tls.url if tls else None, "ca_file": tls.ca_file if tls else None}
        event = {"event": "ready", "url": url, "admin_url": admin_url, **secured, "pid": os.getpid()}
        click.echo(msgspec.json.encode(event))
        return
    click.echo(f"minimax-mock ready: {url}")
    entry = "?token=TOKEN" if settings.admin_token else ""
    lines = [f"  dashboard  {admin_url}{entry}"] if admin_url else []
    lines.append(f"  try        {TRY.format(url=url)}")
    lines.append(f"  OpenAI     OPENAI_BASE_URL={url}/openai/v1")
    if tls is not None:
        lines += [f"  TLS        {tls.url}", f"  CA file    {tls.ca_file}"]
        lines.append(f"  try        {TRY.format(url=f'--cacert {shlex.quote(tls.ca_file)} {tls.url}')}")
    lines.append("  stop       Ctrl-C")
    click.echo("\n".join(lines), err=True)
