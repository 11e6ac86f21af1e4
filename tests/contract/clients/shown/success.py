"""Where the bugs of reading a success, or a partial one, show."""

from __future__ import annotations

from hashlib import sha256

from tests.contract.clients.bench import ASK, Seen, Situation
from tests.contract.clients.shown import Shown
from tests.contract.clients.smoke import DOWNLOADS, SUCCESSES

THREE = Situation([ASK | {"n": 3}])
PARTIAL = Situation([ASK | {"n": 3}], [("partial", {"failed": 1})])
BLOCKED = Situation([ASK | {"n": 2}], [("all_blocked", {})])
GENERATE = {"when": {"endpoint": "generate"}}
LOST = frozenset({"partial"})


def _recompressed(seen: Seen) -> bool:
    return sha256(seen.images()[0]).hexdigest() != seen.gets[0]["images"][0]["sha256"]


SUCCESS = {
    "demands-integer-counts": Shown(THREE, lambda seen: "cannot unmarshal '0'" in str(seen.error), SUCCESSES),
    "demands-text-counts": Shown(
        Situation(profile="counts-as-integers"), lambda seen: isinstance(seen.error, AttributeError)
    ),
    "other-key-means-base64": Shown(Situation(profile="other-key-null"), lambda seen: seen.error),
    "refuses-unknown-fields": Shown(Situation(faults=[("extra_field", {"path": "trace"})]), lambda seen: seen.error),
    "demands-content-type": Shown(
        Situation(faults=[("wrong_content_type", {"content_type": "application/json; charset=UTF-8"} | GENERATE)]),
        lambda seen: seen.error,
    ),
    "https-only": Shown(THREE, lambda seen: seen.error and not seen.gets, DOWNLOADS),
    "refuses-http": Shown(THREE, lambda seen: "insecure image URL" in str(seen.error), DOWNLOADS),
    "refuses-private-hosts": Shown(THREE, lambda seen: "private image host" in str(seen.error), DOWNLOADS),
    "demands-png": Shown(THREE, lambda seen: "not a PNG" in str(seen.error), SUCCESSES),
    "reverses-order": Shown(THREE, lambda seen: seen.indices() == [2, 1, 0], SUCCESSES),
    "repeats-first": Shown(THREE, lambda seen: seen.indices() == [0, 0, 0], SUCCESSES),
    "only-first": Shown(THREE, lambda seen: (seen.indices(), seen.failed()) == ([0], 0), SUCCESSES),
    "loses-last": Shown(THREE, lambda seen: (seen.indices(), seen.failed()) == ([0, 1], 0), SUCCESSES),
    "recompresses": Shown(THREE, _recompressed, SUCCESSES),
    "caches-by-prompt": Shown(Situation([ASK, ASK]), lambda seen: len(seen.posts) == 1),
    "strips-query": Shown(THREE, lambda seen: seen.gets[0]["status"] == 403, DOWNLOADS),
    "quotes-url": Shown(THREE, lambda seen: "SignatureDoesNotMatch" in str(seen.error), DOWNLOADS),
}
PARTIALLY = {
    "all-blocked-is-success": Shown(BLOCKED, lambda seen: seen.error is None and not seen.images()),
    "hides-loss": Shown(PARTIAL, lambda seen: (len(seen.images()), seen.failed()) == (2, 0), LOST),
    "discards-partial": Shown(PARTIAL, lambda seen: seen.error, LOST),
    "key-error-on-empty-data": Shown(
        Situation(faults=[("all_blocked", {"empty": "object"})]), lambda seen: isinstance(seen.error, KeyError)
    ),
    "retries-all-blocked": Shown(BLOCKED, lambda seen: len(seen.posts) == 3),
    "pads-with-copies": Shown(PARTIAL, lambda seen: (seen.indices(), seen.failed()) == ([0, 1, 1], 0), LOST),
}
SHOWN = SUCCESS | PARTIALLY
