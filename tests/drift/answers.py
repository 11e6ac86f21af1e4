"""The API's answers as bytes and headers: ids, envelopes, key order."""

from __future__ import annotations

import json
import secrets
import string
import time
from dataclasses import dataclass
from typing import Any

from tests.drift.deviations import Ways
from tests.drift.refusal import RefusedError
from tests.drift.store import Answer

YEAR_2023 = 1672531200
TEXT = (("Content-Type", "text/plain"),)
NOT_FOUND = b"404 page not found"


@dataclass(frozen=True)
class Ids:
    """The ids of one call."""

    trace: str
    body: str


@dataclass(frozen=True)
class Answers:
    """Makes answers; holds nothing but what is done otherwise, and the account's group id."""

    ways: Ways
    group: str

    def ids(self) -> Ids:
        """Ids whose first 8 hex digits are the seconds since 2023-01-01."""
        seconds = secrets.token_hex(4) if self.ways("id-not-time") else f"{int(time.time()) - YEAR_2023:08x}"
        rest = secrets.token_hex(16 if self.ways("trace-id-longer") else 12)
        body = seconds + (secrets.token_hex(12) if self.ways("trace-id-differs") else rest)
        return Ids(seconds + rest, body)

    def success(self, images: dict[str, list[str]], n: int) -> Answer:
        """An answer with images: {"image_urls": [...]} or {"image_base64": [...]}."""
        ids = self.ids()
        data: dict[str, Any] = dict(images)
        if self.ways("other-key-null"):
            data |= {name: None for name in ("image_urls", "image_base64") if name not in data}
        message = "ok" if self.ways("success-other-words") else "success"
        body = {
            "id": ids.body,
            "data": data,
            "metadata": self.metadata(int(self.ways("one-failed-too-many")), n),
            "base_resp": {"status_code": 0, "status_msg": message},
        }
        if self.ways("base-resp-first"):
            body = {"base_resp": body.pop("base_resp"), **body}
        return Answer(200, self.headers(ids, accepted=True), to_json(body))

    def metadata(self, failed: int, made: int) -> dict[str, Any]:
        counts: dict[str, Any] = {"failed_count": str(failed), "success_count": str(made)}
        if self.ways("counts-integers"):
            counts = {name: int(count) for name, count in counts.items()}
        if self.ways("success-count-first"):
            counts = dict(reversed(counts.items()))
        return counts

    def error(self, refused: RefusedError) -> Answer:
        """A refusal: base_resp alone, and from the handler with an id."""
        ids = self.ids()
        body: dict[str, Any] = {}
        if refused.tier == "handler":
            if not self.ways("handler-error-without-id"):
                body["id"] = ids.body
            if self.ways("error-data-null"):
                body["data"] = None
            if self.ways("error-metadata-zero"):
                body["metadata"] = {"failed_count": "0", "success_count": "0"}
        with_id = {"gateway": self.ways("gateway-error-with-id"), "binding": self.ways("binding-error-with-id")}
        if with_id.get(refused.tier):
            body["id"] = ids.body
        body["base_resp"] = {"status_code": refused.code, "status_msg": refused.message}
        headers = self.headers(ids, accepted=refused.tier == "handler" or self.ways("session-headers-always"))
        if self.ways("retry-after"):
            headers = (*headers, ("Retry-After", "1"))
        status = 401 if self.ways("errors-http-401") else 200
        return Answer(status, headers, to_json(body, spaces=self.ways("errors-with-spaces")))

    def headers(self, ids: Ids, *, accepted: bool) -> tuple[tuple[str, str], ...]:
        """The headers of an answer; those of a session once key and body were accepted."""
        now = time.time()
        media_type = "application/json" if self.ways("charset-missing") else "application/json; charset=utf-8"
        headers = [("Content-Type", media_type), ("Trace-Id", ids.trace)]
        if not self.ways("minimax-request-id-missing"):
            headers.append(("Minimax-Request-Id", secrets.token_hex(16)))
        headers += [
            ("alb_receive_time", str(round(now, 3))),
            ("alb_request_id", secrets.token_hex(16 if self.ways("alb-request-id-shorter") else 20)),
        ]
        if not self.ways("vary-missing"):
            headers.append(("Vary", "Accept-Encoding"))
        if accepted:
            random6 = "".join(secrets.choice(string.digits + string.ascii_lowercase) for _ in range(6))
            headers.append(("X-Session-Id", secrets.token_hex(16)))
            headers.append(("X-Mm-Request-Id", f"{self.group}_{int(now)}{random6}"))
        return tuple(headers)

    def unknown_path(self, path: str) -> Answer:
        """The router's answer to a path that it does not have."""
        if path.startswith("/v1/images/") and self.ways("openai-path-401"):
            return Answer(401, TEXT, b"401 unauthorized")
        if self.ways("unknown-path-json"):
            return Answer(404, (("Content-Type", "application/json"),), b'{"error":"not found"}')
        return Answer(404, TEXT, NOT_FOUND)

    def wrong_method(self) -> Answer:
        """The router's answer to another method than POST on the endpoint."""
        if self.ways("wrong-method-405"):
            return Answer(405, TEXT, b"405 method not allowed")
        return Answer(404, TEXT, NOT_FOUND)


def to_json(value: Any, *, spaces: bool = False) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=None if spaces else (",", ":")).encode()
