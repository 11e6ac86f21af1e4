"""What went wrong, for the user of a client: code, category, message, and whether trying again can help."""

from __future__ import annotations

from typing import Any

CATEGORIES = {
    1000: "server", 1001: "timeout", 1002: "rate_limit", 1004: "auth", 1008: "balance", 1013: "server", 1024: "server",
    1026: "content", 1027: "content", 1028: "balance", 1030: "balance", 1033: "server", 1039: "rate_limit",
    1041: "rate_limit", 1042: "invalid_request", 2013: "invalid_request", 2038: "auth", 2045: "rate_limit",
    2049: "auth", 2056: "balance", 2061: "invalid_request",
}  # fmt: skip
RETRYABLE = {1000, 1001, 1002, 1013, 1024, 1033, 1039, 2045}
_BY_STATUS = {401: "auth", 403: "auth", 408: "timeout", 429: "rate_limit"}


class ClientError(Exception):
    """The one error of these clients."""

    def __init__(
        self, message: str, *, category: str | None = None, code: int | None = None, retryable: bool | None = None
    ) -> None:
        super().__init__(message if code is None else f"{message} ({code})")
        self.message = message
        self.category = category
        self.code = code
        self.retryable = retryable
        self.retry_after = 0.0


class DownloadError(ClientError):
    """An image was paid for and could not be fetched: here is what did arrive, and where the rest can be had."""

    def __init__(self, error: ClientError, *, images: list[bytes], urls: list[str]) -> None:
        super().__init__(error.message, category=error.category, retryable=error.retryable)
        self.images = images
        self.urls = urls


def of_code(code: int, message: str) -> ClientError:
    """The service refused."""
    if code == 1000 and message.startswith("disallowed image url"):
        return ClientError(message, code=code, category="invalid_request", retryable=False)
    return ClientError(message, code=code, category=CATEGORIES.get(code, "server"), retryable=code in RETRYABLE)


def of_status(status: int) -> ClientError:
    """Something between the service and us answered."""
    category = _BY_STATUS.get(status, "server" if status >= 500 else "invalid_request" if status >= 400 else "protocol")
    return ClientError(f"HTTP status {status}", category=category, retryable=status in {408, 425, 429} or status >= 500)


def describe(error: BaseException) -> dict[str, Any]:
    """Code, category, message and retryable of an error."""
    if not isinstance(error, ClientError):
        return {"code": None, "category": None, "message": str(error), "retryable": None}
    return {
        "code": error.code, "category": error.category, "message": error.message, "retryable": error.retryable
    }  # fmt: skip
