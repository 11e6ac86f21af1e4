"""Drives the clients that are no Python, as simply as their tests need."""

from __future__ import annotations

import base64
import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.contract.clients.corpus import CORRECT


class RefusedError(Exception):
    """The program said no; ``said`` is what it told of that."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        super().__init__(said["message"])
        self.said = dict(said)


def node(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The client over stdio; a process for each call."""

    def generate(request: Mapping[str, Any]) -> dict[str, Any]:
        asked = {"base_url": base_url, "api_key": api_key, "timeout": timeout, "request": dict(request)}
        hello, said = talk([{"id": 1, "op": "hello"}, {"id": 2, "op": "generate"} | asked])
        assert (hello["describes"], said["id"]) == (True, 2)
        if "error" in said:
            raise RefusedError(said["error"])
        return {"images": [base64.b64decode(it["base64"]) for it in said["images"]], "failed": said["failed"]}

    return generate


node.describe = lambda error: error.said


def talk(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send all of it, then say stop once every answer is there; the answers in the order of their ids."""
    command = shlex.split(CORRECT["node"].adapter.removeprefix("stdio:"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        for request in requests:
            process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in requests]
        process.stdin.write('{"op":"stop"}\n')
        process.stdin.flush()
        assert process.wait(timeout=10) == 0
    return sorted(answers, key=lambda it: it["id"])


def curl(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], list[bytes]]:
    """The client over exec."""
    template = shlex.split(CORRECT["curl"].adapter.removeprefix("exec:"))

    def generate(request: Mapping[str, Any]) -> list[bytes]:
        with tempfile.TemporaryDirectory() as out:
            values = {**request, "timeout": timeout, "out_dir": out}
            given = [part for part in template if not part.startswith("{") or part[1:-1] in values]
            pairs = zip(given, [*given[1:], "{}"], strict=True)
            kept = [part for part, after in pairs if not part.startswith("--") or after.startswith("{")]
            command = [part.format_map(values) for part in kept]
            env = os.environ | {
                "MINIMAX_API_KEY": api_key,
                "MINIMAX_API_HOST": base_url,
                "MINIMAX_TIMEOUT": str(timeout),
            }
            ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
            files = sorted(Path(out).iterdir())
            if ended.returncode:
                assert not files
                raise RefusedError({"message": f"{ended.returncode}: {ended.stderr.strip()}"})
            return [file.read_bytes() for file in files]

    return generate
