"""OpenAI's SDKs for Python and for JavaScript, as published, each driven in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.stdio import StdioAdapter

PYTHON_VARIABLE = "OPENAI_PYTHON"
NODE_VARIABLE = "OPENAI_NODE_FOLDER"
STARTUP_SECONDS = 30.0
_PROGRAMS = Path(__file__).parent.parent / "clients"
_INSTALL = f"pip install openai, or name a Python that has it in {PYTHON_VARIABLE}"
_INSTALL_JS = f"npm install openai@6, and name the folder in {NODE_VARIABLE} unless it is this one"


def python(spec: str) -> StdioAdapter:
    """The adapter ``openai``. Raises `AdapterError` where the SDK is not installed."""
    named = os.environ.get(PYTHON_VARIABLE)
    if named is None and importlib.util.find_spec("openai") is None:
        msg = f"the adapter {spec!r} needs openai: {_INSTALL}"
        raise AdapterError(msg)
    interpreter = named or sys.executable
    _try(spec, [interpreter, "-c", "import openai"], f"finds no openai in {interpreter}: {_INSTALL}")
    return _started(spec, [interpreter, str(_PROGRAMS / "openai_sdk.py")])


def javascript(spec: str) -> StdioAdapter:
    """The adapter ``openai-js``. Raises `AdapterError` where Node or the SDK is not installed."""
    node = shutil.which("node")
    if node is None:
        msg = f"the adapter {spec!r} needs Node 20 or later: apt-get install nodejs npm"
        raise AdapterError(msg)
    folder = str(Path(os.environ.get(NODE_VARIABLE) or ".").resolve())
    question = 'require("node:module").createRequire(process.argv[1] + "/package.json").resolve("openai")'
    _try(spec, [node, "-e", question, folder], f"finds no openai in {folder}: {_INSTALL_JS}")
    return _started(spec, [node, str(_PROGRAMS / "openai_sdk.mjs"), folder])


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
