"""The documentation says what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tools.pages import generators

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("generator", generators(), ids=lambda module: module.TARGET.name)
def test_a_generated_page_is_current(generator: ModuleType) -> None:
    assert generator.TARGET.read_text(encoding="utf-8") == generator.page(), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def snippets(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)


RUN = [
    (page, number)
    for page in ("README.md", "docs/run.md", "docs/recordings.md")
    for number in range(len(snippets(ROOT / page, "python")))
]


@pytest.mark.parametrize(("page", "number"), RUN)
def test_a_python_example_runs(page: str, number: int, tmp_path: Path) -> None:
    code = snippets(ROOT / page, "python")[number]
    file = tmp_path / "test_readme_example.py"
    file.write_text(code, encoding="utf-8")
    command = (
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"] if "def test_" in code else [sys.executable]
    )
    command.append(str(file))
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z0-9]+)", page.read_text(encoding="utf-8")))
        assert named <= targets, page.name
