"""The faults of one call: asked for stage by stage, remembered for the journal."""

from __future__ import annotations

from typing import Any

from mock_server.account import Account
from mock_server.core.types import Injected
from mock_server.faults.plan import Call, Hit
from mock_server.faults.stages import Stage
from mock_server.state import State


class Injection:
    """What disturbs one call of an account that has rules, or whose prompt asks for faults."""

    __slots__ = ("_account", "_call", "_state", "injected")

    def __init__(self, state: State, account: Account, call: Call) -> None:
        self._state = state
        self._account = account
        self._call = call
        self.injected: tuple[Injected, ...] = ()

    def may(self, stage: Stage) -> bool:
        """Whether any rule has a fault of `stage`; asking counts nothing."""
        return self._state.has_fault(self._account, stage, self._call)

    def take(self, stage: Stage, subject: Any = None) -> Hit | None:
        """The fault of `stage` that fires, if any. Ask once for each stage."""
        hit = self._state.take_fault(self._account, stage, self._call, subject)
        if hit is not None:
            self.injected += (hit.injected,)
        return hit
