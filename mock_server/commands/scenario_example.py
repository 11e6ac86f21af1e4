"""Lines for a shell that show what a scenario does."""

from __future__ import annotations

import json
import shlex
from math import ceil
from typing import Any

from mock_server.commands.connection import DEFAULT_URL
from mock_server.commands.fal_example import is_of_fal, queue_lines
from mock_server.core.models import DOCUMENTED_RPM
from mock_server.faults.library import in_key
from mock_server.faults.rule import Rule
from mock_server.faults.scenario import Scenario

MOST_CALLS = 12
_PRICE_USD = 0.0035
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
_URL_OF_IMAGE = r"""sed -n 's/.*"image_urls":\["\([^"]*\)".*/\1/p'"""


def example(scenario: Scenario, file: str | None = None) -> list[str]:
    """What to paste. A scenario that a key can name needs no more than that key; one of a `file` is loaded first."""
    key = f"sk-api-mock-{scenario.name}"
    lines = []
    if file is not None or in_key(key) != scenario.name:
        key = "sk-api-try"
        lines.append(f"minimax-mock scenarios use {shlex.quote(file or scenario.name)} --key {key}")
    start = min((rule.when.between[0] if rule.when.between else 0 for rule in scenario.rules), default=0)
    if start:
        lines.append(f"minimax-mock clock advance {ceil(start)} --key {key}")
    if is_of_fal(scenario):
        return [*lines, *queue_lines(scenario, key, {"prompt": _body(scenario)["prompt"]})]
    call = _call(scenario, key)
    calls = _calls(scenario)
    loop = f"for call in {' '.join(map(str, range(1, calls + 1)))}; do {call}; echo; done"
    return [*lines, call if calls == 1 else loop]


def _call(scenario: Scenario, key: str) -> str:
    request = (
        f"{DEFAULT_URL}/v1/image_generation -H 'Authorization: Bearer {key}' "
        f"-H 'Content-Type: application/json' -d {shlex.quote(json.dumps(_body(scenario), ensure_ascii=False))}"
    )
    limit = "-m 5 " if any(rule.fault.kind == "hang" for rule in scenario.rules) else ""
    of_download = [_of_download(rule) for rule in scenario.rules]
    fetch = f"curl -sS {limit}-D - -o image.jpg"
    if not any(of_download):
        return f"curl -sS {limit}-i {request}"
    if all(of_download):
        return f'{fetch} "$(curl -sS {request} | {_URL_OF_IMAGE})"'
    return (
        f"answer=$(curl -sS {limit}{request}); printf '%s\\n' \"$answer\"; "
        f'url=$(printf %s "$answer" | {_URL_OF_IMAGE}); if [ -n "$url" ]; then {fetch} "$url"; fi'
    )


def _of_download(rule: Rule) -> bool:
    """Whether a rule shows when an image is fetched."""
    fault = rule.fault
    endpoint = rule.when.matcher.get("endpoint")
    if endpoint is not None:
        return bool(endpoint == "download")
    return bool(fault.stage == "image" or fault.endpoints == ("download",))


def _body(scenario: Scenario) -> dict[str, Any]:
    """A request that the first rule is for."""
    rule = scenario.rules[0] if scenario.rules else None
    wanted = rule.when.matcher.get if rule else lambda _: None
    body = {"model": wanted("model") or "image-01", "prompt": _like(wanted("prompt"))}
    n = wanted("n") or (rule.fault.failed + 2 if rule and rule.fault.kind == "partial" else 1)
    body |= {"n": min(n, 9)} if n > 1 else {}
    body |= _reference(scenario.account.get("profile"))
    of_images = rule is not None and rule.fault.stage == "image" and not _of_download(rule)
    return body | ({"response_format": "base64"} if of_images else {})


def _reference(profile: Any) -> dict[str, Any]:
    """A reference as a data URL, where it is about these."""
    answers = profile if isinstance(profile, dict) else {}
    if "data_url_references" not in answers:
        return {}
    return {"subject_reference": [{"type": "character", "image_file": f"data:image/png;base64,{_PIXEL}"}]}


def _like(pattern: str | None) -> str:
    """A prompt that a pattern matches."""
    return "a lighthouse at dawn" if pattern is None else pattern.replace("*", " ").replace("?", "x").strip() or "x"


def _calls(scenario: Scenario) -> int:
    """How many calls it takes to see it, and what comes after."""
    if not scenario.rules:
        return min(_calls_of_account(scenario.account), MOST_CALLS)
    first = max(map(_first, scenario.rules))
    more = sum(rule.times for rule in scenario.rules if rule.times is not None)
    return min(first + more, MOST_CALLS)


def _first(rule: Rule) -> int:
    """The number of the first call in which a rule will probably fire."""
    nth = next((number for number in range(rule.after + 1, 1000) if rule.when.has(number)), 1)
    return nth if rule.probability == 1 else nth + ceil(2 / rule.probability)


def _calls_of_account(account: dict[str, Any]) -> int:
    limits = [account[name] for name in ("rpm", "images_per_minute", "plan_images") if account.get(name) is not None]
    if account.get("limits") == "documented":
        limits.append(DOCUMENTED_RPM)
    if "balance_usd" in account:
        limits.append(int(account["balance_usd"] / _PRICE_USD))
    return min(limits, default=0) + 1
