"""``?fal_webhook=URL``: the result of a job, signed and delivered, again and again until somebody takes it.

Sources: fal's webhook page (body, signature, first timeout 15 s), a digest of its 2026 edition (31 attempts, 120 s for
later ones, redirects fail for good). From one attempt to the next is not documented: doubling from a second up to ten
minutes, assumed. It passes on the account's clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any

import msgspec
from msgspec import Struct

from mock_server.account import Account
from mock_server.core.reasons import Refusal
from mock_server.core.types import Foreign
from mock_server.dispatch import Engine, Success
from mock_server.faces.fal import postman
from mock_server.faces.fal.answers import files_of, outside, respond
from mock_server.faces.fal.ended import ended_answer
from mock_server.faces.fal.run import no_such_path
from mock_server.faces.fal.schema import OWNER_ALIAS
from mock_server.faces.fal.signing import signed_headers
from mock_server.jobs import Job
from mock_server.journal import Exchange
from mock_server.response import Response

MAX_ATTEMPTS = 31
FIRST_TIMEOUT_SECONDS, LATER_TIMEOUT_SECONDS = 15.0, 120.0
LONGEST_PAUSE_SECONDS = 600.0
LOOK_SECONDS = 0.02
"""How often the account's clock is looked at, in real seconds: it can be moved at any time."""


async def check(url: str, private_hosts: str) -> str | None:
    """What is wrong with a webhook's URL, or None."""
    try:
        await postman.address_for(url, private_hosts)
    except postman.NotAllowedError as error:
        return str(error)
    except OSError:
        return None  # a name that cannot be looked up now is the delivery's trouble
    return None


class Delivery(Struct, frozen=True):
    """Whose job's result goes where; ``cdn`` is what the URLs of its images start with."""

    engine: Engine
    account: Account
    job: Job
    url: str
    cdn: str


def follow(delivery: Delivery) -> None:
    """Deliver the job's result once it is over."""
    delivery.engine.background(_deliver(delivery))


async def _deliver(delivery: Delivery) -> None:
    job, clock = delivery.job, delivery.account.clock
    if not await _until(delivery, lambda now: job.status(now) == "COMPLETED"):
        return
    body = msgspec.json.encode(await _content(delivery.engine, job, delivery.cdn))
    for attempt in range(MAX_ATTEMPTS):
        due = clock.now() + min(2.0**attempt, LONGEST_PAUSE_SECONDS)
        status = await _attempt(delivery, body, attempt)
        if 200 <= status < 400:
            return  # taken, or redirected, which fails for good
        if not await _until(delivery, due.__le__):
            return


async def _until(delivery: Delivery, reached: Callable[[float], bool]) -> bool:
    """Wait for the account's clock; False when the job was forgotten meanwhile."""
    job = delivery.job
    while not reached(delivery.account.clock.now()):
        if delivery.engine.state.jobs.get(job.owner, job.id) is not job:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


async def _content(engine: Engine, job: Job, cdn: str) -> dict[str, Any]:
    """The body of a delivery."""
    response = await _answer(engine, job, cdn)
    content: dict[str, Any] = {"request_id": job.id, "gateway_request_id": job.id}
    try:
        payload = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        payload = None
    content |= {"status": "OK" if response.status == 200 else "ERROR", "payload": payload}
    if response.status != 200:
        content["error"] = f"Invalid status code: {response.status}"
    if payload is None:
        content["payload_error"] = "Response payload is not JSON serializable."
    return content


async def _answer(engine: Engine, job: Job, cdn: str) -> Response:
    decided = job.outcome
    if job.ended_by:
        return ended_answer(job)
    if decided is None:
        return no_such_path(job.app[len(OWNER_ALIAS) :] or "/")
    if isinstance(decided, Foreign):
        return outside(decided, job.id)
    outcome: Success | Refusal = decided.outcome
    files = await files_of(engine, cdn, outcome.album) if isinstance(outcome, Success) else []
    return respond(decided, files)


async def _attempt(delivery: Delivery, body: bytes, attempt: int) -> int:
    """Post it once; the status of the answer, 0 when there was none. The journal has it either way."""
    engine, account, job = delivery.engine, delivery.account, delivery.job
    at, began = account.clock.now(), perf_counter()
    headers = signed_headers(engine.settings.seed, job.id, f"mock|{account.group.decode()}", int(at), body)
    injection = engine.disturb(account, job.face, "webhook", job.id.encode(), job.request)
    hit = injection.take("outcome") or injection.take("wire")
    if hit is None:
        patience = LATER_TIMEOUT_SECONDS if attempt else FIRST_TIMEOUT_SECONDS
        answer = await postman.post(delivery.url, body, headers, patience, engine.settings.webhook_hosts)
    else:
        answer = postman.not_delivered(hit.fault)
    engine.state.append(
        Exchange(
            engine.state.next_exchange(),
            account.name,
            account.label,
            job.face,
            "webhook",
            at,
            began,
            perf_counter() - began,
            "POST",
            delivery.url.encode("latin-1", "replace"),
            postman.head_of(headers),
            body,
            answer.status,
            answer.head,
            answer.body,
            reason=answer.trouble or None,
            prompt=job.request.prompt if job.request else None,
            faults=injection.injected,
        )
    )
    return answer.status
