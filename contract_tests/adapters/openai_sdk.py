"""OpenAI's SDKs for Python and for JavaScript, as published."""

from __future__ import annotations

from contract_tests.adapters.packaged import Package
from contract_tests.adapters.stdio import StdioAdapter

PYTHON = Package("openai", "openai", "OPENAI_PYTHON", "openai_sdk.py")
JAVASCRIPT = Package("openai", "openai@6", "OPENAI_NODE_FOLDER", "openai_sdk.mjs")


def python(spec: str) -> StdioAdapter:
    """The adapter ``openai``. Raises `AdapterError` where the SDK is not installed."""
    return PYTHON.python(spec)


def javascript(spec: str) -> StdioAdapter:
    """The adapter ``openai-js``. Raises `AdapterError` where Node or the SDK is not installed."""
    return JAVASCRIPT.javascript(spec)
