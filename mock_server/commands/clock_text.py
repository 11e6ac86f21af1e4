"""A clock of the emulator in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.commands.output import moment
from mock_server.commands.values import span


def told(clock: Mapping[str, Any]) -> str:
    """``2026-11-21 16:21:52, 1d ahead of this machine, frozen``."""
    return ", ".join([moment(clock["now"]), *_deviations(clock)])


def _deviations(clock: Mapping[str, Any]) -> list[str]:
    """How the clock differs from that of this machine."""
    offset = clock["offset"]
    side = "ahead of" if offset > 0 else "behind"
    ahead = [f"{span(abs(offset))} {side} this machine"] if abs(offset) >= 0.5 else []
    return ahead + (["frozen"] if clock["frozen"] else [])


def short(clock: Mapping[str, Any]) -> str:
    """``+1d, frozen`` for a table; empty when it is the clock of this machine."""
    offset = clock["offset"]
    ahead = [f"{'+' if offset > 0 else '-'}{span(abs(offset))}"] if abs(offset) >= 0.5 else []
    return ", ".join(ahead + (["frozen"] if clock["frozen"] else []))
