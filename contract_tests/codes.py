"""The status codes of the live service as a client should understand them (platform.minimax.io, error codes)."""

from __future__ import annotations

from msgspec import Struct


class Code(Struct, frozen=True):
    """A status code: whether it pays to try again, and what a client may call it.

    ``told`` is the number that a client gets to see of it where that is another one (an HTTP status).
    """

    code: int
    retryable: bool
    categories: tuple[str, ...]
    told: int = 0

    @property
    def seen(self) -> int:
        """The number that a client gets to see."""
        return self.told or self.code


CODES: tuple[Code, ...] = (
    Code(1000, retryable=True, categories=("server", "timeout")),
    Code(1001, retryable=True, categories=("timeout", "server")),
    Code(1002, retryable=True, categories=("rate_limit",)),
    Code(1004, retryable=False, categories=("auth",)),
    Code(1008, retryable=False, categories=("balance",)),
    Code(1024, retryable=True, categories=("server",)),
    Code(1026, retryable=False, categories=("content",)),
    Code(1027, retryable=False, categories=("content",)),
    Code(1033, retryable=True, categories=("server",)),
    Code(1039, retryable=True, categories=("rate_limit", "server", "balance", "invalid_request")),
    Code(2013, retryable=False, categories=("invalid_request",)),
    Code(2049, retryable=False, categories=("auth",)),
    Code(2056, retryable=False, categories=("balance", "rate_limit")),
    Code(2061, retryable=False, categories=("balance", "auth", "invalid_request")),
)
"""Those that the image endpoint documents, or that were recorded with it or beside it."""
