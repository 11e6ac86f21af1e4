"""``drift.json`` and its page on disk."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from contract_tests.drift.model import Drift, Told
from contract_tests.drift.page import html
from contract_tests.report.files import put

NAME = "drift.json"


def as_json(drift: Drift) -> dict[str, Any]:
    """``drift.json``: one object for each claim, and what the run was."""
    return {
        "target": drift.target,
        "region": drift.region,
        "started": drift.started,
        "seconds": drift.seconds,
        "calls": drift.calls,
        "images": drift.images,
        "spent_usd": drift.spent_usd,
        "limit_usd": drift.limit_usd,
        "stopped": drift.stopped,
        "summary": {
            "confirmed": len(drift.of("confirmed")),
            "contradicted": len(drift.of("contradicted")),
            "could_not_look": len(drift.of("could not look")),
        },
        "profile": drift.profile,
        "plan": list(drift.plan),
        "confirmed": {name: day.isoformat() for name, day in sorted(drift.confirmed().items())},
        "claims": [_claim(item) for item in drift.told],
    }


def _claim(item: Told) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(item.finding)
    about = {"id": found.pop("claim"), "says": item.says, "face": item.face, "grade": item.grade}
    return about | {"source": item.source, "date": item.dated} | found | {"moved": item.finding.moved or None}


def as_text(drift: Drift) -> str:
    """``drift.json`` as text."""
    text = json.dumps(as_json(drift), ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def write(drift: Drift, folder: str | Path) -> None:
    """Put ``drift.json`` and ``index.html`` into `folder`, which is made. Raises `ReportError`."""
    put(folder, {"index.html": html(drift), NAME: as_text(drift)})


def seen(folder: str | Path, target: str) -> dict[str, date]:
    """When runs before this one, whose ``drift.json`` is in `folder`, confirmed claims on that target."""
    try:
        before = json.loads((Path(folder) / NAME).read_bytes())
        if before["target"] != target:
            return {}
        return {name: date.fromisoformat(text) for name, text in before["confirmed"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
