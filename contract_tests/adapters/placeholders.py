"""The placeholders of a command: ``{prompt}``, ``{seed}``, ``{out_dir}``, each filled into one argument."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from contract_tests.adapters.answers import refuse_unknown
from contract_tests.adapters.interface import FIELDS, SETTINGS, AdapterError

WHOLE = ("request", "request_file")
"""Placeholders for the request as a whole, as JSON: the text of it, or a file with it."""

KNOWN = (*FIELDS, *WHOLE, "out_dir", "base_url", "api_key", *SETTINGS)
_PLACEHOLDER = re.compile(r"\{\{([a-z_]+)\}\}|(?<!\$)\{([a-z_]+)\}")
_SHELLS = frozenset({"bash", "cmd", "dash", "powershell", "pwsh", "sh", "zsh"})


def checked(words: Sequence[str], spec: str) -> frozenset[str]:
    """The placeholders that a command has. Raises `AdapterError` if they are wrong, or some are missing."""
    found = frozenset(name for word in words for name in _names(word))
    refuse_unknown(sorted(found), KNOWN, f"placeholder of {spec!r}")
    if not found & {"prompt", *WHOLE}:
        msg = f"{spec!r} has no {{prompt}}, {{request}} or {{request_file}}: the client would not know what to draw"
        raise AdapterError(msg)
    if "out_dir" not in found:
        msg = f"{spec!r} has no {{out_dir}}: the images are taken from there"
        raise AdapterError(msg)
    for shell, option, script in zip(words, words[1:], words[2:], strict=False):
        name = PurePath(shell).name.removesuffix(".exe")
        if name in _SHELLS and option.lower() in {"-c", "/c", "-command"} and list(_names(script)):
            msg = f"{spec!r} lets {name} read a prompt as program; write {name} -c '... \"$1\" ...' client {{prompt}}"
            raise AdapterError(msg)
    return found


def unsupported(found: frozenset[str]) -> frozenset[str]:
    """The fields and settings that a command with these placeholders cannot be told."""
    fields = frozenset() if found & set(WHOLE) else frozenset(FIELDS)
    return (fields | set(SETTINGS)) - found


def fill(words: Sequence[str], values: Mapping[str, Any]) -> list[str]:
    """The command with its values.

    An argument with a placeholder that has no value is left out. So is the option right before it, if the argument is
    not an option itself: of ``--seed {seed} --size={width}`` nothing remains.
    """
    filled: list[str] = []
    kept_plain = False
    for word in words:
        names = list(_names(word))
        if all(name in values for name in names):
            filled.append(_PLACEHOLDER.sub(lambda match: _text(match, values), word))
            kept_plain = not names
            continue
        if kept_plain and not word.startswith("-") and len(filled) > 1 and filled[-1].startswith("-"):
            filled.pop()
        kept_plain = False
    return filled


def _names(word: str) -> list[str]:
    return [match[2] for match in _PLACEHOLDER.finditer(word) if match[2]]


def _text(match: re.Match[str], values: Mapping[str, Any]) -> str:
    if match[1]:
        return f"{{{match[1]}}}"
    value = values[match[2]]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
