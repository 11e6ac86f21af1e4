"""fal's own examples, unchanged, and webhooks that its clients ask for."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockAccount, MockServer, inspect
from tests.e2e.clients import PROGRAMS, Driven
from tests.e2e.conftest import FAL_PYTHONS, fal_environment
from tests.e2e.fal import APP, INPUT, attempts
from tests.e2e.webhook import is_genuine, receiver

pytestmark = pytest.mark.e2e
MESSAGES = ["Request received by the runner.", "Generating image 1 of 1."]


def output(command: list[str | Path], env: dict[str, str], account: MockAccount) -> list[str]:
    whole = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    whole |= env | {"FAL_KEY": account.api_key}
    result = subprocess.run(command, env=whole, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize("version", FAL_PYTHONS)
def test_the_python_example_runs_unchanged(secure_server: MockServer, fal_account: MockAccount, version: str) -> None:
    env = fal_environment(secure_server, version)
    *messages, shown = output([FAL_PYTHONS[version], PROGRAMS / "guide_fal.py"], env, fal_account)
    assert messages == MESSAGES
    assert "'file_name': 'image.jpg'" in shown
    assert attempts(fal_account) == {"submit": 1, "status": 4, "result": 1}


def test_the_javascript_example_runs_unchanged(secure_server: MockServer, fal_account: MockAccount) -> None:
    command: list[str | Path] = ["node", "--import", PROGRAMS / "configure_fal.mjs", PROGRAMS / "guide_fal.mjs"]
    lines = output(command, {"FAL_PROXY_URL": f"{secure_server.url}/fal/proxy"}, fal_account)
    printed = [f"{text} {index} [ {', '.join(map(repr, MESSAGES))} ]" for index, text in enumerate(MESSAGES)]
    assert lines[:2] == printed  # its forEach(console.log) prints the index and the whole list too
    assert "file_name: 'image.jpg'" in "\n".join(lines)
    assert len(lines[-1]) == 36
    assert attempts(fal_account) == {"submit": 1, "status": 3, "result": 1}


def submitted(driven: Driven, account: MockAccount, url: str, arguments: Any) -> str:
    if driven.command[0] == "node":
        asked = {"input": arguments, "webhookUrl": url}
        return str(driven("queue.submit", APP, asked, key=account.api_key)["value"]["request_id"])
    kwargs = {"arguments": arguments, "webhook_url": url}
    return str(driven("submit", APP, key=account.api_key, kwargs=kwargs)["value"]["request_id"])


@pytest.mark.parametrize("client", ["newest_fal", "old_fal", "fal_js"])
def test_a_webhook_is_delivered_and_genuine(
    request: pytest.FixtureRequest, secure_server: MockServer, fal_account: MockAccount, client: str
) -> None:
    jwks = httpx.get(f"{secure_server.url}/fal/rest/.well-known/jwks.json", trust_env=False).json()
    fal_account.configure(jobs="immediate")
    driven: Driven = request.getfixturevalue(client)
    with receiver() as (url, got):
        number = submitted(driven, fal_account, url, INPUT)
        headers, body = delivery = got.get(timeout=20)
        wrong = submitted(driven, fal_account, url, {"prompt": 7})
        refused = json.loads(got.get(timeout=20)[1])
    told = json.loads(body)
    assert (told["request_id"], told["status"], headers["X-Fal-Webhook-Request-Id"]) == (number, "OK", number)
    assert abs(int(headers["X-Fal-Webhook-Timestamp"]) - time.time()) < 300
    assert is_genuine(delivery, jwks)
    assert not is_genuine((headers, body + b" "), jwks)
    picture = httpx.get(told["payload"]["images"][0]["url"], verify=False, trust_env=False).content
    assert inspect(picture).prompt == INPUT["prompt"]
    assert (refused["request_id"], refused["status"], refused["error"]) == (wrong, "ERROR", "Invalid status code: 422")
    assert refused["payload"]["detail"][0]["loc"] == ["body", "prompt"]
