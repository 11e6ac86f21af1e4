"""How a request ended for the client, read from the answer as it was sent."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from mock_server.core.reasons import REASONS, Reason
from mock_server.journal import MAX_BODY_BYTES, Exchange
from mock_server.judge.heads import header

Ending = Literal["success", "refused", "http_error", "no_answer", "left"]

TOO_EARLY = 425
"""What stands for a 400 that says that a job is still in progress: the same request succeeds later."""
_LISTS = {"fal": "images", "openai": "data"}
"""Face → where its answers list images."""
_TRANSIENT_STATUSES = frozenset({408, 425, 429})
"""Client errors that ask for the same request later (RFC 9110, RFC 8470, RFC 6585)."""
_UNDECIDED_STATUSES = frozenset({409})
"""Client errors that may pass (RFC 9110: "might be able to resolve the conflict"); OpenAI's SDKs try again."""


class Answer(Struct, frozen=True):
    """What the client got.

    ``refused`` is a business error, ``no_answer`` one that was cut off or cannot be read, ``left`` a client that did
    not wait for it. ``code`` is the one that was sent, which a fault may have changed; ``reason`` is None if it did.
    """

    ending: Ending
    status: int = 0
    code: int | None = None
    reason: str | None = None
    image_urls: tuple[str, ...] = ()
    should_retry: bool | None = None
    """What the answer's ``x-should-retry`` says, which OpenAI's SDKs obey before anything else."""

    @property
    def final(self) -> bool:
        """Whether repeating the request is pointless, as far as a client can tell.

        A code that stands for several reasons is final if each of them is; an unknown code is not.
        """
        if self.should_retry:
            return False
        if self.ending == "http_error":
            return self.status < 500 and self.status not in _TRANSIENT_STATUSES | _UNDECIDED_STATUSES
        reasons = _reasons(self.code) if self.ending == "refused" else []
        return bool(reasons) and not any(reason.retryable for reason in reasons)

    @property
    def transient(self) -> bool:
        """Whether the service asks for the same request again, later."""
        if self.failed and self.should_retry is not None:
            return self.should_retry
        if self.ending == "http_error":
            return self.status >= 500 or self.status in _TRANSIENT_STATUSES
        if self.ending != "refused":
            return False
        if self.reason is not None:
            return REASONS[self.reason].retryable
        return any(reason.retryable for reason in _reasons(self.code))

    @property
    def failed(self) -> bool:
        """Whether the client has an answer, and it is no use."""
        return self.ending in {"refused", "http_error", "no_answer"}

    def __str__(self) -> str:
        if self.ending == "refused":
            names = [self.reason] if self.reason else [reason.name for reason in _reasons(self.code)][:1]
            return f"status code {self.code}" + (f" ({names[0].replace('_', ' ')})" if names else "")
        if self.ending == "http_error":
            return f"HTTP {self.status}"
        return {"success": "success", "no_answer": "no readable answer", "left": "leaving"}[self.ending]


def _reasons(code: int | None) -> list[Reason]:
    return [reason for reason in REASONS.values() if reason.code == code]


def answer_of(exchange: Exchange) -> Answer:
    """How `exchange` ended."""
    if exchange.client_gone:
        return Answer("left", exchange.status)
    if not exchange.whole or not exchange.status:
        return Answer("no_answer", exchange.status)
    if exchange.reason == "in_progress":
        return Answer("http_error", TOO_EARLY)
    if exchange.status >= 400:
        return Answer("http_error", exchange.status, should_retry=_should_retry(exchange))
    if exchange.endpoint not in {"generate", "result"}:
        return Answer("success", exchange.status)
    if len(exchange.response_body) > MAX_BODY_BYTES:  # the journal cut it, not the wire
        return _answered(exchange, exchange.code, ())
    try:
        body = msgspec.json.decode(exchange.response_body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Answer("no_answer", exchange.status)
    if exchange.face != "minimax":
        ending: Ending = "success" if isinstance(body, dict) else "no_answer"
        return Answer(ending, exchange.status, image_urls=_urls_of(_LISTS.get(exchange.face, ""), body))
    return _answered(exchange, _status_code(body), _image_urls(body))


def _answered(exchange: Exchange, code: int | None, image_urls: tuple[str, ...]) -> Answer:
    if code is None:
        return Answer("no_answer", exchange.status)
    reason = REASONS.get(exchange.reason or "")
    name = reason.name if reason is not None and reason.code == code else None
    return Answer("refused" if code else "success", exchange.status, code, name, image_urls)


def _should_retry(exchange: Exchange) -> bool | None:
    return {b"true": True, b"false": False}.get(header(exchange.response_head, b"x-should-retry") or b"")


def _status_code(body: Any) -> int | None:
    base_resp = body.get("base_resp") if isinstance(body, dict) else None
    code = base_resp.get("status_code") if isinstance(base_resp, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _urls_of(name: str, body: Any) -> tuple[str, ...]:
    """The URLs of the items under that name, in an answer that has a list of objects."""
    items = body.get(name) if isinstance(body, dict) else None
    found = [item.get("url") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return tuple(url for url in found if isinstance(url, str))


def _image_urls(body: Any) -> tuple[str, ...]:
    data = body.get("data") if isinstance(body, dict) else None
    urls = data.get("image_urls") if isinstance(data, dict) else None
    return tuple(url for url in urls if isinstance(url, str)) if isinstance(urls, list) else ()
