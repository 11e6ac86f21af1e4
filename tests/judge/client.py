"""A small client over a real socket that can do things right, and wrong. It moves the account's clock to wait."""

from __future__ import annotations

import json
from typing import Any

import httpx

from mock_server import MockAccount
from mock_server.core.reasons import REASONS
from mock_server.judge import Verdict, judge

BODY = {"model": "image-01", "prompt": "a lighthouse at dawn"}
RETRYABLE = {reason.code for reason in REASONS.values() if reason.retryable}


class RefusedError(Exception):
    """The service said no."""


class Client:
    """Its time stands still but when it waits."""

    def __init__(self, account: MockAccount, http: httpx.Client) -> None:
        self.account = account
        self.http = http
        self.key = {"Authorization": f"Bearer {account.api_key}"}
        account.freeze()

    def post(self, *, headers: dict[str, str] | None = None, query: str = "", **fields: Any) -> dict[str, Any]:
        """One attempt; ``...`` leaves a field out."""
        body = {name: value for name, value in (BODY | fields).items() if value is not ...}
        sent = self.key | {"Content-Type": "application/json"} | (headers or {})
        answer = self.http.post(
            f"{self.account.base_url()}/v1/image_generation{query}", content=json.dumps(body), headers=sent
        )
        return dict(answer.json())

    def urls(self, **fields: Any) -> list[str]:
        return list(self.post(**fields)["data"]["image_urls"])

    def wait(self, seconds: float) -> None:
        self.account.advance(seconds)

    def insist(self, times: int, *pauses: float, **fields: Any) -> list[int]:
        """`times` attempts whatever comes; the codes that came."""
        codes = []
        for number in range(times):
            codes.append(self.post(**fields)["base_resp"]["status_code"])
            self.wait(pauses[min(number, len(pauses) - 1)] if pauses else 0)
        return codes

    def image(self, **fields: Any) -> bytes:
        """An image, or `RefusedError`: bounded repetitions, growing pauses, no key for the image host."""
        for attempt in range(5):
            answer = self.post(**fields)
            code = answer["base_resp"]["status_code"]
            if code == 0:
                return self.http.get(answer["data"]["image_urls"][0]).content
            if code not in RETRYABLE:
                break
            self.wait(5.0 * 2**attempt)
        raise RefusedError(answer["base_resp"]["status_msg"])

    def verdict(self) -> Verdict:
        return judge(list(self.account._state.exchanges(self.account.api_key)))
