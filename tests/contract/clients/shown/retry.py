"""Where the bugs of retries show."""

from __future__ import annotations

from tests.contract.clients.bench import ASK, Situation
from tests.contract.clients.shown import Shown
from tests.contract.clients.smoke import SUCCESSES

REFUSED = frozenset({"refused"})
GATEWAY = frozenset({"gateway"})
BUSY = Situation(faults=[("status_code", {"code": 1002})])
EXPIRED = Situation([ASK | {"n": 2}], [("expired_url", {})])

SHOWN = {
    "retries-refusals": Shown(
        Situation(faults=[("status_code", {"code": 1026})]),
        lambda seen: "retried-what-cannot-succeed" in seen.findings and len(seen.posts) == 3,
        REFUSED,
    ),
    "retries-refusals-for-ever": Shown(
        Situation(faults=[("status_code", {"code": 1008})]), lambda seen: len(seen.posts) > 20, REFUSED
    ),
    "unbounded-retries": Shown(BUSY, lambda seen: "retried-too-often" in seen.findings, GATEWAY),
    "hot-loop": Shown(BUSY, lambda seen: "retried-without-backoff" in seen.findings, GATEWAY),
    "fixed-pause": Shown(BUSY, lambda seen: "retried-without-backoff" in seen.findings, GATEWAY),
    "ignores-retry-after": Shown(
        Situation(faults=[("http_status", {"status": 429, "headers": {"Retry-After": "7"}, "times": 1})]),
        lambda seen: "ignored-retry-after" in seen.findings,
    ),
    "regenerates-on-failed-download": Shown(
        EXPIRED, lambda seen: "generated-again-after-failed-download" in seen.findings
    ),
    "retries-expired-download": Shown(EXPIRED, lambda seen: len(seen.gets) == 3),
    "sends-again-after-success": Shown(Situation(), lambda seen: len(seen.posts) == 2, SUCCESSES),
    "loses-seed-on-retry": Shown(
        Situation([ASK | {"seed": 7}], [("status_code", {"code": 1002, "times": 1})]),
        lambda seen: seen.bodies == [ASK | {"seed": 7}, ASK],
    ),
}
