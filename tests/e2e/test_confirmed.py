"""What docs/clients/minimax-mcp.md says of the published minimax-mcp is so: its words, its source, and our report."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from contract_tests.catalogue import all_checks
from mock_server import MockAccount
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
PROGRAM = Path(__file__).parent / "programs" / "text_to_image.py"
PAGE = (ROOT / "docs/clients/minimax-mcp.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\w-]+)` \| (\d) \| (.+?) \| (.+?) \|", PAGE, flags=re.MULTILINE)
QUICK = [(name, int(n), said.strip("`"), left) for name, n, said, left in ROWS if said.startswith("`")]
LINES = re.findall(r"`(\w+\.py):(\d+)`: `(.+?)` \|", PAGE)
FAILED = {name: level or "MUST" for level, name in re.findall(r"(SHOULD)? ?`([a-z]+\.[a-z-]+)`", PAGE)}
PASSED = "request.nothing-kept or blocked.told-per-call or download.as-given or network.next-call"
KINDS = {"nothing": None, "an image": (1280, 720), "an image of another size": (1216, 656)}


def left_on_disk(written: list[str]) -> str:
    """What the page calls it."""
    if not written:
        return "nothing"
    content = bytes.fromhex(written[0])
    if content.startswith(b"<!DOCTYPE html"):
        return "a page of HTML"
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return "an image" if image.size == (1280, 720) else "an image of another size"
    except OSError:
        return "a broken image"


def asked(account: MockAccount, folder: Path, calls: list[tuple[str, int]]) -> list[dict[str, object]]:
    env = os.environ | {
        "MINIMAX_API_HOST": account.base_url(), "MINIMAX_API_KEY": account.api_key, "NO_PROXY": "*",
        "MINIMAX_API_RESOURCE_MODE": "local", "MINIMAX_MCP_BASE_PATH": str(folder),
    }  # fmt: skip
    command = [PYTHON, PROGRAM, json.dumps(calls)]
    result = subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_it_says_and_writes_what_the_page_says(minimax_mock: MockAccount, tmp_path: Path) -> None:
    rows = [row for row in QUICK if row[0] != "slow-headers"]  # takes half a minute
    answers = asked(minimax_mock, tmp_path, [(f"a lighthouse [[mock:{name}]]", n) for name, n, _, _ in rows])
    assert len(rows) >= 7
    for (name, _, said, left), answer in zip(rows, answers, strict=True):
        assert str(answer["said"]).startswith(said), name
        assert left_on_disk(answer["written"]) == left, name  # type: ignore[arg-type]


def test_it_saves_an_empty_file_and_lets_null_escape(minimax_mock: MockAccount, tmp_path: Path) -> None:
    minimax_mock.add_fault("empty_body", when={"endpoint": "download"})
    (answer,) = asked(minimax_mock, tmp_path, [("a lighthouse", 1)])
    assert (str(answer["said"])[:7], answer["written"]) == ("Success", [""])
    minimax_mock.reset()
    minimax_mock.add_fault("all_blocked", empty="null")
    (answer,) = asked(minimax_mock, tmp_path, [("a lighthouse", 1)])
    assert answer["said"] == "AttributeError: 'NoneType' object has no attribute 'get'"


def test_its_source_has_the_lines_that_the_page_names() -> None:
    where = "import minimax_mcp; print(minimax_mcp.__path__[0])"
    folder = Path(subprocess.run([PYTHON, "-c", where], capture_output=True, text=True, check=True).stdout.strip())
    assert len(LINES) >= 7
    for file, number, source in LINES:
        assert source in (folder / file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert "timeout=" not in (folder / "client.py").read_text(encoding="utf-8")


@pytest.mark.timeout(300)
def test_the_report_fails_these_checks_and_no_other_of_those_beside_them() -> None:
    tried = " or ".join([*FAILED, PASSED])
    command = [
        sys.executable,
        "-m",
        "mock_server",
        "check",
        "minimax-mcp",
        "--seed",
        "1",
        "--max-examples",
        "1",
        "--json",
    ]
    env = os.environ | {"MINIMAX_MCP_PYTHON": str(PYTHON)}
    said = subprocess.run(
        [*command, "-k", tried], env=env, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    assert said.returncode == 1, said.stderr
    report = json.loads(said.stdout)
    assert report["client"]["version"] == "0.0.19"
    assert {item["id"]: item["level"] for item in report["checks"] if item["status"] == "failed"} == FAILED
    assert {item["id"] for item in report["checks"] if item["status"] == "passed"} == set(PASSED.split(" or "))
    assert set(FAILED) <= {item.id for item in all_checks()}
