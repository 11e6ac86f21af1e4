"""How a client behaved in one run, in words that can be compared with another run."""

from __future__ import annotations

import json
from typing import Any

from contract_tests.adapters.interface import Failure, Outcome, TooLate
from contract_tests.bench import Run
from contract_tests.targets.exchange import look


def portrait(run: Run) -> dict[str, str]:
    """What is the same on every faithful service: neither times, nor ids, nor pixels."""
    return {"calls": str(len(run.generations)), "body": _body(run)} | _outcome(run.outcome, _answer(run))


def differences(run: Run, twin: Run, name: str) -> list[str]:
    """Where two runs of the same question differ, with the answers that the client got."""
    one, other = portrait(run), portrait(twin)
    fields = [field for field in one | other if one.get(field) != other.get(field)]
    answers = f"{name} answered {_told(run)}, the emulator {_told(twin)}"
    return [
        f"{field}: {one.get(field, 'nothing')} on {name}, {other.get(field, 'nothing')} on the emulator ({answers})"
        for field in fields
    ]


def _outcome(outcome: Outcome, answer: dict[str, Any]) -> dict[str, str]:
    if isinstance(outcome, TooLate):
        return {"outcome": "did not come back"}
    if isinstance(outcome, Failure):
        said = outcome.description
        words = f"{outcome.message} {outcome.detail} {said.message if said else ''}"
        message = str((answer.get("base_resp") or {}).get("status_msg") or "")
        portrayed = {
            "outcome": f"failure {outcome.kind}",
            "own error": str(outcome.own),
            "service's words told": str(bool(message) and message in words),
        }
        if said is not None:
            portrayed |= {"code": str(said.code), "category": str(said.category), "retryable": str(said.retryable)}
        return portrayed
    return {
        "outcome": f"{len(outcome.images)} images",
        "missing": str(outcome.failed),
        "images": ", ".join("a URL" if isinstance(image, str) else _look(image) for image in outcome.images),
    }


def _look(image: bytes) -> str:
    found = look(image)
    return f"{found.format} of {found.width}x{found.height}" if found else "no image"


def _body(run: Run) -> str:
    """What was sent first, whatever the order of its fields."""
    if not run.generations:
        return "nothing"
    text = run.generations[0]["request"].get("body", "")
    try:
        return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)[:400]
    except ValueError:
        return str(text)[:400]


def _answer(run: Run) -> dict[str, Any]:
    try:
        said = json.loads(run.generations[-1]["response"]["body"])
    except (IndexError, KeyError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _told(run: Run) -> str:
    if not run.generations:
        return "nothing"
    last = run.generations[-1]
    code = last["status_code"]
    return f"HTTP {last['status']}" if code is None else f"{code}"
