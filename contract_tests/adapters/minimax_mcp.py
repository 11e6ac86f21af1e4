"""The vendor's MCP server, as published on PyPI, driven over MCP: one server for each client, its files on disk."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contract_tests.adapters.dialogue import Dialogue
from contract_tests.adapters.exec import image_files
from contract_tests.adapters.interface import (
    FIELDS,
    AdapterError,
    Client,
    Description,
    Failure,
    Images,
    Outcome,
    TooLate,
)
from contract_tests.adapters.programs import environment

PYTHON_VARIABLE = "MINIMAX_MCP_PYTHON"
STARTUP_SECONDS = 60.0
ARGUMENTS = frozenset({"model", "prompt", "aspect_ratio", "n", "prompt_optimizer"})
"""The fields that its tool takes. Those that it is not given it sends all the same: 1:1, one image, optimizer on."""

_PROTOCOL = "2025-06-18"
_SERVER = "from minimax_mcp.server import main; main()"
_VERSION = "from importlib.metadata import version; import minimax_mcp; print(version('minimax-mcp'))"
_INSTALL = f"pip install minimax-mcp, or name a Python that has it in {PYTHON_VARIABLE}"


class MinimaxMcpAdapter:
    """Starts its server for each client, because address and key are read once, at the start."""

    name = "minimax-mcp"
    unsupported = frozenset(FIELDS) - ARGUMENTS
    image_format = None
    describes = True
    skips_pauses = False

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self._python = _python(spec)
        self.version: str | None = _version(spec, self._python)
        self._clients: list[_McpClient] = []

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The servers of the clients that are open."""
        return tuple(client.pid for client in self._clients if client.pid)

    def open(
        self,
        base_url: str,
        api_key: str,
        timeout: float,  # noqa: ARG002  it has none to set
        *,
        sleep: Callable[[float], None] | None = None,  # noqa: ARG002  its waiting cannot be seen from here
    ) -> Client:
        """Start a server."""
        client = _McpClient(self._python, base_url, api_key)
        self._clients = [*(old for old in self._clients if old.pid), client]
        return client

    def close(self) -> None:
        """End the servers of clients that were not closed."""
        for client in self._clients:
            client.close()


class _McpClient:
    def __init__(self, python: str, base_url: str, api_key: str) -> None:
        self._folder = TemporaryDirectory(prefix="minimax-mcp-", ignore_cleanup_errors=True)
        self._command = [python, "-c", _SERVER]
        self._env = environment(base_url, api_key) | {
            "MINIMAX_API_RESOURCE_MODE": "local",
            "MINIMAX_MCP_BASE_PATH": self._folder.name,
        }
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._server: Dialogue | None = None
        self._running()

    @property
    def pid(self) -> int:
        return self._server.pid if self._server is not None else 0

    def _running(self) -> Dialogue:
        with self._lock:
            if self._server is None or not self._server.usable:
                self._server = self._start()
            return self._server

    def _start(self) -> Dialogue:
        server = Dialogue(self._command, "minimax-mcp", env=self._env, lenient=True)
        hello = {
            "protocolVersion": _PROTOCOL,
            "capabilities": {},
            "clientInfo": {"name": "minimax-mock", "version": "1"},
        }
        try:
            server.ask({"jsonrpc": "2.0", "method": "initialize", "params": hello}, STARTUP_SECONDS)
        except TimeoutError:
            msg = f"minimax-mcp did not start within {STARTUP_SECONDS:g} s:\n{server.last_words()}"
            raise AdapterError(msg) from None
        except BaseException:
            server.close(grace=0)
            raise
        server.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return server

    def generate(self, request: Mapping[str, Any], *, within: float) -> Outcome:
        server = self._running()
        folder = Path(self._folder.name) / f"call-{next(self._numbers)}"
        folder.mkdir()
        arguments = {**request, "output_directory": str(folder)}
        call = {"name": "text_to_image", "arguments": arguments}
        try:
            answer = server.ask({"jsonrpc": "2.0", "method": "tools/call", "params": call}, within)
        except TimeoutError:
            return TooLate(within)
        result = answer.get("result")
        if not isinstance(result, dict):
            msg = f"minimax-mcp refused the call: {answer.get('error')}"
            raise AdapterError(msg)
        text = "\n".join(item.get("text", "") for item in result.get("content", ()))
        if result.get("isError"):
            return Failure("isError", text, describe(text), own=False, detail=server.last_words())
        if not text.startswith("Success"):
            return Failure("text", text, describe(text), own=True, detail=server.last_words())
        return Images(tuple(file.read_bytes() for file in image_files(folder)))

    def close(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.close(grace=0)
        self._folder.cleanup()


def describe(text: str) -> Description:
    """What the text of the tool tells: the code of most errors, and in words that a key or a download is at fault."""
    code = re.search(r"API Error: (\d+)-", text)
    category = None
    if "check your API key" in text:
        category = "auth"
    elif text.startswith("Failed to save images"):
        category = "download"
    return Description(int(code[1]) if code else None, category, text)


def _python(spec: str) -> str:
    named = os.environ.get(PYTHON_VARIABLE)
    if named is None and importlib.util.find_spec("minimax_mcp") is None:
        msg = f"the adapter {spec!r} needs minimax-mcp: {_INSTALL}"
        raise AdapterError(msg)
    return named or sys.executable


def _version(spec: str, python: str) -> str:
    try:
        command = [python, "-c", _VERSION]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"the adapter {spec!r} finds no minimax-mcp in {python}: {_INSTALL}"
        raise AdapterError(msg) from error
    return told.stdout.strip()


def adapter(spec: str) -> MinimaxMcpAdapter:
    """The adapter for the server. Raises `AdapterError` where it is not installed."""
    return MinimaxMcpAdapter(spec)
