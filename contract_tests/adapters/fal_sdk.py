"""fal's clients for Python and for JavaScript, as published."""

from __future__ import annotations

from contract_tests.adapters.packaged import Package
from contract_tests.adapters.stdio import StdioAdapter

PYTHON = Package("fal_client", "'fal-client>=0.13'", "FAL_CLIENT_PYTHON", "fal_sdk.py")
JAVASCRIPT = Package("@fal-ai/client", "@fal-ai/client@1.10", "FAL_CLIENT_NODE_FOLDER", "fal_sdk.mjs")


def python(spec: str) -> StdioAdapter:
    """The adapter ``fal-client``. Raises `AdapterError` where it is not installed, or too old to have a timeout."""
    return PYTHON.python(spec, "from fal_client.client import FalClientTimeoutError")


def javascript(spec: str) -> StdioAdapter:
    """The adapter ``fal-js``. Raises `AdapterError` where Node or the client is not installed."""
    return JAVASCRIPT.javascript(spec)
