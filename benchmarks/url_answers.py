"""Answers with image URLs: what the emulator adds to a bare server."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import prompts
from benchmarks.exchange import Request, post
from benchmarks.load import Target
from benchmarks.rounds import Pace, interleaved
from benchmarks.servers import aimock, all_running, answer_of, bare, ours
from benchmarks.tables import Table

CONNECTIONS = 32
OF_BARE = 0.55
OF_AIMOCK = 2.0

REQUEST = post(
    "/v1/image_generation",
    {
        "model": "image-01",
        "prompt": prompts.PROMPT,
        "aspect_ratio": "1:1",
        "response_format": "url",
        "n": 1,
        "seed": "{seed}",
        "prompt_optimizer": False,
    },
    b'"status_msg":"success"',
)


def openai_request(response_format: str, marker: bytes) -> Request:
    """The like of it for aimock, which reads model and prompt."""
    fields = {"model": "gpt-image-1", "prompt": prompts.PROMPT, "size": "1024x1024", "response_format": response_format}
    return post("/v1/images/generations", fields | {"n": 1, "seed": "{seed}"}, marker)


def measure(pace: Pace, folder: Path) -> list[Table]:
    """Emulator, bare server and aimock in turn."""
    answer = answer_of(ours(), REQUEST, folder)
    url = json.loads(answer.body)["data"]["image_urls"][0]
    with all_running([ours(), bare(answer, folder), aimock({"url": url}, folder)], folder) as (mine, empty, canned):
        targets = [
            Target(mine, REQUEST, CONNECTIONS, folder),
            Target(empty, REQUEST, CONNECTIONS, folder),
            Target(canned, openai_request("url", b'"url":'), CONNECTIONS, folder),
        ]
        own, bare_server, peer = interleaved(targets, pace)
    rows = (own.row(), bare_server.against(own, OF_BARE), peer.against(own, OF_AIMOCK))
    note = (
        f"one image URL, {len(answer.body)} bytes of JSON, every seed different, {CONNECTIONS} connections; "
        "bare uvicorn and aimock answer with the same URL every time"
    )
    return [Table("URL answers", "requests/s", rows, note)]
