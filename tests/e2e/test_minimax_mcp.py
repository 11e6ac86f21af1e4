"""The vendor's own MCP server, as published, against the emulator."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from mock_server import MockAccount, MockServer, inspect
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
PROGRAM = Path(__file__).parent / "programs" / "call_minimax_mcp.py"


def text_to_image(account: MockAccount, folder: Path, **arguments: object) -> str:
    env = os.environ | {
        "MINIMAX_API_HOST": account.base_url(),
        "MINIMAX_API_KEY": account.api_key,
        "MINIMAX_API_RESOURCE_MODE": "local",
        "MINIMAX_MCP_BASE_PATH": str(folder),
        "NO_PROXY": "*",
    }
    command = [PYTHON, PROGRAM, json.dumps(arguments)]
    result = subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_it_saves_the_images_that_it_asked_for(minimax_mock: MockAccount, tmp_path: Path) -> None:
    said = text_to_image(minimax_mock, tmp_path, prompt="a red fox in snow", n=2, aspect_ratio="3:2")
    assert said.startswith("Success. Images saved as:"), said
    files = sorted(tmp_path.glob("*.jpg"))
    assert len(files) == 2
    for file in files:
        with Image.open(file) as image:
            image.load()
            assert image.size == (1248, 832)
    facts = [inspect(file.read_bytes()) for file in files]
    assert [item.index for item in facts] == [0, 1]
    assert {item.prompt for item in facts} == {"a red fox in snow"}
    generated, *downloads = minimax_mock.journal()
    assert json.loads(generated["request"]["body"])["prompt_optimizer"] is True
    assert [item["endpoint"] for item in downloads] == ["download", "download"]


@pytest.mark.minimax_mock(balance_usd=0)
def test_it_says_why_it_failed(minimax_mock: MockAccount, minimax_mock_server: MockServer, tmp_path: Path) -> None:
    said = text_to_image(minimax_mock, tmp_path, prompt="a red fox in snow")
    assert said.startswith("Failed to generate images: API Error: 1008-insufficient balance"), said
    assert list(tmp_path.glob("*")) == []
