"""A report as JSON: what programs read, and what later reports are made of."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from contract_tests.report.legible import one_line, plain, shortened
from contract_tests.report.model import Level, Report, Reproduction, Result, Status
from contract_tests.report.outcome import STATUSES, WORDS

_ALLOWED = {"level": "MUST or SHOULD", "status": ", ".join(STATUSES[:-1]) + f" or {STATUSES[-1]}"}
_PLACE = re.compile(r" - at `(.*)`$")


class ReportError(Exception):
    """A report cannot be read or written; the message says which file, which field, and what was expected."""


class _Client(Struct):
    name: str
    version: str | None
    adapter: str


class _Reproduction(Struct):
    command: str
    scenario: dict[str, Any]
    curl: str
    request: dict[str, Any] = {}


class _Check(Struct):
    id: str
    level: Level
    status: Status
    reason: str | None
    claims: tuple[str, ...]
    reproduce: _Reproduction | None
    exchanges: tuple[dict[str, Any], ...]
    sentence: str = ""
    seconds: float = 0.0
    examples: int = 0
    profile: str = ""


class _Document(Struct):
    """``report.json``. Fields without a default are promised; the others were added and may be missing in a file."""

    client: _Client
    target: str
    profile: str
    seed: int
    checks: tuple[_Check, ...]
    summary: dict[str, int] | UnsetType = UNSET
    started: str = ""
    seconds: float = 0.0
    spent_usd: float = 0.0


def as_json(report: Report) -> dict[str, Any]:
    """``report.json``: objects and lists of text and numbers only."""
    return {
        "client": {"name": report.client_name, "version": report.client_version, "adapter": report.adapter},
        "target": report.target,
        "profile": report.profile,
        "seed": report.seed,
        "summary": {word: report.count(status) for status, word in WORDS.items()},
        "checks": [_check(result) for result in report.results],
        "started": report.started,
        "seconds": report.seconds,
        "spent_usd": report.spent_usd,
    }


def as_text(report: Report) -> str:
    """``report.json`` as text that UTF-8 can hold: half a character is an escape, everything else is readable."""
    text = json.dumps(as_json(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def _check(result: Result) -> dict[str, Any]:
    again = result.reproduce
    return {
        "id": result.id,
        "level": result.level,
        "status": result.status,
        "reason": result.reason or None,
        "claims": list(result.claims),
        "reproduce": again and {
            "command": again.command,
            "scenario": plain(again.scenario),
            "curl": again.curl,
            "request": plain(again.request),
        },
        "exchanges": plain(result.exchanges),
        "sentence": result.sentence,
        "seconds": result.seconds,
        "examples": result.examples,
        "profile": result.profile,
    }  # fmt: skip


def from_json(document: Any, file: str = "report.json") -> Report:
    """The report that `as_json` made it of; `file` is what messages call it. Raises `ReportError`."""
    try:
        read = msgspec.convert(document, _Document)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ReportError(f"{file} is no report of the contract tests: {_problem(str(error), document)}") from None
    return Report(
        client_name=read.client.name,
        client_version=read.client.version,
        adapter=read.client.adapter,
        target=read.target,
        profile=read.profile,
        seed=read.seed,
        results=tuple(_result(check) for check in read.checks),
        started=read.started,
        seconds=read.seconds,
        spent_usd=read.spent_usd,
    )


def _result(check: _Check) -> Result:
    again = check.reproduce
    return Result(
        id=check.id,
        level=check.level,
        sentence=check.sentence,
        status=check.status,
        reason=check.reason or "",
        claims=check.claims,
        reproduce=Reproduction(again.command, again.scenario, again.request, again.curl) if again else None,
        exchanges=check.exchanges,
        seconds=check.seconds,
        examples=check.examples,
        profile=check.profile,
    )


def _problem(message: str, document: Any) -> str:
    """What is wrong and where: ``checks[3].status: expected passed, failed, skipped or error, got 'ok'``."""
    found = _PLACE.search(message)
    place = found[1].removeprefix("$").removeprefix(".") if found else ""
    problem = _PLACE.sub("", message).replace("`", "")
    if problem.startswith("Invalid enum value"):
        problem = f"expected {_ALLOWED[place.rpartition('.')[2]]}, got {_value(document, place)}"
    elif problem.startswith("Expected"):
        problem = f"expected {problem.removeprefix('Expected ').partition(',')[0]}, got {_value(document, place)}"
    elif missing := re.fullmatch(r"Object missing required field (.*)", problem):
        problem = f"expected a field {missing[1]!r}, found {_names(_at(document, place))}"
    return f"{place}: {problem}" if place else problem


def _at(document: Any, place: str) -> Any:
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place):
        try:
            document = document[int(index)] if index else document[name]
        except (LookupError, TypeError):  # a place such as `scenario[...]` names no single value
            return None
    return document


def _value(document: Any, place: str) -> str:
    return shortened(one_line(repr(_at(document, place))), 80)


def _names(value: Any) -> str:
    return shortened(one_line(", ".join(map(repr, value))), 200) or "none"
