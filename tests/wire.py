"""The shape of the fixture that most tests use."""

from __future__ import annotations

from typing import Any, Protocol

import httpx


class Generate(Protocol):
    """Post a generation request as the account of the test; keyword arguments are fields, ``...`` leaves one out."""

    def __call__(self, **fields: Any) -> httpx.Response: ...
