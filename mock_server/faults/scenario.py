"""Scenarios: named lists of rules and account settings."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from mock_server.core.profile import Profile, ProfileError, profile_named, with_answers
from mock_server.faults.rule import Rule, as_dict, read_rule
from mock_server.settings import SettingError, Settings, check, with_changes
from mock_server.strict import InvalidError, Path, an_object, read

Text = Annotated[str, Meta(min_length=1)]


class ScenarioError(ValueError):
    """There is no such scenario, or its file is wrong; the message has the nearest, or file, line and field."""


class Scenario(Struct, frozen=True, kw_only=True):
    """What goes wrong, why anybody should care, how it is known, and what a good client does then."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="How it is called.")] = "custom"
    title: Annotated[str, Meta(description="One line.")] = ""
    reproduces: Annotated[str, Meta(description="What happens in the field.")] = ""
    source: Annotated[str, Meta(description="Where that is known from: a link or a recording.")] = ""
    good_client: Annotated[str, Meta(description="What a good client does.")] = ""
    account: dict[str, Any] = {}
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a scenario without effect."""
        if not self.rules and not self.account:
            msg = "has no effect: give `rules`, `account` or both"
            raise ValueError(msg)

    def limited(self, calls: int) -> Scenario:
        """The scenario for the first `calls` matching calls only. Raises `InvalidError` where that has no meaning."""
        if calls < 1:
            raise InvalidError(f"'{self.name}x{calls}' means no call at all; the least is '{self.name}x1'")
        if self.account:
            settings = " and ".join(self.account)
            msg = f"scenario {self.name!r} cannot be limited to {calls} calls: it sets the account's {settings}"
            raise InvalidError(msg)
        rules = tuple(rule for rule in (rule.limited(calls) for rule in self.rules) if rule is not None)
        if not rules:
            raise InvalidError(f"scenario {self.name!r} begins after call {calls}")
        only = "call" if calls == 1 else f"{calls} calls"
        title = f"{self.title} (the first {only} only)" if self.title else ""
        return structs.replace(self, name=f"{self.name}x{calls}", title=title, rules=rules)

    def content(self) -> dict[str, Any]:
        """The scenario as it could be given."""
        fields = ("name", "title", "reproduces", "source", "good_client", "account")
        said = {name: getattr(self, name) for name in fields if getattr(self, name)}
        return said | ({"rules": [as_dict(rule) for rule in self.rules]} if self.rules else {})


def read_scenario(given: Any, path: Path = ()) -> Scenario:
    """The scenario in a JSON or YAML object. Raises `InvalidError`, which says what and where."""
    return read(Scenario, given, path, {"rules": _read_rules, "account": _read_account})


def _read_rules(given: Any, path: Path) -> tuple[Rule, ...]:
    if not isinstance(given, list):
        raise InvalidError(f"must be a list of rules, got {given!r}", path)
    return tuple(read_rule(item, (*path, index)) for index, item in enumerate(given))


def _read_account(given: Any, path: Path) -> dict[str, Any]:
    """Settings of an account; its profile by name, or as switches."""
    changes = dict(an_object(given, path))
    for name, value in changes.items():
        try:
            if name != "profile":
                with_changes(Settings(), {name: value})
            elif isinstance(value, dict):
                _check_answers(value, (*path, name))
            else:
                check("profile", value)
                profile_named(value)
        except (SettingError, ProfileError) as error:
            raise InvalidError(str(error), (*path, name)) from None
    return changes


def _check_answers(answers: dict[str, Any], path: Path) -> None:
    for switch, answer in answers.items():
        try:
            with_answers(Profile(), {switch: answer})
        except ProfileError as error:
            raise InvalidError(str(error), (*path, switch)) from None
