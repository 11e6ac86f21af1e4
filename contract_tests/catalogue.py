"""Every check there is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from contract_tests.checks import Check, check_of


def all_functions() -> dict[str, Callable[[Any], None]]:
    """The test function of each check, by the check's id."""
    modules = [import_module(f"contract_tests.{file.stem}") for file in Path(__file__).parent.glob("test_*.py")]
    items = [item for module in modules for item in vars(module).values()]
    found = {check.id: item for item in items if (check := check_of(item))}
    return {name: found[name] for name in sorted(found)}


def all_checks() -> list[Check]:
    """The checks of this package, by their ids."""
    return [check for function in all_functions().values() if (check := check_of(function))]


def checks_by_claim() -> dict[str, list[str]]:
    """The ids of the checks that rest on each claim which any rests on."""
    found: dict[str, list[str]] = {}
    for check in all_checks():
        for claim in check.claims:
            found.setdefault(claim, []).append(check.id)
    return found
