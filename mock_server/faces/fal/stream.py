"""``/status/stream``: the status as server-sent events, until the job is completed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from mock_server.account import Account
from mock_server.faces.disturbance import held_back
from mock_server.faces.fal.phases import FACE
from mock_server.faces.fal.queue import find, status_content, wants_logs
from mock_server.faces.turn import Turn
from mock_server.faces.wire import TurnConnection
from mock_server.faults.library import MAGIC
from mock_server.jobs import Job
from mock_server.response import Response, header_pairs

_HEAD = (
    b"content-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\naccess-control-allow-origin: *\r\n"
)
LOOK_SECONDS = 0.05
"""How often the account's clock is looked at, in real seconds."""
PING_SECONDS = 15.0
PING = b": ping\n\n"


async def stream(turn: Turn, number: str) -> None:
    """Tell every change of a job as it happens."""
    found = await find(turn, "status", number)
    if found is None:
        return
    account, job = found
    turn.request = job.request
    asked = job.request is not None and MAGIC in job.request.prompt
    if account.rules is None and not asked:
        await _send(turn, _events(turn, account, job))
        return
    turn.injection = turn.engine.disturb(account, FACE, "status", b"stream " + number.encode(), job.request)
    if await held_back(turn, turn.injection):
        await _disturbed(turn, account, job)


async def _events(turn: Turn, account: Account, job: Job) -> AsyncIterator[bytes]:
    """An event for each change, with the log lines that are new, and a comment when there was none for long."""
    told, lines, quiet = "", 0, 0.0
    logs = wants_logs(turn)
    while True:
        now = account.clock.now()
        view = turn.engine.state.jobs.ask(job, now)
        content = status_content(turn, job, view, now, logs=logs)
        new = (content["logs"] or [])[lines:]
        if view.status != told or new:
            told, lines, quiet = view.status, lines + len(new), 0.0
            if logs:
                content["logs"] = new
            yield b"data: " + msgspec.json.encode(content) + b"\n\n"
        elif quiet >= PING_SECONDS:
            quiet = 0.0
            yield PING
        if told == "COMPLETED":
            return
        quiet += LOOK_SECONDS
        if not await turn.pause(LOOK_SECONDS):
            return


async def _send(turn: Turn, events: AsyncIterator[bytes]) -> None:
    """Send each event as it comes."""
    await turn.send_message({"type": "http.response.start", "status": 200, "headers": header_pairs(_HEAD)})
    text = b""
    async for event in events:
        text += event
        await turn.send_message({"type": "http.response.body", "body": event, "more_body": True})
    turn.response = Response(200, _HEAD, text)
    turn.record()
    if not turn.client_gone:
        await turn.send_message({"type": "http.response.body", "body": b""})


async def _disturbed(turn: Turn, account: Account, job: Job) -> None:
    """The same with a fault on the wire, if one fires: that one gets the whole text, once it is known."""
    injection = turn.injection
    if injection is None or not injection.may("wire"):
        await _send(turn, _events(turn, account, job))
        return
    text = b"".join([event async for event in _events(turn, account, job)])
    response = Response(200, b"%bcontent-length: %d\r\n" % (_HEAD, len(text)), text)
    hit = injection.take("wire", response)
    if hit is None:
        await turn.send(response)
        return
    turn.response = response
    await hit.fault.put(TurnConnection(turn), response)
