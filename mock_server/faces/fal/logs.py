"""The log lines of a job, as they come while it works (form: fal's queue page; texts: assumed)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mock_server.jobs import Job


def log_lines(job: Job, now: float) -> list[dict[str, Any]]:
    """The lines written until `now`, oldest first."""
    if now < job.starts:
        return []
    span = job.ends - job.starts if job.timed else 0.0
    wanted = job.request.n if job.request is not None else 1
    script = [(0.0, "INFO", "Request received by the runner.")]
    for index in range(wanted):
        script += [(0.1 + 0.8 * index / wanted, "INFO", f"Generating image {index + 1} of {wanted}.")]
    done = job.progress(now)
    script.append((1.0, "INFO", "Request cancelled." if job.ended_by else "Request finished."))
    stamps = {part: job.ends if part == 1 else job.starts + part * span for part, _, _ in script}
    return [_line(stamps[part], level, text) for part, level, text in script if part <= done]


def _line(at: float, level: str, message: str) -> dict[str, Any]:
    stamp = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"timestamp": stamp, "message": message, "level": level, "source": "USER", "labels": {"level": level}}
