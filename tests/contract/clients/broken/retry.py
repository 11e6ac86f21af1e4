"""Tries again when it must not, too often, or too soon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.clients.broken.bug import OBSERVED, bug
from tests.contract.clients.errors import ClientError, DownloadError
from tests.contract.clients.httpx_client import Call, Client


@bug("Every status code is tried again, also those that cannot succeed (1008, 1026).", "retry.final-once",
     seen_in="https://github.com/adrianlyjak/obsidian-aloud-tts/pull/114")  # fmt: skip
class RetriesRefusals(Client):
    def retryable(self, error: ClientError) -> bool:
        return super().retryable(error) or error.code is not None


class _ForEver(Client):
    """Calls again, each time with a new limit; twenty times are more than any caller waits for."""

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        for attempt in range(20):
            try:
                return super().__call__(request)
            except ClientError as error:
                if isinstance(error, DownloadError) or not self.hopes(error):
                    raise
                self.sleep(min(2.0**attempt, 30.0))
        return super().__call__(request)

    def hopes(self, error: ClientError) -> bool:
        """Whether to call again."""
        raise NotImplementedError


@bug("Refusals that cannot succeed are tried again for ever.", "retry.final-once")
class RetriesRefusalsForEver(_ForEver):
    def hopes(self, error: ClientError) -> bool:
        return error.code is not None and not error.retryable


@bug("Tries again as long as the rate limit lasts, without an end.", "retry.bounded")
class UnboundedRetries(_ForEver):
    attempts = 1

    def hopes(self, error: ClientError) -> bool:
        return error.category == "rate_limit"


@bug("Tries again at once, without any pause.", "retry.bounded")
class HotLoop(Client):
    attempts = 5

    def pause(self, attempt: int, error: ClientError) -> float:
        return 0.0


@bug("Tries again every half second: the pause does not grow.", "retry.bounded")
class FixedPause(Client):
    attempts = 5

    def pause(self, attempt: int, error: ClientError) -> float:
        return 0.5


@bug("Retry-After is not read: comes back before the time that it was told.", "retry.gateway-bounded")
class IgnoresRetryAfter(Client):
    def pause(self, attempt: int, error: ClientError) -> float:
        return 2.0**attempt


@bug("A failed download generates again, and pays again.", "retry.pays-once")
class RegeneratesOnFailedDownload(Client):
    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return super().__call__(request)
        except DownloadError:
            return super().__call__(request)


@bug("An expired URL (403) is tried again as if that could pass.", "retry.download-final", seen_in=OBSERVED)
class RetriesExpiredDownload(Client):
    def refused(self, reply: Any) -> ClientError:
        error = super().refused(reply)
        error.retryable = True
        return error


@bug("The loop over attempts does not end with a success: each call is generated and paid for twice.",
     "retry.after-success", "machine.agrees-with-the-ledger")  # fmt: skip
class SendsAgainAfterSuccess(Client):
    def ask(self, call: Call) -> dict[str, Any]:
        for _ in range(2):
            said = super().ask(call)
        return said


@bug("The second attempt lacks the seed, which the first one took out of the options.", "retry.same-request")
class LosesSeedOnRetry(Client):
    def ask(self, call: Call) -> dict[str, Any]:
        call.request = dict(call.request)
        return super().ask(call)

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        call.request.pop("seed", None)
        return body
