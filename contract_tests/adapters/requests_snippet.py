"""The example of MiniMax's image generation guide, as published: only host, key and request are parameters."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.python import PythonAdapter


def create(base_url: str, api_key: str, timeout: float) -> Callable[[Mapping[str, Any]], list[bytes]]:  # noqa: ARG001
    """The example as a function. It has no timeout, and so has this."""
    import requests

    url = f"{base_url}/v1/image_generation"
    headers = {"Authorization": f"Bearer {api_key}"}

    def generate(request: Mapping[str, Any]) -> list[bytes]:
        payload = {**request, "response_format": "base64"}

        response = requests.post(url, headers=headers, json=payload)  # noqa: S113  as published
        response.raise_for_status()

        images = response.json()["data"]["image_base64"]

        return [base64.b64decode(images[i]) for i in range(len(images))]

    return generate


def adapter(spec: str) -> PythonAdapter:
    """The adapter for the example. Raises `AdapterError` where `requests` is not installed."""
    try:
        installed = version("requests")
    except PackageNotFoundError as error:
        msg = f"the adapter {spec!r} needs requests: pip install requests"
        raise AdapterError(msg) from error
    made = PythonAdapter(spec, create)
    made.version = f"with requests {installed}"
    made.unsupported = frozenset({"response_format"})  # the example asks for base64, and reads nothing else
    return made
