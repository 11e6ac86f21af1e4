"""Clients made for one test."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from contract_tests.adapters.interface import Adapter, Client
from contract_tests.adapters.resolve import resolve
from mock_server import MockAccount

REQUEST = {"model": "image-01", "prompt": "a lighthouse at dawn"}
NOWHERE = "http://127.0.0.1:9"
WITHIN = 30.0

Resolve = Callable[[str], Adapter]
Write = Callable[[str], str]
Open = Callable[..., Client]


@pytest.fixture
def adapter() -> Iterator[Resolve]:
    """Resolve a spec; closed after the test."""
    with ExitStack() as stack:

        def made(spec: str) -> Adapter:
            found = resolve(spec)
            stack.callback(found.close)
            return found

        yield made


@pytest.fixture
def opened(adapter: Resolve, minimax_mock: MockAccount) -> Iterator[Open]:
    """A client of a spec, pointed at the account of this test; its waiting moves the account's clock."""
    with ExitStack() as stack:

        def made(spec: str, timeout: float = 20.0) -> Client:
            account = minimax_mock
            client = adapter(spec).open(account.base_url(), account.api_key, timeout, sleep=account.advance)
            stack.callback(client.close)
            return client

        yield made


@pytest.fixture
def factory(tmp_path: Path) -> Write:
    """Write a module; the spec of its function ``create``."""

    def written(source: str) -> str:
        file = tmp_path / "my_client.py"
        file.write_text(dedent(source), encoding="utf-8")
        return f"{file}:create"

    return written


@pytest.fixture
def program(tmp_path: Path) -> Write:
    """Write a Python program that speaks the protocol; its spec."""

    def written(source: str) -> str:
        file = tmp_path / "speaker.py"
        file.write_text(PROLOGUE + dedent(source), encoding="utf-8")
        return f"stdio:{shlex.quote(sys.executable)} {shlex.quote(str(file))}"

    return written


PROLOGUE = """
import json, os, sys, threading
def say(**answer):
    print(json.dumps(answer), flush=True)
def hear():
    line = sys.stdin.readline()
    return json.loads(line) if line else {"op": "stop"}
def greet(**more):
    say(id=hear()["id"], name="speaker", version="1", unsupported=[], **more)
"""
