"""What came back from one call, as the questions read it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

from contract_tests.targets.guard import code_of
from contract_tests.targets.interface import CouldNotLookError

TRACE_BASE = 1_672_531_200
"""2023-01-01T00:00:00Z, from which ids count their seconds (recorded)."""
HEX32 = re.compile(r"[0-9a-f]{32}")


class Answer:
    """Status, headers and body of an answer; ``at`` is when it came, in seconds since 1970, None in a recording."""

    def __init__(self, status: int, headers: Sequence[tuple[str, str]], body: bytes, at: float | None = None) -> None:
        self.status = status
        self.headers = [(name.lower(), value) for name, value in headers]
        self.body = body
        self.at = at

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object. Raises `CouldNotLookError` when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise CouldNotLookError(f"HTTP {self.status} without a JSON object")
        return found

    @property
    def code(self) -> int:
        """``base_resp.status_code``. Raises `CouldNotLookError`."""
        code: int = self.from_api().fields["base_resp"]["status_code"]
        return code

    def from_api(self) -> Self:
        """Itself, if the API gave it, not a proxy or gateway before it. Raises `CouldNotLookError`."""
        if code_of(self.fields) is None:
            raise CouldNotLookError(f"HTTP {self.status} without base_resp.status_code")
        return self

    @property
    def message(self) -> Any:
        """``base_resp.status_msg``, whatever it is."""
        return self.fields.get("base_resp", {}).get("status_msg")

    def header(self, name: str) -> str | None:
        """The value of a header; None when there is none."""
        return next((value for found, value in self.headers if found == name.lower()), None)

    def success(self) -> dict[str, Any]:
        """The body of a success. Raises `CouldNotLookError` for anything else."""
        if self.code != 0:
            raise CouldNotLookError(f"answered {self.code} ({self.message})")
        return self.fields

    def accepted(self) -> bool:
        """Whether the call was carried out, or refused as invalid (2013). Raises `CouldNotLookError` otherwise."""
        if self.code not in {0, 2013}:
            raise CouldNotLookError(f"answered {self.code} ({self.message})")
        return self.code == 0

    def refusal(self, code: int = 2013) -> Any:
        """The wording of a refusal by that code. Raises `CouldNotLookError` when it was not refused so."""
        if self.code != code:
            raise CouldNotLookError(f"answered {self.code} ({self.message}), not {code}")
        return self.message

    def data(self) -> dict[str, Any]:
        """``data`` of a success. Raises `CouldNotLookError`."""
        data = self.success().get("data")
        if not isinstance(data, dict):
            raise CouldNotLookError(f"a success with data {data!r}")
        return data

    def url(self) -> str:
        """The first image's address. Raises `CouldNotLookError`."""
        urls = self.data().get("image_urls")
        if not isinstance(urls, list) or not urls or not isinstance(urls[0], str):
            raise CouldNotLookError("no image URL in the answer")
        return urls[0]

    def encoded(self) -> list[str]:
        """The images in the answer itself. Raises `CouldNotLookError`."""
        images = self.data().get("image_base64")
        if not isinstance(images, list) or not images or not all(isinstance(image, str) for image in images):
            raise CouldNotLookError("no base64 image in the answer")
        return images


def kind(value: Any) -> str:
    """A value's JSON type, and whether it is empty."""
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "list", dict: "object"}
    name = names[type(value)]
    return f"empty {name}" if value in ([], {}) else name


def present(fields: dict[str, Any], name: str) -> str:
    """``absent``, or the kind of what a field holds."""
    return kind(fields[name]) if name in fields else "absent"
