"""Published clients in a process of their own: found in an interpreter or a folder, and spoken to by stdio."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from msgspec import Struct

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.stdio import StdioAdapter

STARTUP_SECONDS = 30.0
_PROGRAMS = Path(__file__).parent.parent / "clients"
_FIND = 'require("node:module").createRequire(process.argv[1] + "/package.json").resolve(process.argv[2])'


class Package(Struct, frozen=True):
    """A client as its registry has it: what is imported, what is installed, and which variable says where it is."""

    module: str
    install: str
    variable: str
    program: str

    def python(self, spec: str, probe: str = "") -> StdioAdapter:
        """Its program in Python. `probe` fails where the version is too old. Raises `AdapterError`."""
        install = f"pip install {self.install}, or name a Python that has it in {self.variable}"
        named = os.environ.get(self.variable)
        if named is None and importlib.util.find_spec(self.module) is None:
            msg = f"the adapter {spec!r} needs {self.module}: {install}"
            raise AdapterError(msg)
        interpreter = named or sys.executable
        problem = f"finds no {self.install} in {interpreter}: {install}"
        _try(spec, [interpreter, "-c", probe or f"import {self.module}"], problem)
        return _started(spec, [interpreter, str(_PROGRAMS / self.program)])

    def javascript(self, spec: str) -> StdioAdapter:
        """Its program in JavaScript. Raises `AdapterError`."""
        node = shutil.which("node")
        if node is None:
            msg = f"the adapter {spec!r} needs Node 20 or later: apt-get install nodejs npm"
            raise AdapterError(msg)
        folder = str(Path(os.environ.get(self.variable) or ".").resolve())
        problem = (
            f"finds no {self.module} in {folder}: npm install {self.install}, and name the folder in {self.variable} "
            "unless it is this one"
        )
        _try(spec, [node, "-e", _FIND, folder, self.module], problem)
        return _started(spec, [node, str(_PROGRAMS / self.program), folder])


def _try(spec: str, command: list[str], problem: str) -> None:
    try:
        subprocess.run(command, capture_output=True, timeout=60, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"the adapter {spec!r} {problem}"
        raise AdapterError(msg) from error


def _started(spec: str, command: list[str]) -> StdioAdapter:
    adapter = StdioAdapter(f"stdio:{shlex.join(command)}", startup=STARTUP_SECONDS)
    adapter.spec = spec
    return adapter
