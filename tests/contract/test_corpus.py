"""The contract tests tried on known clients: every bug is caught where it should be, no correct client fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.clients.corpus import BROKEN, CORRECT, Broken, Correct

ROOT = Path(__file__).parent.parent.parent
LEFT_OUT = {
    "damage": {"download.broken-image"},
    "size": {"download.wrong-size"},
    "count": {"blocked.not-silent"},
}
"""What a correct client may leave to its user → the checks, all of level SHOULD, that tell it so."""


def results(*arguments: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "mock_server", "check", *arguments, "--json", "--seed", "1"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, timeout=290, check=False)
    assert said.returncode in {0, 1}, said.stdout[-2000:] + said.stderr
    found: list[dict[str, Any]] = json.loads(said.stdout)["checks"]
    return found


def test_the_corpus_is_large() -> None:
    assert len(BROKEN) >= 25
    assert len([client for client in CORRECT.values() if not set(client.without) & set(LEFT_OUT)]) >= 5


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "client"), BROKEN.items(), ids=list(BROKEN))
def test_a_bug_is_caught_where_it_should_be(name: str, client: Broken) -> None:
    found = results(client.adapter, "-k", " or ".join(f"{part}." for part in client.caught_by))
    failed = {item["id"]: item for item in found if item["status"] == "failed"}
    assert [item["reason"] for item in found if item["status"] == "error"] == []
    levels = {item["level"] for item in failed.values()}
    assert "MUST" in levels or (levels and client.level == "SHOULD"), f"{client.bug}: {sorted(failed)}"
    for item in failed.values():
        assert item["reason"]
        assert item["reproduce"]["command"].startswith("minimax-mock check ")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "client"), [item for item in CORRECT.items() if not item[1].needs], ids=lambda item: str(item)[:20]
)
def test_a_correct_client_fails_nothing(name: str, client: Correct) -> None:
    check_correct(client)


@pytest.mark.e2e
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "client"), [item for item in CORRECT.items() if item[1].needs], ids=lambda item: str(item)[:20]
)
def test_a_correct_client_in_another_language_fails_nothing(name: str, client: Correct) -> None:
    missing = [tool for tool in client.needs.split() if shutil.which(tool) is None]
    assert missing == [], f"install {missing}"
    check_correct(client)


def check_correct(client: Correct) -> None:
    found = results(client.adapter, "--max-examples", "10")
    allowed = set[str]().union(*(LEFT_OUT.get(part, set()) for part in client.without))
    failed = {item["id"]: item["reason"] for item in found if item["status"] in {"failed", "error"}}
    assert {name: reason for name, reason in failed.items() if name not in allowed} == {}
    assert {item["level"] for item in found if item["id"] in failed} <= {"SHOULD"}
