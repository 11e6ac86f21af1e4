"""What the figures were measured on, and whether they can be measured here at all."""

from __future__ import annotations

import compileall
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
AIMOCK = HERE / "node_modules" / "@copilotkit" / "aimock"
COMMAND = Path(sys.executable).with_name("minimax-mock")

_PACKAGES = ("minimax-mock", "uvicorn", "uvloop", "httptools", "msgspec", "pillow", "pybase64")


class BenchmarkError(Exception):
    """Why there is no figure; the message says what to do."""


def cores() -> tuple[int, int]:
    """The core that servers run on, and the one for everything else."""
    server, load = sorted(os.sched_getaffinity(0))[:2]
    return server, load


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Children started inside run on `core`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def new_file(folder: Path) -> Path:
    """A path in `folder` that nothing has yet; aimock reads fixtures from names in .json only."""
    return folder / f"{len(list(folder.iterdir()))}.json"


def check() -> None:
    """Raise `BenchmarkError` with the command that installs what is missing."""
    if not hasattr(os, "sched_setaffinity") or not Path("/proc/self/stat").exists():
        raise BenchmarkError("the benchmarks pin processes and read /proc: they need Linux")
    if len(os.sched_getaffinity(0)) < 2:
        raise BenchmarkError("two cores are needed: one for the servers, one for the load")
    for program, package in (("wrk", "wrk"), ("node", "nodejs npm")):
        if shutil.which(program) is None:
            raise BenchmarkError(f"{program} is not installed; run: sudo apt-get install -y {package}")
    if not AIMOCK.exists() or _aimock()["version"] != _wanted_aimock():
        raise BenchmarkError(f"aimock {_wanted_aimock()} is not installed; run: npm ci --prefix {HERE.name}")
    if not COMMAND.exists():
        raise BenchmarkError(
            f"{COMMAND.name} is not beside {sys.executable}; run: {sys.executable} -m pip install -e ."
        )


def compile_bytecode() -> str:
    """Write the .pyc files that an installation has, and say so: without them every start compiles all it imports."""
    root = HERE.parent
    for folder in (sysconfig.get_path("purelib"), root / "mock_server", HERE / "peers"):
        compileall.compile_dir(folder, quiet=2)
    off = " (PYTHONDONTWRITEBYTECODE is set here)" if sys.dont_write_bytecode else ""
    return f"python -m compileall -q was run first{off}"


def aimock_script() -> Path:
    """The file behind aimock's command line."""
    return AIMOCK / _aimock()["bin"]["llmock"]


def describe() -> dict[str, str]:
    """Machine and versions."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    wrk = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout.split(" ", 2)[1]
    return {
        "machine": f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "peers": f"aimock {_aimock()['version']} on Node {node.removeprefix('v')}",
        "load": f"wrk {wrk}, one thread on core {cores()[1]}; servers on core {cores()[0]}, keep-alive, loopback",
    }


def _aimock() -> dict:
    return json.loads((AIMOCK / "package.json").read_text())


def _wanted_aimock() -> str:
    return json.loads((HERE / "package.json").read_text())["dependencies"]["@copilotkit/aimock"]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
