"""Queued jobs: what was submitted, how far it has come by the account's clock, and what it will be answered with.

How a job gets on is a setting of the account (``jobs``): at once, in seconds, by hand, or by being asked after.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import RLock
from typing import Any, Literal

from msgspec import Struct

from mock_server.core.types import Injected
from mock_server.settings import JOBS_SHORTEST_SECONDS, jobs_mode
from mock_server.shelf import Shelf

Status = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
QUEUED_PART = 0.4
"""Which part of a job's time it waits in the queue (assumed)."""
JOB_BYTES = 1500
"""What a job costs besides its outcome, about."""
BUDGET_BYTES = 8 * 1024 * 1024


class Job(Struct, kw_only=True, eq=False):
    """One queued job. Times are seconds of the account's clock; ``starts`` and ``ends`` infinity until they are known.

    ``outcome`` is what the engine decided when the job was submitted, in the words of the face that queued it.
    ``polls`` is how often it is asked after before it is done, where that is what moves it. ``timed``: when it starts
    and ends was known when it was submitted. ``ended_by`` says what ended it instead of its outcome.
    """

    id: str
    owner: str
    app: str
    face: str
    submitted: float
    starts: float
    ends: float
    outcome: Any
    chance: bytes
    request: Any = None
    refund: Callable[[], None] | None = None
    polls: int | None = None
    polled: int = 0
    timed: bool = True
    ended_by: str = ""
    injected: tuple[Injected, ...] = ()

    def status(self, now: float) -> Status:
        """Where it stands. There is no status for failure: that shows at the result."""
        if now >= self.ends:
            return "COMPLETED"
        return "IN_PROGRESS" if now >= self.starts else "IN_QUEUE"

    def progress(self, now: float) -> float:
        """Which part of the work is done, from 0 to 1."""
        if now >= self.ends:
            return 1.0
        if now < self.starts:
            return 0.0
        return 0.5 if self.ends == inf else (now - self.starts) / (self.ends - self.starts)


class View(Struct, frozen=True):
    """A job as somebody sees it who asks: its status, and how many jobs are before it in the queue."""

    status: Status
    position: int


def schedule(mode: str, now: float, latency: float, held: float) -> tuple[float, float, int | None]:
    """When a job submitted `now` starts and ends, and by how many polls.

    `mode` is the account's ``jobs``, `latency` what a direct call would take, and `held` for how many seconds a fault
    holds the job back.
    """
    kind, number = jobs_mode(mode)
    if kind in {"manual", "polls"} or held == inf:
        return inf, inf, int(number) if kind == "polls" and held < inf else None
    seconds = {"immediate": 0.0, "seconds": number, "time": max(latency, JOBS_SHORTEST_SECONDS)}[kind] + held
    return now + seconds * QUEUED_PART, now + seconds, None


class JobBook:
    """The jobs of all accounts. Each method is atomic."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._jobs: Shelf[str, Job] = Shelf(BUDGET_BYTES)

    def add(self, job: Job) -> None:
        """Keep a job; a busy account may lose its oldest."""
        with self._lock:
            self._jobs.put(job.owner, job.id, job, JOB_BYTES)

    def get(self, owner: str, number: str) -> Job | None:
        """The job with that id, if the account has it."""
        with self._lock:
            job = self._jobs.get(number)
        return job if job is not None and job.owner == owner else None

    def of(self, owner: str | None) -> list[Job]:
        """The jobs of one account, or of all, oldest first."""
        with self._lock:
            return list(self._jobs.of(owner))

    def waiting(self, owner: str, now: float) -> int:
        """How many jobs of the account wait in the queue."""
        with self._lock:
            return sum(job.status(now) == "IN_QUEUE" for job in self._jobs.of(owner))

    def ask(self, job: Job, now: float) -> View:
        """How far a job is. Being asked after moves on a job that goes by polls."""
        with self._lock:
            if job.polls is not None and job.status(now) != "COMPLETED":
                job.polled += 1
                if job.polled > job.polls:
                    job.starts, job.ends = min(job.starts, now), now
                elif job.polled > (job.polls + 1) // 2:
                    job.starts = min(job.starts, now)
            return View(job.status(now), self._before(job, now))

    def _before(self, job: Job, now: float) -> int:
        count = 0
        for other in self._jobs.of(job.owner):
            if other is job:
                break
            count += other.status(now) == "IN_QUEUE"
        return count

    def advance(self, job: Job, now: float, to: Status | None = None) -> Status:
        """Move a job on to a status, or to the next one; never back."""
        with self._lock:
            before = job.status(now)
            wanted = to or ("IN_PROGRESS" if before == "IN_QUEUE" else "COMPLETED")
            if wanted == "COMPLETED" and before != "COMPLETED":
                job.starts, job.ends = min(job.starts, now), now
            elif wanted == "IN_PROGRESS" and before == "IN_QUEUE":
                job.starts = now
            return job.status(now)

    def end(self, job: Job, now: float, why: str) -> Status:
        """End a job that is not over, for that reason; the status that it had. What never started is not paid for."""
        with self._lock:
            before = job.status(now)
            if before != "COMPLETED":
                if before == "IN_QUEUE" and job.refund is not None:
                    job.refund()
                job.starts, job.ends, job.ended_by = min(job.starts, now), now, why
            return before

    def drop(self, owner: str | None) -> None:
        """Forget the jobs of one account, or of all."""
        with self._lock:
            self._jobs.drop(owner)


def as_dict(job: Job, now: float) -> dict[str, Any]:
    """A job as the admin API shows it; times that are not known yet are None."""
    return {
        "id": job.id,
        "face": job.face,
        "app": job.app,
        "status": job.status(now),
        "prompt": job.request.prompt if job.request is not None else None,
        "submitted": job.submitted,
        "starts": None if job.starts == inf else job.starts,
        "ends": None if job.ends == inf else job.ends,
        "polled": job.polled,
        "ended_by": job.ended_by or None,
        "faults": [fault.label for fault in job.injected],
    }
