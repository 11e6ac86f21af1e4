"""What a magic prompt asks for."""

from __future__ import annotations

from typing import Any

from mock_server.core.profile import Profile, profile_named, with_answers
from mock_server.faults.plan import Plan
from mock_server.faults.scenario import Scenario
from mock_server.settings import SettingError


class PromptPlan:
    """The rules of one magic prompt, and what it changes of the profile under which it is answered."""

    __slots__ = ("_answers", "rules")

    def __init__(self, scenario: Scenario, now: float) -> None:
        others = [name for name in scenario.account if name != "profile"]
        if others:
            msg = f"scenario {scenario.name!r} sets {others[0]!r} of the account: name it in a key, not in a prompt"
            raise SettingError(msg)
        self._answers: dict[str, Any] | str = scenario.account.get("profile", {})
        self.rules = Plan()
        self.rules.add([("prompt", rule) for rule in scenario.rules], now)

    def profile(self, usual: Profile) -> Profile:
        """The profile for this prompt, where the account has the `usual` one."""
        answers = self._answers
        return with_answers(usual, answers) if isinstance(answers, dict) else profile_named(answers)
