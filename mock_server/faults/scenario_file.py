"""Scenario files: YAML or JSON, one scenario each. An error names file, line and field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from mock_server import strict
from mock_server.faults.scenario import Scenario, ScenarioError, read_scenario
from mock_server.strict import InvalidError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
SUFFIXES = (".yaml", ".yml", ".json")


def read_file(file: Path) -> Scenario:
    """The scenario in `file`, called as the file unless it says otherwise. Raises `ScenarioError`."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"cannot read the scenario file {str(file)!r}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file} is not UTF-8: {error}") from None
    return read_text(text, str(file), name=_NOT_IN_NAMES.sub("-", file.stem).strip("._-") or "custom")


def read_text(text: str, where: str, *, name: str = "custom") -> Scenario:
    """The scenario in `text`; `where` is what errors call it. Raises `ScenarioError`."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506, it is a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(f"{where}, line {line}: not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{where}: not YAML: {error}") from None
    twice = _twice(node)
    if twice:
        raise ScenarioError(f"{where}, line {twice.start_mark.line + 1}: {twice.value!r} is there a second time")
    try:
        return read_scenario({"name": name} | content if isinstance(content, dict) else content)
    except InvalidError as error:
        field = strict.shown(error.path)
        line = _line_of(node, error)
        raise ScenarioError(f"{where}, line {line}: {field + ': ' if field else ''}{error.problem}") from None


def _twice(node: Any) -> Any:
    """A key that its object has already: YAML would keep the second and forget the first."""
    seen, rest = set(), [node]
    while rest:
        node = rest.pop()
        if id(node) in seen:  # an alias may lead back
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            rest += node.value[::-1]
        elif isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            again = next((key for number, (key, _) in enumerate(node.value) if key.value in keys[:number]), None)
            if again is not None:
                return again
            rest += [value for _, value in node.value[::-1]]
    return None


def _line_of(node: Any, error: InvalidError) -> int:
    """The line of what an error is about, or of the nearest thing around it that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for part in error.path:
        found = _child(node, part)
        if found is None:
            return line
        line, node = found
    unknown = _quoted_key(error.problem)
    found = _child(node, unknown) if unknown else None
    return found[0] if found else line


def _child(node: Any, part: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((key.start_mark.line + 1, value) for key, value in node.value if key.value == part)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None


def _quoted_key(problem: str) -> str:
    """The name in ``unknown field 'name'; ...``: the error's path leads to the object around it."""
    return problem.split("'")[1] if problem.startswith("unknown field '") else ""
