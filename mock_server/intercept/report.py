"""The files of ``run --report``: for people, for CI, for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mock_server.intercept.summary import Summary
from mock_server.judge.junit import junit
from mock_server.judge.sarif import sarif
from mock_server.judge.verdict import Verdict, as_dict


def write(
    folder: Path, facts: Mapping[str, Any], summary: Summary, verdict: Verdict, journal: Sequence[Mapping[str, Any]]
) -> None:
    """Write ``report.json``, ``journal.json``, ``junit.xml`` and ``verdict.sarif`` into a folder that exists."""
    report = {**facts, "summary": msgspec.to_builtins(summary), "verdict": as_dict(verdict)}
    for name, content in (("report.json", report), ("journal.json", journal), ("verdict.sarif", sarif(verdict))):
        (folder / name).write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    (folder / "junit.xml").write_text(junit(verdict), encoding="utf-8")
