"""The queue: submit, status, result, cancel. Source: fal's queue pages, and what its clients need (docs/fal.md)."""

from __future__ import annotations

from math import inf
from typing import Any
from urllib.parse import parse_qs

from mock_server.account import Account
from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal, refuse
from mock_server.core.types import Foreign
from mock_server.dispatch import Arrival, Decision, Success
from mock_server.faces.endpoint import answer
from mock_server.faces.fal import errors, webhooks
from mock_server.faces.fal.answers import outside, platform_error, problem, refused, reply, request_id
from mock_server.faces.fal.ended import CANCELLED, TIMED_OUT, WORDS, ended_answer
from mock_server.faces.fal.logs import log_lines
from mock_server.faces.fal.phases import FACE, authenticated, begin, disturbed, stranger
from mock_server.faces.fal.run import FACES, no_such_app, no_such_path, start_timeout
from mock_server.faces.fal.schema import OWNER_ALIAS
from mock_server.faces.origin import own_url
from mock_server.faces.turn import Turn
from mock_server.jobs import Job, View, schedule
from mock_server.latency import latency_of
from mock_server.response import Response


async def submit(turn: Turn, name: str) -> None:
    """Queue a request. Its input is not looked at here: what is wrong with it shows at the result."""
    if not await turn.read():
        return
    caller = begin(turn, "submit")
    known = name == OWNER_ALIAS or name.startswith(OWNER_ALIAS + "/")
    parse = FACES[name].parse if name in FACES else next(iter(FACES.values())).parse
    arrival = turn.engine.receive(caller, turn.body, turn.headers, parse)
    account = arrival.account
    if account is None:
        await turn.send(stranger(turn, arrival.refusal or refuse("unauthorized")))
        return
    turn.account, turn.now = account, arrival.now
    if not known:
        await turn.send(no_such_app("/".join(name.split("/")[:2])))
        return
    hook = _query(turn).get("fal_webhook")

    async def queued() -> Response:
        return await _queue(turn, arrival, account, name, hook)

    await disturbed(turn, account, arrival.request, queued)


async def _queue(turn: Turn, arrival: Arrival, account: Account, name: str, hook: str | None) -> Response:
    longest = _query(turn).get("fal_max_queue_length", "")
    jobs = turn.engine.state.jobs
    if longest.isdecimal() and jobs.waiting(account.name, arrival.now) >= int(longest):
        return platform_error(429, "max_queue_length_exceeded", f"Queue is longer than {int(longest)}")
    if hook is not None:
        trouble = await webhooks.check(hook, turn.engine.settings.webhook_hosts)
        if trouble is not None:
            return reply(422, {"detail": [{"loc": ["query", "fal_webhook"], "msg": trouble, "type": "value_error"}]})
    held = 0.0
    hit = arrival.injection.take("before") if arrival.injection is not None else None
    if hit is not None:
        held = hit.fault.seconds_at(hit.moment)
    decided = await turn.engine.decide(arrival) if name in FACES else None
    outcome = decided.outcome if isinstance(decided, Decision) else None
    if isinstance(outcome, Refusal) and errors.answered_at_submit(outcome.reason):
        turn.code, turn.reason = outcome.reason.code, outcome.reason.name
        return refused(outcome, request_id(arrival.chance), arrival.profile.fal_retry_header)
    job = _job(turn, arrival, name, decided, held)
    jobs.add(job)
    if hook is not None:
        webhooks.follow(webhooks.Delivery(turn.engine, account, job, hook, own_url(turn, "/fal/cdn")))
    urls = _urls(turn, job)
    before = max(0, jobs.waiting(account.name, job.submitted) - 1)
    body: dict[str, Any] = {"status": "IN_QUEUE", "request_id": job.id, **urls, "queue_position": before}
    if hook is not None:
        body["gateway_request_id"] = job.id
    return reply(200, body, (("x-fal-request-id", job.id),))


def _job(turn: Turn, arrival: Arrival, name: str, decided: Decision | Foreign | None, held: float) -> Job:
    account = arrival.account or turn.engine.nobody
    outcome = decided.outcome if isinstance(decided, Decision) else None
    latency = latency_of(account, isinstance(outcome, Success), arrival.chance)
    starts, ends, polls = schedule(account.settings.jobs, arrival.now, latency, held)
    job = Job(
        id=request_id(arrival.chance),
        owner=account.name,
        app=name,
        face=FACE,
        submitted=arrival.now,
        starts=starts,
        ends=ends,
        polls=polls,
        timed=ends < inf,
        outcome=decided,
        chance=arrival.chance,
        request=arrival.request,
        injected=arrival.injection.injected if arrival.injection is not None else (),
    )
    if isinstance(outcome, Success):
        job.refund = turn.engine.refunding(account, FACE, arrival.now, outcome)
    patience = start_timeout(turn)
    if patience is not None and starts - arrival.now > patience:
        job.starts = job.ends = arrival.now + patience
        job.ended_by = TIMED_OUT
    return job


def _query(turn: Turn) -> dict[str, str]:
    given = parse_qs(turn.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return {name: values[-1] for name, values in given.items()}


def _urls(turn: Turn, job: Job) -> dict[str, str]:
    """Where to ask for status and result, and to cancel: below owner and alias, whatever the endpoint."""
    url = f"{own_url(turn, '/fal/queue')}/{OWNER_ALIAS}/requests/{job.id}"
    return {"response_url": url, "status_url": f"{url}/status", "cancel_url": f"{url}/cancel"}


async def find(turn: Turn, endpoint: str, number: str) -> tuple[Account, Job] | None:
    """The caller and the job asked for; None when that has been answered already."""
    if not await turn.read():
        return None
    account = authenticated(turn, endpoint)
    if isinstance(account, Response):
        await turn.send(account)
        return None
    job = turn.engine.state.jobs.get(account.name, number)
    if job is None:
        await turn.send(_not_found(endpoint, number))
        return None
    return account, job


def _not_found(endpoint: str, number: str) -> Response:
    if endpoint == "cancel":
        return reply(404, {"status": "NOT_FOUND"})
    return problem(404, f"Request {number} not found")


async def status(turn: Turn, number: str) -> None:
    """How far a job is: 202 until it is completed."""
    found = await find(turn, "status", number)
    if found is None:
        return
    account, job = found

    async def told() -> Response:
        view = turn.engine.state.jobs.ask(job, account.clock.now())
        code = 200 if view.status == "COMPLETED" else 202
        content = status_content(turn, job, view, account.clock.now(), logs=wants_logs(turn))
        return reply(code, content, (("x-fal-request-id", job.id),))

    await disturbed(turn, account, job.request, told)


def wants_logs(turn: Turn) -> bool:
    """Whether log lines are asked for: the clients say ``true`` or ``1``."""
    return _query(turn).get("logs", "").lower() in {"1", "true"}


def status_content(turn: Turn, job: Job, view: View, now: float, *, logs: bool) -> dict[str, Any]:
    """The status object. ``logs`` is always there, null unless asked for: clients look it up without asking."""
    content: dict[str, Any] = {"status": view.status, "request_id": job.id, **_urls(turn, job)}
    if view.status == "IN_QUEUE":
        content["queue_position"] = view.position
    content["logs"] = log_lines(job, now) if logs else None
    if view.status == "COMPLETED":
        content["metrics"] = {} if job.ended_by else {"inference_time": round(job.ends - job.starts, 6)}
    if view.status == "COMPLETED" and job.ended_by:
        content |= {"error": WORDS[job.ended_by][1], "error_type": job.ended_by}
    return content


async def result(turn: Turn, number: str) -> None:
    """What the model answered: with its own status, errors included."""
    found = await find(turn, "result", number)
    if found is None:
        return
    account, job = found

    async def given() -> Response:
        if job.status(account.clock.now()) != "COMPLETED":
            turn.reason = "in_progress"
            return problem(400, "Request is still in progress", (("x-fal-request-id", job.id),))
        return await outcome_of(turn, job)

    await disturbed(turn, account, job.request, given)


async def outcome_of(turn: Turn, job: Job) -> Response:
    """The answer of a job that is over."""
    if job.ended_by:
        return ended_answer(job)
    turn.also_injected = job.injected
    if job.outcome is None:
        return no_such_path(job.app[len(OWNER_ALIAS) :] or "/")
    if isinstance(job.outcome, Foreign):
        return outside(job.outcome, job.id)
    return await answer(FACES[job.app], turn, job.outcome)


async def cancel(turn: Turn, number: str) -> None:
    """Cancel a job: one that waits is taken out, one that runs is told to stop."""
    found = await find(turn, "cancel", number)
    if found is None:
        return
    account, job = found

    async def cancelled() -> Response:
        before = turn.engine.state.jobs.end(job, account.clock.now(), CANCELLED)
        return cancelled_answer(before, account.profile, job)

    await disturbed(turn, account, job.request, cancelled)


def cancelled_answer(before: str, profile: Profile, job: Job) -> Response:
    """The answer to a cancellation, by the status that the job had."""
    number = (("x-fal-request-id", job.id),)
    if before == "COMPLETED":
        return reply(400, {"status": "ALREADY_COMPLETED"}, number)
    if profile.fal_cancel == "success":
        return reply(200, {"success": True}, number)
    if profile.fal_cancel == "requested" or before == "IN_PROGRESS":
        return reply(202, {"status": "CANCELLATION_REQUESTED"}, number)
    return reply(200, {"status": "OK"}, number)
