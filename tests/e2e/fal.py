"""What the tests of fal's clients share: the request of fal's own example, troubles, and what the journal says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mock_server import MockAccount
from tests.e2e.clients import Driven

APP = "fal-ai/minimax/image-01/subject-reference"
PROMPT = "A beautiful woman with a crown on her head."
INPUT = {
    "prompt": PROMPT,
    "image_url": "https://v3.fal.media/files/koala/hQwSnkWm8FDjou5SwLNuX_c223cf93-0036-4b18-bbea-bf6d0da7f210.png",
}
LOCKED = "User is locked. Reason: {}"


def own_trouble(status: int, kind: str) -> dict[str, Any]:
    """An error of fal's platform, as a fault."""
    return {
        "kind": "http_status",
        "status": status,
        "content_type": "application/json",
        "headers": {"X-Fal-Error-Type": kind},
        "body": f'{{"detail":"{kind}","error_type":"{kind}"}}',
    }


def calls(account: MockAccount) -> list[tuple[str, int]]:
    """Each call that came: what it was, and with which HTTP status it was answered."""
    return [(item["endpoint"], item["status"]) for item in account.journal()]


def attempts(account: MockAccount) -> dict[str, int]:
    """How often each kind of call came."""
    return dict(Counter(item["endpoint"] for item in account.journal()))


def run(fal: Driven, account: MockAccount, arguments: Mapping[str, Any] = INPUT, **call: Any) -> dict[str, Any]:
    """What comes of a direct run by fal-client."""
    kwargs = {"arguments": arguments} | call.pop("kwargs", {})
    return fal("run", call.pop("app", APP), key=account.api_key, kwargs=kwargs, **call)
