"""The published clients that come along: driven as they are, with what they do wrong."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from contract_tests.adapters.interface import AdapterError, Client, Description, Failure, Images, TooLate
from contract_tests.adapters.minimax_mcp import describe
from contract_tests.adapters.resolve import resolve
from mock_server import MockAccount, inspect
from tests.contract.adapters.conftest import REQUEST, WITHIN, Open, Resolve
from tests.contract.adapters.test_stdio import are_gone, is_running
from tests.e2e.conftest import ROOT


def test_the_snippet_delivers_what_it_asked_for(opened: Open, minimax_mock: MockAccount) -> None:
    outcome = opened("requests-snippet").generate(REQUEST | {"n": 2, "aspect_ratio": "16:9"}, within=WITHIN)
    assert isinstance(outcome, Images)
    assert [inspect(image).index for image in outcome.images if isinstance(image, bytes)] == [0, 1]
    (call,) = minimax_mock.journal()
    body = REQUEST | {"n": 2, "aspect_ratio": "16:9", "response_format": "base64"}
    assert json.loads(call["request"]["body"]) == body


def test_the_snippet_ends_in_a_key_error_where_the_service_refuses(opened: Open, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault("status_code", code=1008)
    failure = opened("requests-snippet").generate(REQUEST, within=WITHIN)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.message, failure.own) == ("KeyError", "'data'", False)


def test_the_snippet_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("contract_tests.adapters.requests_snippet.version", absent)
    with pytest.raises(AdapterError) as raised:
        resolve("requests-snippet")
    assert str(raised.value) == "the adapter 'requests-snippet' needs requests: pip install requests"


def test_minimax_mcp_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    install = "pip install minimax-mcp, or name a Python that has it in MINIMAX_MCP_PYTHON"
    monkeypatch.delenv("MINIMAX_MCP_PYTHON", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AdapterError) as raised:
        resolve("minimax-mcp")
    assert str(raised.value) == f"the adapter 'minimax-mcp' needs minimax-mcp: {install}"
    for python in ("/nowhere/python", sys.executable):
        monkeypatch.setenv("MINIMAX_MCP_PYTHON", python)
        with pytest.raises(AdapterError) as raised:
            resolve("minimax-mcp")
        assert str(raised.value) == f"the adapter 'minimax-mcp' finds no minimax-mcp in {python}: {install}"


@pytest.mark.parametrize(
    ("text", "code", "category"),
    [
        ("Failed to generate images: API Error: 1008-insufficient balance Trace-Id: 07", 1008, None),
        (
            "Failed to generate images: API Error: login fail, please check your API key and API host.Trace-Id: 07",
            None,
            "auth",
        ),
        ("Failed to save images: 403 Client Error: Forbidden for url: http://host/a", None, "download"),
        ("Failed to generate images: No images generated", None, None),
    ],
)
def test_the_text_of_minimax_mcp_is_taken_at_its_word(text: str, code: int | None, category: str | None) -> None:
    assert describe(text) == Description(code, category, text)


@pytest.fixture
def mcp(monkeypatch: pytest.MonkeyPatch, adapter: Resolve, minimax_mock: MockAccount) -> Iterator[Client]:
    python = os.environ.get("MINIMAX_MCP_PYTHON", str(ROOT / ".venv-clients" / "bin" / "python"))
    monkeypatch.setenv("MINIMAX_MCP_PYTHON", python)
    client = adapter("minimax-mcp").open(minimax_mock.base_url(), minimax_mock.api_key, 20.0)
    yield client
    client.close()


@pytest.mark.e2e
def test_minimax_mcp_delivers_files_and_sends_the_optimizer_by_itself(mcp: Client, minimax_mock: MockAccount) -> None:
    for _ in range(2):  # one server for both
        outcome = mcp.generate({"prompt": "a/b fox", "n": 2, "aspect_ratio": "3:2"} | REQUEST, within=WITHIN)
        assert isinstance(outcome, Images)
        assert [inspect(image).index for image in outcome.images if isinstance(image, bytes)] == [0, 1]
    assert json.loads(minimax_mock.journal()[0]["request"]["body"])["prompt_optimizer"] is True


@pytest.mark.e2e
def test_minimax_mcp_tells_the_code_and_crashes_on_null(mcp: Client, minimax_mock: MockAccount) -> None:
    minimax_mock.add_fault("status_code", code=1008, times=1)
    minimax_mock.add_fault("null_data")
    refused = mcp.generate(REQUEST, within=WITHIN)
    assert isinstance(refused, Failure)
    assert (refused.kind, refused.own) == ("text", True)
    assert refused.description is not None
    assert refused.description.code == 1008
    crashed = mcp.generate(REQUEST, within=WITHIN)
    assert isinstance(crashed, Failure)
    assert (crashed.kind, crashed.own) == ("isError", False)
    assert crashed.message.startswith("Error executing tool text_to_image")


@pytest.mark.e2e
def test_minimax_mcp_waits_for_ever_and_is_started_again(
    mcp: Client, minimax_mock: MockAccount, tmp_path: Path
) -> None:
    minimax_mock.add_fault("hang", times=1)
    pid = mcp.pid  # type: ignore[attr-defined]
    assert is_running(pid)
    assert mcp.generate(REQUEST, within=0.5) == TooLate(0.5)
    assert are_gone([pid])
    assert isinstance(mcp.generate(REQUEST, within=WITHIN), Images)
