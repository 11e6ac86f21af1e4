"""Five situations for every client of the corpus: a bug shows in those that it concerns, and in no other."""

from __future__ import annotations

from tests.contract.clients.bench import ASK, Situation

SMOKE: dict[str, Situation] = {
    "url": Situation([ASK | {"n": 3}]),
    "base64": Situation([ASK | {"n": 2, "response_format": "base64"}]),
    "refused": Situation([ASK], [("status_code", {"code": 1008})]),
    "partial": Situation([ASK | {"n": 3}], [("partial", {"failed": 1})]),
    "gateway": Situation([ASK], [("http_status", {"status": 502})]),
}
EVERYWHERE = frozenset(SMOKE)
SUCCESSES = frozenset({"url", "base64", "partial"})
DOWNLOADS = frozenset({"url", "partial"})
