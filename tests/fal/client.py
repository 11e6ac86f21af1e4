"""A plain client of fal's hosts, without retries or opinions."""

from __future__ import annotations

from typing import Any

import httpx

from mock_server import MockAccount

TEXT = "fal-ai/minimax/image-01"
SUBJECT = "fal-ai/minimax/image-01/subject-reference"
PROMPT = "a lighthouse at dawn"
PICTURE = "https://example.com/subject.png"


class Fal:
    """One account, called as fal's own clients call."""

    def __init__(self, account: MockAccount, http: httpx.Client, tag: str = "") -> None:
        self.account = account
        self.http = http
        self.tag = tag
        self.base = account.base_url("fal")
        self.headers = {"Authorization": f"Key {account.api_key}"}

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any call: a path under ``/fal``, or a whole URL."""
        headers = {**self.headers, **more.pop("headers", {})}
        url = path if path.startswith("http") else f"{self.base}/{path}"
        return self.http.request(method, url, headers=headers, **more)

    def input(self, **fields: Any) -> dict[str, Any]:
        """An input with the magic words, if any, behind the prompt."""
        return {"prompt": f"{PROMPT} {self.tag}".strip()} | fields

    def run(self, app: str = TEXT, *, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """A direct run."""
        return self.call("POST", f"run/{app}", json=self.input(**fields), headers=headers or {})

    def submit(self, app: str = TEXT, *, query: str = "", headers: dict[str, str] | None = None, **fields: Any) -> Any:
        """Queue a job; what the queue said."""
        answer = self.call("POST", f"queue/{app}{query}", json=self.input(**fields), headers=headers or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, job: Any, query: str = "") -> httpx.Response:
        """How far a job is."""
        return self.call("GET", job["status_url"] + query)

    def result(self, job: Any) -> httpx.Response:
        """What came of a job."""
        return self.call("GET", job["response_url"])

    def cancel(self, job: Any) -> httpx.Response:
        """Cancel a job."""
        return self.call("PUT", job["cancel_url"])

    def finished(self, app: str = TEXT, **fields: Any) -> httpx.Response:
        """The result of a job that is completed without waiting."""
        job = self.submit(app, **fields)
        self.account.advance_jobs("COMPLETED")
        return self.result(job)
