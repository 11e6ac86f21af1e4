"""The wheel: built, installed into a clean environment, and used."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import httpx
import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.timeout(300)  # pip takes its time


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)], check=True, capture_output=True
    )
    (built,) = out.glob("minimax_mock-*.whl")
    return built


def test_the_wheel_holds_both_packages_and_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "mock_server/py.typed" in names
    assert {"contract_tests/__init__.py", "contract_tests/pytest.ini", "contract_tests/report/report.css"} <= set(names)
    pages = {f"mock_server/admin/dashboard/{file.name}" for file in (ROOT / "mock_server/admin/dashboard").iterdir()}
    assert pages <= set(names)
    assert any(name.startswith("mock_server/render/fonts/") and name.endswith((".ttf", ".otf")) for name in names)
    assert {"mock_server/intercept/node_hook/preload.cjs", "mock_server/intercept/python_hook/sitecustomize.py"} < {
        *names
    }
    fixtures = {file.relative_to(ROOT / "fixtures") for file in (ROOT / "fixtures").rglob("*") if file.is_file()}
    assert {name for name in names if "/_fixtures/" in name} == {f"mock_server/_fixtures/{file}" for file in fixtures}
    assert not any(name.startswith(("tests/", "benchmarks/", "tools/")) for name in names)
    assert wheel.stat().st_size < 8_000_000


@pytest.fixture(scope="module")
def binaries(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that has the wheel, and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", str(wheel)], check=True, capture_output=True)
    return folder / "bin"


def run(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=env, timeout=200, check=False)


def test_the_installed_wheel_checks_a_client(binaries: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [binaries / "minimax-mock", "check", "reference", "--level", "must", "--seed", "1"]
    said = run([*command, "--max-examples", "2", "--report", "out"], tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert {file.name for file in tmp_path.iterdir()} == {"out"}
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert {item["status"] for item in report["checks"]} == {"passed"}
    assert len(report["checks"]) > 30
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert (ROOT / "contract_tests/report/report.css").read_text(encoding="utf-8").strip() in page
    joined = run([binaries / "minimax-mock", "report", "out", "--out", "matrix.html"], tmp_path)
    assert joined.returncode == 0, joined.stderr
    assert "request.as-asked" in (tmp_path / "matrix.html").read_text(encoding="utf-8")
    command = [binaries / "python", "-m", "pytest", "--pyargs", "contract_tests", "-q"]
    as_any = run([*command, "--minimax-client", "reference", "-k", "success.seed"], tmp_path)
    assert as_any.returncode == 0, as_any.stdout + as_any.stderr
    assert "1 passed" in as_any.stdout


def test_an_image_comes_from_the_installed_wheel(binaries: Path, tmp_path: Path) -> None:
    listing = "from mock_server.faults.library import Library; print(*Library().names())"
    listed = subprocess.run(
        [binaries / "python", "-c", listing], check=True, capture_output=True, text=True, cwd=tmp_path
    ).stdout.split()
    assert {file.stem for file in (ROOT / "fixtures/scenarios").iterdir()} < set(listed)
    command = [str(binaries / "minimax-mock"), "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path
    ) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().split()[-1]
            with httpx.Client(trust_env=False) as client:
                body = {"model": "image-01", "prompt": "来自轮子的图像", "aspect_ratio": "21:9"}
                answer = client.post(f"{url}/v1/image_generation", json=body, headers={"Authorization": "Bearer k"})
                magic = {"Authorization": "Bearer sk-api-mock-rate-limit-then-ok"}
                calls = [client.post(f"{url}/v1/image_generation", json=body, headers=magic).json() for _ in range(3)]
                assert [call["base_resp"]["status_code"] for call in calls] == [1002, 1002, 0]
                image = client.get(answer.json()["data"]["image_urls"][0])
                assert client.get(f"{url}/_mock/health").json()["status"] == "ok"
            with Image.open(io.BytesIO(image.content)) as opened:
                assert (opened.format, opened.size) == ("JPEG", (1344, 576))
        finally:
            process.terminate()
