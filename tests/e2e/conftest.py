"""What the end-to-end tests share: an emulator started as a user starts it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mock_server import MockAccount, MockServer
from tests.e2e.clients import PROGRAMS, Driven

ROOT = Path(__file__).parent.parent.parent
FAL_PYTHONS = {"1.0.3": ROOT / ".venv-clients/bin/python", "0.10.0": ROOT / ".venv-clients-old/bin/python"}
NEWEST, OLD = FAL_PYTHONS
QUICK = {"BASE_DELAY": 0.001}
"""The client's own pause before it repeats, which else adds up to fifty seconds."""


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The URL of ``make serve`` on a free port."""
    env = os.environ | {"ARGS": "--port 0", "PYTHON": sys.executable}
    with subprocess.Popen(
        ["make", "-s", "serve"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[-1]
        finally:
            os.killpg(process.pid, 2)
            assert process.wait(timeout=20) in {0, 130, -2}  # make ends itself with the signal it got


@pytest.fixture(scope="session")
def secure_server() -> Iterator[MockServer]:
    """An emulator inside the tests that also listens with TLS, for clients that insist on https."""
    with MockServer(tls=True) as server:
        yield server


def fal_environment(server: MockServer, version: str, **more: Any) -> dict[str, str]:
    """Settings that lead this version to the emulator: its own variables over TLS, or other constants."""
    constants = {"REST_URL": f"{server.url}/fal/rest", "CDN_URL": f"{server.url}/fal/cdn", **more}
    env = {"PYTHONPATH": str(PROGRAMS / "fal_constants")}
    if version == NEWEST:
        host = server.tls_url.removeprefix("https://")
        env |= {"FAL_RUN_HOST": f"{host}/fal/run", "FAL_QUEUE_RUN_HOST": f"{host}/fal/queue"}
        env |= {"SSL_CERT_FILE": server.ca_file}
    else:
        constants |= {"RUN_URL_FORMAT": f"{server.url}/fal/run/", "QUEUE_URL_FORMAT": f"{server.url}/fal/queue/"}
    return env | {"FAL_CONSTANTS": json.dumps(constants)}


def drive_fal(server: MockServer, version: str) -> Driven:
    env = fal_environment(server, version, **QUICK)
    return Driven([FAL_PYTHONS[version], PROGRAMS / "drive_fal.py"], env)


@pytest.fixture(scope="session")
def newest_fal(secure_server: MockServer) -> Iterator[Driven]:
    """The newest fal-client."""
    with drive_fal(secure_server, NEWEST) as driven:
        yield driven


@pytest.fixture(scope="session")
def old_fal(secure_server: MockServer) -> Iterator[Driven]:
    """A fal-client from before its queue's host could be set."""
    with drive_fal(secure_server, OLD) as driven:
        yield driven


@pytest.fixture(params=[NEWEST, OLD])
def fal_python(request: pytest.FixtureRequest) -> Driven:
    """Both."""
    driven: Driven = request.getfixturevalue("newest_fal" if request.param == NEWEST else "old_fal")
    return driven


@pytest.fixture
def fal_account(secure_server: MockServer) -> MockAccount:
    return secure_server.account(jobs="polls:2")


@pytest.fixture(scope="session")
def fal_js(secure_server: MockServer) -> Iterator[Driven]:
    """The newest @fal-ai/client."""
    with Driven(["node", PROGRAMS / "drive_fal.mjs"], {"FAL_EMULATOR": secure_server.url}) as driven:
        yield driven


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A PNG file of some size."""
    with io.BytesIO() as file:
        Image.effect_noise((300, 300), 80).save(file, "PNG")
        return file.getvalue()
