"""What can go wrong for the reference client, what it tells its user of it, and what it tries again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

LATER = {1000, 1001, 1002, 1013, 1024, 1033, 1039, 2045}
"""The codes whose documented solution is to retry later."""
CATEGORIES = {
    1000: "server", 1001: "timeout", 1002: "rate_limit", 1004: "auth", 1008: "balance", 1013: "server",
    1024: "server", 1026: "content", 1027: "content", 1028: "balance", 1030: "balance", 1033: "server",
    1039: "rate_limit", 1041: "rate_limit", 2038: "auth", 2045: "rate_limit", 2049: "auth", 2056: "balance",
    2061: "balance",
}  # fmt: skip
STATUSES = {401: "auth", 402: "balance", 403: "auth", 408: "timeout", 429: "rate_limit", 504: "timeout"}


class ImageError(Exception):
    """Why there are no images. `retryable`: the same call may succeed later; `url`: an image that is paid for."""

    def __init__(
        self, message: str, category: str, *, code: int | None = None, retryable: bool = False, repeat: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.category = category
        self.retryable = retryable or repeat
        self.repeat = repeat
        self.retry_after = 0.0
        self.url: str | None = None


def refused(code: int, message: str, trace: str) -> ImageError:
    """The error for a status code of the service. One that is not known is no reason to try again."""
    later = code in LATER and "disallowed" not in message  # 1000 is also said of references that it will not fetch
    text = f"{message} (code {code}){trace}"
    return ImageError(text, CATEGORIES.get(code, "invalid_request"), code=code, repeat=later)


def unreadable(answer: httpx.Response, trace: str) -> ImageError:
    """The error for an answer without a readable ``base_resp``: the HTTP status is all there is."""
    status, kind = answer.status_code, answer.headers.get("Content-Type", "no content type")
    if status < 400:
        msg = f"HTTP {status} with {len(answer.content)} bytes ({kind}) that are no answer of the API{trace}"
        return ImageError(msg, "protocol")
    category = STATUSES.get(status, "server" if status >= 500 else "invalid_request")
    msg = f"HTTP {status} {answer.reason_phrase}{trace}"
    error = ImageError(msg, category, repeat=transient(status))
    error.retry_after = retry_after(answer)
    return error


def transient(status: int) -> bool:
    """Whether an HTTP status asks for another attempt."""
    return status >= 500 or status in {408, 425, 429}


def retry_after(answer: httpx.Response) -> float:
    """How many seconds the answer asks to wait: Retry-After is a number, or a date by the clock of who sent it."""
    said = answer.headers.get("Retry-After", "")
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(answer.headers["Date"]) if "Date" in answer.headers else datetime.now(UTC)
        return (until - now).total_seconds()
    except (TypeError, ValueError):
        return 0.0
