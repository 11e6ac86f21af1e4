"""Lines for a shell that show what a scenario of fal's does: submit, ask for the status, fetch the result."""

from __future__ import annotations

import json
import shlex
from typing import Any

from mock_server.commands.connection import DEFAULT_URL
from mock_server.faults.scenario import Scenario

_DEAD_END = "http://127.0.0.1:9/hook"
_APP = "fal-ai/minimax/image-01"


def is_of_fal(scenario: Scenario) -> bool:
    """Whether its rules are for fal's face."""
    return any(rule.when.matcher.get("face") == "fal" for rule in scenario.rules)


def queue_lines(scenario: Scenario, key: str, body: dict[str, Any]) -> list[str]:
    """What to paste, for the account of that key."""
    endpoints = {rule.when.matcher.get("endpoint") for rule in scenario.rules}
    head = f"-H {shlex.quote(f'Authorization: Key {key}')}"
    hook = f"?fal_webhook={_DEAD_END}" if "webhook" in endpoints else ""
    sent = f"-H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body, ensure_ascii=False))}"
    lines = [
        f"""answer=$(curl -sS '{DEFAULT_URL}/fal/queue/{_APP}{hook}' {head} {sent}); printf '%s\\n' "$answer\"""",
        """url=$(printf %s "$answer" | sed -n 's/.*"response_url":"\\([^"]*\\)".*/\\1/p')""",
    ]
    of_status = "/stream" if "status" in endpoints else ""
    if not of_status:
        lines.append("sleep 1")
    lines.append(f'if [ -n "$url" ]; then curl -sS -i {head} "$url/status{of_status}"; echo; fi')
    lines.append(f'if [ -n "$url" ]; then curl -sS -i {head} "$url"; echo; fi')
    if "webhook" in endpoints:
        lines.append(f"minimax-mock journal --key {shlex.quote(key)}")
    return lines
