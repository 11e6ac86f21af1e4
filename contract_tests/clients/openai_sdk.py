"""OpenAI's SDK for Python behind the stdio protocol; started with an interpreter that has ``openai``."""

from __future__ import annotations

import base64
import json
import sys
import threading
from functools import cache
from typing import Any

import openai

MODELS = {"image-01": "minimax/minimax-image-01"}
FORMATS = {"base64": "b64_json"}
OWN = frozenset({"model", "prompt", "n", "response_format"})
"""The fields that the SDK has arguments for; the others go through ``extra_body``."""
CATEGORIES = {401: "auth", 402: "balance", 403: "auth", 429: "rate_limit"}
_printing = threading.Lock()


@cache
def client(base_url: str, api_key: str, timeout: float) -> openai.OpenAI:
    """One SDK client for each place and key, with the SDK's own two retries."""
    return openai.OpenAI(base_url=base_url, api_key=api_key, timeout=timeout)


def generate(asked: dict[str, Any]) -> dict[str, Any]:
    """The images of one call, as the SDK gives them; URLs are left to the user."""
    request = asked["request"]
    named = {name: value for name, value in request.items() if name in OWN}
    named["model"] = MODELS.get(named["model"], named["model"])
    if "response_format" in named:
        named["response_format"] = FORMATS.get(named["response_format"], named["response_format"])
    extra = {name: value for name, value in request.items() if name not in OWN}
    sdk = client(asked["base_url"], asked["api_key"], asked["timeout"])
    answer = sdk.images.generate(**named, extra_body=extra or None)
    return {"images": [image_of(item) for item in answer.data]}


def image_of(item: Any) -> dict[str, str]:
    """An image as the SDK hands it on."""
    if item.b64_json:
        base64.b64decode(item.b64_json, validate=True)
        return {"base64": item.b64_json}
    if not item.url:
        raise ValueError("the answer has an item without an image")
    return {"url": item.url}


def described(error: Exception) -> dict[str, Any]:
    """What the SDK says of an error."""
    said: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    said["own"] = isinstance(error, openai.OpenAIError)
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        usual = "server" if status >= 500 else "invalid_request"
        said |= {"code": status, "category": CATEGORIES.get(status, usual)}
        if error.type == "content_policy_violation":
            said["category"] = "content"
    elif isinstance(error, openai.APITimeoutError):
        said["category"] = "timeout"
    elif isinstance(error, openai.APIConnectionError):
        said["category"] = "network"
    return said


def answer(asked: dict[str, Any]) -> None:
    """Answer one line."""
    try:
        told = generate(asked)
    except Exception as error:  # noqa: BLE001  what the client raises is its answer
        told = {"error": described(error)}
    say({"id": asked["id"], **told})


def say(line: dict[str, Any]) -> None:
    """Print one line."""
    with _printing:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Speak the protocol until told to stop."""
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["op"] == "stop":
            return
        if asked["op"] == "hello":
            unsupported = ["width", "height"]
            told = {"name": "openai (Python)", "version": openai.__version__, "unsupported": unsupported}
            say({"id": asked["id"], "describes": True, **told})
        else:
            threading.Thread(target=answer, args=(asked,), daemon=True).start()


if __name__ == "__main__":
    main()
