"""Jobs that were ended before they had an outcome: what is said of them at the status, the result and the webhook."""

from __future__ import annotations

from mock_server.faces.fal.answers import platform_error
from mock_server.jobs import Job
from mock_server.response import Response

CANCELLED, TIMED_OUT = "client_cancelled", "request_timeout"
WORDS = {
    CANCELLED: (499, "Request was cancelled by the client."),
    TIMED_OUT: (504, "Request timed out"),
}
"""What ended the job → HTTP status and text."""


def ended_answer(job: Job) -> Response:
    """The result of such a job."""
    status, text = WORDS[job.ended_by]
    user = (("x-fal-request-timeout-type", "user"),) if job.ended_by == TIMED_OUT else ()
    return platform_error(status, job.ended_by, text, (("x-fal-request-id", job.id), *user))
