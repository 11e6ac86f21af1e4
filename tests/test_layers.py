"""Imports point down only, and no module keeps state: the rules of docs/architecture.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mock_server"

LAYERS = [
    {
        "nearest",
        "settings",
        "clock",
        "ids",
        "shelf",
        "memo",
        "strict",
        "response",
        "fixture_files",
        "user_file",
        "grade",
        "claims",
    },
    {"core"},
    {"render", "faults"},
    {
        "album",
        "jobs",
        "uploads",
        "marks",
        "prompt_plan",
        "journal",
        "feed",
        "account",
        "state",
        "memory_state",
        "accounts_file",
        "profile_file",
    },
    {"injection", "latency", "fetch", "references", "dispatch"},
    {"faces", "admin", "judge"},
    {"app", "protocol", "server", "tls", "serving", "client", "assertions"},
    {"intercept"},
    {"cli", "commands", "pytest_plugin", "__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def unit(dotted: str) -> str:
    """``mock_server.faces.minimax.routes`` → ``faces``."""
    return dotted.split(".")[1] if "." in dotted else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in {"mock_server", "contract_tests"}}


def dotted_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", modules(), ids=dotted_name)
def test_imports_point_down(path: Path) -> None:
    here = dotted_name(path)
    if here == "mock_server":
        return
    assert unit(here) in LEVEL, f"{here} has no layer: add it to LAYERS and docs/architecture.md"
    for target in imports(path):
        if target == "mock_server.__version__":
            continue
        if target.startswith("contract_tests."):
            assert unit(here) == "commands", f"{here} imports {target}: only commands may"
            continue
        assert LEVEL[unit(target)] <= LEVEL[unit(here)], f"{here} imports {target}, which lies above it"


@pytest.mark.parametrize("path", sorted((ROOT / "contract_tests").rglob("*.py")), ids=dotted_name)
def test_only_the_emulator_target_of_the_contract_tests_knows_the_emulator(path: Path) -> None:
    known = {target for target in imports(path) if target.startswith("mock_server")} - {"mock_server.nearest.nearest"}
    assert not known or dotted_name(path) == "contract_tests.targets.emulator", f"{path} imports {known}"


@pytest.mark.parametrize("path", modules(), ids=dotted_name)
def test_a_face_never_imports_another(path: Path) -> None:
    parts = dotted_name(path).split(".")
    if parts[1:2] != ["faces"] or len(parts) < 4:
        return
    others = {item.name for item in (PACKAGE / "faces").iterdir() if item.is_dir()} - {parts[2], "__pycache__"}
    for target in imports(path):
        assert target.split(".")[2:3] not in [[other] for other in others], f"{parts} imports {target}"


@pytest.mark.parametrize("path", modules(), ids=dotted_name)
def test_no_module_keeps_state(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Global), f"{path}: global statement"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            empty = isinstance(node.value, ast.List | ast.Dict | ast.Set) and not list(ast.iter_child_nodes(node.value))
            assert not empty, f"{path}:{node.lineno}: an empty container at module level is state"


def test_files_stay_under_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("mock_server", "contract_tests", "tests", "benchmarks", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("mock_server.serving", ["fastapi", "pydantic", "PIL", "httpx", "yaml", "rich", "trustme", "cryptography"]),
        ("mock_server.app", ["fastapi", "pydantic", "PIL", "httpx", "yaml", "rich", "mock_server.faults.kinds"]),
        ("mock_server.app", ["tomllib", "mock_server.claims"]),
        ("mock_server.cli", ["uvicorn", "msgspec", "fastapi", "pydantic", "PIL", "httpx", "yaml", "rich"]),
        ("contract_tests.plugin", ["hypothesis", "msgspec", "rich", "httpx", "mock_server"]),
        ("mock_server.intercept.ways", ["fastapi", "pydantic", "PIL", "httpx", "rich", "trustme", "cryptography"]),
        ("mock_server.intercept.in_process", ["uvicorn", "fastapi", "PIL", "httpx", "rich", "cryptography"]),
        ("mock_server.pytest_plugin", ["uvicorn", "msgspec", "click", "fastapi", "PIL", "httpx", "mock_server.client"]),
        ("mock_server", ["uvicorn", "msgspec", "click", "fastapi", "PIL", "httpx"]),
    ],
)
def test_a_start_imports_nothing_that_it_does_not_need(module: str, heavy: list[str]) -> None:
    program = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
