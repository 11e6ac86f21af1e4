"""Where the files of ``fixtures/`` are: beside the package in a checkout, inside it in an installation."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def fixtures() -> Path:
    """The folder that holds ``scenarios/``."""
    installed = _PACKAGE / "_fixtures"
    return installed if installed.is_dir() else _PACKAGE.parent / "fixtures"
