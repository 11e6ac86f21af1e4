"""The programs that are published for the service, verbatim, with their real hosts; and what Node has of its own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from mock_server import inspect
from tests.intercept.command import ROOT, run

pytestmark = pytest.mark.e2e
PROGRAMS = Path(__file__).parent / "programs"
MODULES = Path(__file__).parent / "node_modules"
CLIENTS = ROOT / ".venv-clients" / "bin" / "python"
WAYS = ["env", "proxy", "sandbox"]


@pytest.mark.parametrize("via", WAYS)
@pytest.mark.parametrize("name", ["guide_text.py", "guide_reference.py"])
def test_the_python_programs_of_the_guide(via: str, name: str, tmp_path: Path) -> None:
    result = run("--", str(CLIENTS), str(PROGRAMS / name), via=via, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "  minimax  generate  1 ok\n" in result.stderr
    (output,) = tmp_path.glob("output-*.jpeg")
    with Image.open(output) as image:
        image.load()
        assert (image.format, image.size) == ("JPEG", (1280, 720))
    assert inspect(output.read_bytes()).prompt in (PROGRAMS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("via", ["proxy", "sandbox"])
def test_the_curl_program_of_the_reference(via: str) -> None:
    """Verbatim but for the two placeholders, which nobody could send as they are."""
    command = (PROGRAMS / "image_to_image.sh").read_text(encoding="utf-8")
    command = command.replace("<token>", "sk-api-curl").replace("<content-type>", "application/json")
    result = run("--", "bash", "-euc", command, via=via)
    assert json.loads(result.stdout)["metadata"] == {"failed_count": "0", "success_count": "2"}, result.stderr
    assert "  minimax  generate  1 ok\n" in result.stderr


@pytest.mark.parametrize("via", ["proxy", "sandbox"])
def test_the_curl_program_of_fal(via: str) -> None:
    result = run("--", "bash", str(PROGRAMS / "guide_fal.sh"), via=via)
    (image,) = json.loads(result.stdout)["images"]
    assert image["url"].startswith("https://v3.fal.media/files/"), result.stderr
    assert "  fal    generate  1 ok\n  saved  1 image, $0.0100 at live prices" in result.stderr


@pytest.mark.parametrize("via", WAYS)
def test_the_python_program_of_fal(via: str) -> None:
    result = run("--", str(CLIENTS), str(PROGRAMS / "guide_fal.py"), via=via)
    assert result.returncode == 0, result.stderr
    assert "'url': 'https://v3.fal.media/files/" in result.stdout
    assert "  fal    submit  1 ok\n" in result.stderr
    assert "  fal    result  1 ok\n" in result.stderr


@pytest.mark.parametrize("via", WAYS)
def test_the_javascript_program_of_fal(via: str, tmp_path: Path) -> None:
    shutil.copy(PROGRAMS / "guide_fal.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(MODULES)
    result = run("--", "node", "guide_fal.mjs", via=via, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "url: 'https://v3.fal.media/files/" in result.stdout
    assert re.search(r"(?m)^[0-9a-f-]{36}$", result.stdout), "the request id came in a header"
    assert "  fal    result  1 ok\n" in result.stderr


@pytest.mark.parametrize("via", WAYS)
def test_every_way_in_which_node_connects(via: str) -> None:
    result = run("--", "node", str(PROGRAMS / "node_ways.mjs"), via=via)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "fetch ffd8 https://api.minimax.io/v1/image_generation",
        "https ffd8 200",
        "named ffd8 200",
        "agent ffd8 200",
    ]


def test_verbose_says_what_node_is_redirected_to() -> None:
    result = run("-v", "--", "node", "-e", "fetch('https://fal.run/').then(r => console.log(r.status))")
    assert re.search(r"minimax-mock: fal\.run -> 127\.0\.0\.1:\d+ \(node:tls\)", result.stderr)


def test_options_and_hosts_of_the_users_own_stay_in_node(tmp_path: Path) -> None:
    (tmp_path / "theirs.cjs").write_text("globalThis.theirs = 1", encoding="ascii")
    program = "console.log(theirs); fetch('https://example.invalid').catch(e => console.log(e.cause.code))"
    options = f"--require {tmp_path / 'theirs.cjs'}"
    assert run("--", "node", "-e", program, NODE_OPTIONS=options).stdout == "1\nENOTFOUND\n"


@pytest.mark.parametrize("via", WAYS)
def test_the_python_program_of_the_gateway(via: str) -> None:
    result = run("--", str(CLIENTS), str(PROGRAMS / "gateway_quickstart.py"), via=via)
    assert result.stdout.startswith("https://media.aigateway.sh/img/"), result.stderr
    assert "  openai  generate  1 ok\n" in result.stderr
