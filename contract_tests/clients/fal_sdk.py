"""fal-client behind the stdio protocol; started with an interpreter that has ``fal-client``.

Each call is a subscription: submit, ask for the status, fetch the result, and cancel what takes too long.
"""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import fal_client
import fal_client.client as library
import httpx

TEXT, SUBJECT = "fal-ai/minimax/image-01", "fal-ai/minimax/image-01/subject-reference"
NAMES = {"prompt": "prompt", "aspect_ratio": "aspect_ratio", "n": "num_images", "prompt_optimizer": "prompt_optimizer"}
UNSUPPORTED = ("model", "width", "height", "seed", "response_format", "style", "aigc_watermark")
SHORTEST_START_SECONDS = 1.1
"""The client takes no ``start_timeout`` of a second or less."""
OWN = (library.FalClientError, fal_client.auth.MissingCredentialsError)


@lru_cache(maxsize=16)
def client(api_key: str, timeout: float) -> fal_client.AsyncClient:
    """One client for each key, with the client's own repetitions."""
    return fal_client.AsyncClient(key=api_key, default_timeout=timeout)


def lead_to(base_url: str) -> None:
    """Let the client find fal's hosts there. Its settings for that insist on https, these constants do not."""
    library.RUN_URL_FORMAT = f"{base_url}/run/"
    library.QUEUE_URL_FORMAT = f"{base_url}/queue/"


async def generate(asked: dict[str, Any]) -> dict[str, Any]:
    """The images of one call, whose URLs the client leaves to its user."""
    request, timeout = asked["request"], asked["timeout"]
    arguments = {NAMES[name]: value for name, value in request.items() if name in NAMES}
    references = request.get("subject_reference")
    if references:
        arguments["image_url"] = references[0]["image_file"]
    lead_to(asked["base_url"])
    answer = await client(asked["api_key"], timeout).subscribe(
        SUBJECT if references else TEXT,
        arguments,
        client_timeout=timeout,
        start_timeout=max(timeout, SHORTEST_START_SECONDS),
    )
    return {"images": [{"url": image["url"]} for image in answer["images"]]}


def described(error: Exception) -> dict[str, Any]:
    """What the client says of an error."""
    said: dict[str, Any] = {"kind": type(error).__name__, "message": str(error), "own": isinstance(error, OWN)}
    if isinstance(error, library.FalClientHTTPError):
        again = error.response_headers.get("x-fal-retryable")
        said |= {"code": error.status_code, "category": category(error.status_code, str(error.message))}
        return said | ({} if again is None else {"retryable": again == "true"})
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return said | {"category": "timeout"}
    return said | ({"category": "network"} if isinstance(error, httpx.TransportError) else {})


def category(status: int, message: str) -> str:
    """The kind of an error, from what the client hands on of it."""
    if "content_policy_violation" in message:
        return "content"
    if "Exhausted balance" in message:
        return "balance"
    usual = "server" if status >= 500 else "invalid_request"
    return {401: "auth", 403: "auth", 429: "rate_limit", 504: "timeout"}.get(status, usual)


async def answer(asked: dict[str, Any]) -> None:
    """Answer one line."""
    try:
        told = await generate(asked)
    except Exception as error:  # noqa: BLE001  what the client raises is its answer
        told = {"error": described(error)}
    say({"id": asked["id"], **told})


def say(line: dict[str, Any]) -> None:
    """Print one line."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Speak the protocol until told to stop."""
    under_way = set()
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked = json.loads(line)
        if asked["op"] == "stop":
            return
        if asked["op"] == "hello":
            told = {"name": "fal-client", "version": version("fal-client"), "unsupported": UNSUPPORTED}
            say({"id": asked["id"], "describes": True, **told})
        else:
            task = asyncio.create_task(answer(asked))
            under_way.add(task)
            task.add_done_callback(under_way.discard)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message="start_timeout")
    asyncio.run(main())
