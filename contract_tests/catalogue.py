"""Every check there is."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from contract_tests.checks import Check, check_of


def all_checks() -> list[Check]:
    """The checks of this package, by their ids."""
    modules = [import_module(f"contract_tests.{file.stem}") for file in Path(__file__).parent.glob("test_*.py")]
    found = {check.id: check for module in modules for item in vars(module).values() if (check := check_of(item))}
    return [found[name] for name in sorted(found)]
