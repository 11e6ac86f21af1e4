"""The least that uvicorn can do: one answer, given as a file, to every request.

``bare.py PORT ANSWER CONFIG``: ANSWER is JSON with ``status``, ``headers`` (pairs) and ``body`` (base64), CONFIG the
keyword arguments of uvicorn's configuration as JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from uvicorn.config import Config
from uvicorn.server import Server


def main(port: str, answer: str, config: str) -> None:
    stored = json.loads(Path(answer).read_bytes())
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in stored["headers"]]
    start = {"type": "http.response.start", "status": stored["status"], "headers": headers}
    body = {"type": "http.response.body", "body": base64.b64decode(stored["body"])}

    async def app(_scope: object, _receive: object, send: Callable[[object], Awaitable[None]]) -> None:
        await send(start)
        await send(body)

    server = Server(Config(app, port=int(port), **json.loads(config)))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server.serve())


if __name__ == "__main__":
    main(*sys.argv[1:])
