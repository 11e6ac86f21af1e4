"""A client with the commonest bug: it never looks at base_resp, and takes whatever there is for the images."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener


def factory(base_url: str, api_key: str, timeout: float) -> Callable[[dict[str, Any]], list[bytes | str]]:
    """See docs/adapters.md."""
    opener = build_opener(ProxyHandler({}))

    def generate(request: dict[str, Any]) -> list[bytes | str]:
        headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        call = Request(f"{base_url}/v1/image_generation", json.dumps(request).encode(), headers)
        with opener.open(call, timeout=timeout) as answer:
            data = json.load(answer).get("data") or {}
        return list(data.get("image_urls") or data.get("image_base64") or [])

    return generate


factory.name = "silent"  # type: ignore[attr-defined]
