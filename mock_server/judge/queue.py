"""What clients did with queued jobs: the calls about each, by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from mock_server.judge.attempts import Attempt

_JOB = re.compile(rb"/requests/([^/?]+)")
_COMPLETED = b'"status":"COMPLETED"'


class JobCalls(Struct, frozen=True):
    """The calls about one job, oldest first."""

    number: str
    calls: tuple[Attempt, ...]

    def completed_at(self) -> int | None:
        """The place among the calls of the first answer that said that the job is completed."""
        for place, call in enumerate(self.calls):
            if call.exchange.endpoint == "status" and _COMPLETED in call.exchange.response_body:
                return place
        return None

    def failed_at(self) -> int | None:
        """The place among the calls of the first result that was an error for good."""
        for place, call in enumerate(self.calls):
            if call.exchange.endpoint == "result" and call.answer.final:
                return place
        return None


def jobs(attempts: Iterable[Attempt]) -> list[JobCalls]:
    """The jobs that were asked after."""
    found: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        match = _JOB.search(attempt.exchange.target)
        if match and attempt.exchange.face == "fal":
            found.setdefault(match[1].decode("latin-1"), []).append(attempt)
    return [JobCalls(number, tuple(calls)) for number, calls in found.items()]
