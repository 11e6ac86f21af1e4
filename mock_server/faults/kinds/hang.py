"""The answer never comes."""

from __future__ import annotations

from math import inf
from typing import ClassVar

from msgspec import Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Moment, Stage


class Hang(Struct, frozen=True, kw_only=True):
    """Never answer. The connection stays open until the client gives up; no other call waits for it."""

    kind: ClassVar[str] = "hang"
    stage: ClassVar[Stage] = "before"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    def seconds_at(self, moment: Moment) -> float:
        """Until the client leaves."""
        return inf
