"""Whether a target is an emulator that something is injected into: its answers would say nothing of the service."""

from __future__ import annotations

import re

import httpx

HEADER = "x-minimax-mock-faults"
SECONDS = 10.0
_MAGIC = re.compile(r"mock-")


class InjectedError(Exception):
    """The answers are not to be trusted; the message says why, and what to do."""


def check(url: str, key: str) -> None:
    """Raise `InjectedError` unless the target is no emulator, or one without fault rules for that key."""
    with httpx.Client(timeout=SECONDS) as http:
        try:
            health = http.get(f"{url}/_mock/health")
            about = health.json()
        except (httpx.HTTPError, ValueError):
            return
        if health.status_code != 200 or not isinstance(about, dict) or about.get("status") != "ok":
            return
        if _MAGIC.search(key):
            raise InjectedError(
                f"{url} is an emulator, and the key asks it for a scenario: use a key without mock-NAME"
            )
        headers = {"Authorization": f"Bearer {key}"}
        found = [*_rules(http, url, headers), *_rules(http, url, {})]
    if found:
        names = ", ".join(dict.fromkeys(found))
        raise InjectedError(
            f"{url} is an emulator with fault rules ({names}): injected answers say nothing. "
            f"`minimax-mock faults clear --url {url}` takes them out"
        )


def _rules(http: httpx.Client, url: str, headers: dict[str, str]) -> list[str]:
    answer = http.get(f"{url}/_mock/faults", headers=headers)
    said = answer.json() if answer.status_code == 200 else {}
    rules = said.get("faults")
    if not isinstance(rules, list):
        raise InjectedError(f"{url} does not tell which fault rules are active: HTTP {answer.status_code}")
    return [] if said.get("paused") else [str(rule.get("fault", {}).get("kind", "?")) for rule in rules]
