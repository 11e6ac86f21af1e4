"""One account: everything that belongs to one API key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from mock_server import ids
from mock_server.clock import Clock
from mock_server.core import models
from mock_server.core.credentials import Secret
from mock_server.core.ledger import Ledger, micro_usd, usd
from mock_server.core.limits import PLAN_WINDOW_SECONDS, RATE_WINDOW_SECONDS, Window, iso_seconds
from mock_server.core.profile import Profile, ProfileError, name_of, profile_named, with_answers
from mock_server.core.reading import Reading
from mock_server.core.reasons import Refusal, refuse
from mock_server.faults.plan import Call, Hit, Plan
from mock_server.faults.rule import Rule
from mock_server.faults.scenario import Scenario
from mock_server.faults.stages import Stage
from mock_server.memo import Memo
from mock_server.prompt_plan import PromptPlan
from mock_server.settings import PER_ACCOUNT, SettingError, Settings, with_changes

REMEMBERED_FINGERPRINTS = 2048
"""How many different request bodies an account counts repetitions of; the oldest is forgotten first."""
REMEMBERED_READINGS = 32
"""How many bodies need no second look; only short ones are remembered (`dispatch.REMEMBERED_BODY_BYTES`)."""


class Account:
    """Balance, limits, clock, seed and profile of one key. Whoever calls a method holds the state's lock."""

    __slots__ = (
        "_ordinals",
        "calls",
        "clock",
        "customised",
        "draw_key",
        "group",
        "image_calls",
        "label",
        "ledger",
        "limited",
        "name",
        "paused",
        "plan_images",
        "profile",
        "prompt_plans",
        "readings",
        "rules",
        "secret",
        "settings",
        "trouble",
    )

    def __init__(self, name: str, label: str, settings: Settings, clock: Clock) -> None:
        self.name = name
        self.label = label
        self.secret = Secret(name, label)
        self.clock = clock
        self.customised = False
        self.trouble = ""
        """Why the scenario that the key names could not be loaded."""
        self.rules: Plan | None = None
        self.paused = False
        """Whether the fault rules rest; what a prompt asks for is not concerned."""
        self.prompt_plans: OrderedDict[str, PromptPlan] = OrderedDict()
        self.start(settings)

    def start(self, settings: Settings) -> None:
        """Build what follows from `settings`."""
        self.settings = settings
        self.profile = _profile(settings)
        self._seed(settings.seed)
        self._note_settings()
        self.ledger = Ledger(micro_usd(settings.balance_usd))
        self.calls = Window(RATE_WINDOW_SECONDS)
        self.image_calls = Window(RATE_WINDOW_SECONDS)
        self.plan_images = Window(PLAN_WINDOW_SECONDS)

    def _note_settings(self) -> None:
        """What follows from the settings, asked for every request and changed hardly ever."""
        self.readings: Memo[Reading] = Memo(REMEMBERED_READINGS)
        settings = self.settings
        given = (settings.rpm, settings.images_per_minute, settings.plan_images)
        self.limited = settings.limits != "none" or bool(settings.plan_models) or any(x is not None for x in given)

    def _seed(self, seed: int) -> None:
        self.draw_key = ids.draw_key(seed, self.name)
        self.group = ids.group_id(self.draw_key)
        self._ordinals: OrderedDict[bytes, int] = OrderedDict()

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change settings of this account alone; a new ``balance_usd`` replaces the balance.

        ``profile`` may also be an object of switches, set on top of the present profile. Raises `SettingError`.
        """
        changes = dict(changes)
        answers = changes.pop("profile") if isinstance(changes.get("profile"), dict) else None
        settings = with_changes(self.settings, changes)
        try:
            profile = _profile(settings) if "profile" in changes else self.profile
            profile = with_answers(profile, answers) if answers else profile
        except ProfileError as error:
            raise SettingError(str(error)) from None
        self.settings, self.profile = settings, profile
        self._note_settings()
        if "balance_usd" in changes:
            self.ledger.balance = micro_usd(settings.balance_usd)
        if "seed" in changes:
            self._seed(settings.seed)

    def add_rules(self, rules: Sequence[tuple[str, Rule]], *, first: bool = False) -> None:
        """Add fault rules with their ids behind those there are, or before them."""
        plan = self.rules or Plan()
        plan.add(rules, self.clock.now(), first=first)
        self.rules = plan if plan.entries else None

    def set_rules(self, rules: Sequence[tuple[str, Rule]]) -> None:
        """Replace all fault rules."""
        self.rules = None
        self.add_rules(rules)

    def remove_rule(self, number: str) -> bool:
        """Take out one fault rule; False when there is none of that id."""
        removed = self.rules is not None and self.rules.remove(number)
        self.rules = self.rules if self.rules and self.rules.entries else None
        return removed

    def prompt_plan(self, prompt: str, scenario: Scenario) -> PromptPlan:
        """The rules that a magic prompt asks for. A repeated prompt is the next call of the same scenario.

        Raises `SettingError` for a scenario that sets more of the account than its profile.
        """
        found = self.prompt_plans.get(prompt)
        if found is None:
            found = self.prompt_plans[prompt] = PromptPlan(scenario, self.clock.now())
            if len(self.prompt_plans) > REMEMBERED_FINGERPRINTS:
                self.prompt_plans.popitem(last=False)
        return found

    def take_fault(self, stage: Stage, call: Call, subject: Any) -> Hit | None:
        """The fault of `stage` that fires for a call: one that its prompt asks for, or else one of the rules."""
        asked = self.prompt_plans.get(call.prompt or "")
        hit = asked.rules.take(stage, call, subject) if asked else None
        return hit or (self.rules.take(stage, call, subject) if self.rules and not self.paused else None)

    def has_fault(self, stage: Stage, call: Call) -> bool:
        """Whether a rule has a fault of `stage` for such a call."""
        asked = self.prompt_plans.get(call.prompt or "")
        both = (asked.rules if asked else None, None if self.paused else self.rules)
        plans = [plan for plan in both if plan is not None]
        return any(entry.rule.is_for(stage, call, call.now - entry.set_at) for plan in plans for entry in plan.entries)

    def ordinal(self, fingerprint: bytes) -> int:
        """How often this account has sent this body before: 0 for the first time."""
        ordinals = self._ordinals
        seen = ordinals.pop(fingerprint, -1) + 1
        ordinals[fingerprint] = seen
        if len(ordinals) > REMEMBERED_FINGERPRINTS:
            ordinals.popitem(last=False)
        return seen

    @property
    def rpm(self) -> int | None:
        """Requests a minute, or None for no limit."""
        if self.settings.rpm is not None:
            return self.settings.rpm
        return models.DOCUMENTED_RPM if self.settings.limits == "documented" else None

    @property
    def images_per_minute(self) -> int | None:
        """Images a minute, or None for no limit."""
        if self.settings.images_per_minute is not None:
            return self.settings.images_per_minute
        documented = self.settings.limits == "documented" and self.profile.tpm_limit == "images"
        return models.DOCUMENTED_IMAGES_PER_MINUTE if documented else None

    def admit(self, now: float, model: str | None, images: int) -> Refusal | None:
        """Count one call for `images` of `model` (None: the body could not be read) and check plan and rate limits.

        By default calls over the limit count too: retrying at once just burns quota (recorded).
        """
        settings = self.settings
        refusal = self._check_rate(now, images)
        if refusal is None and model is not None and (settings.plan_models or settings.plan_images is not None):
            refusal = self._check_plan(now, model, images)
            if refusal is not None:
                self.release(now, images)
        return refusal

    def _check_rate(self, now: float, images: int) -> Refusal | None:
        rpm, per_minute = self.rpm, self.images_per_minute
        over = (rpm is not None and self.calls.used(now) >= rpm) or (
            per_minute is not None and self.image_calls.used(now) + images > per_minute
        )
        if not over or self.profile.rate_counts == "all_calls":
            self.calls.add(now, 1)
            self.calls.keep_latest(max(rpm or 0, 1))
        if over:
            return refuse("rate_limited", retry_after=self._seconds_to_room(now, images))
        self.image_calls.add(now, images)
        return None

    def _seconds_to_room(self, now: float, images: int) -> int:
        """After how many whole seconds a call for `images` will be admitted, if nobody else calls."""
        times = [
            window.room_at(now, limit, amount)
            for window, limit, amount in (
                (self.calls, self.rpm, 1),
                (self.image_calls, self.images_per_minute, images),
            )
            if limit is not None and window.used(now) + amount > limit
        ]
        return max(ceil(max(times, default=now) - now), 1)

    def release(self, now: float, images: int) -> None:
        """Take back what `admit` counted at `now`, where the profile says that only accepted calls count."""
        if self.profile.rate_counts == "accepted_calls":
            self.calls.take_back(now, 1)
            self.image_calls.take_back(now, images)

    def _check_plan(self, now: float, model: str, images: int) -> Refusal | None:
        settings = self.settings
        if settings.plan_models and model not in [name.strip() for name in settings.plan_models.split(",")]:
            return refuse("model_not_in_plan", model=model)
        limit = settings.plan_images
        if limit is not None and self.plan_images.used(now) + images > limit:
            used, resets = self.plan_images.used(now), iso_seconds(self.plan_images.resets_at(now))
            return refuse("plan_limit", plan=settings.plan_name, used=used, limit=limit, resets=resets)
        return None

    def charge(self, now: float, price: int, images: int) -> bool:
        """Take the price of `images` from the balance and count them in the plan; False when the balance is too low."""
        if not self.ledger.charge(price, images):
            return False
        if self.settings.plan_images is not None:
            self.plan_images.add(now, images)
        return True

    def refund(self, now: float, price: int, images: int) -> None:
        """Give back what `charge` took at `now`."""
        self.ledger.refund(price, images)
        if self.settings.plan_images is not None:
            self.plan_images.take_back(now, images)

    def usage(self) -> dict[str, Any]:
        """What the limits are, and how what is counted against each came and goes, for a curve over time."""
        now, per_minute = self.clock.now(), self.images_per_minute
        shown = {"calls": self.calls.shown(now, self.rpm), "images": self.image_calls.shown(now, per_minute)}
        return {"now": now, **shown, "plan_images": self.plan_images.shown(now, self.settings.plan_images)}

    def as_dict(self) -> dict[str, Any]:
        """What the admin API shows of this account."""
        now = self.clock.now()
        settings = {name: getattr(self.settings, name) for name in PER_ACCOUNT}
        return settings | {
            "account": self.label,
            "balance_usd": usd(self.ledger.balance),
            "spent_usd": usd(self.ledger.spent),
            "images": self.ledger.images,
            "profile": name_of(self.profile),
            "switches": {field: getattr(self.profile, field) for field in self.profile.__struct_fields__},
            "rpm": self.rpm,
            "images_per_minute": self.images_per_minute,
            "used": {"calls": self.calls.used(now), "images": self.image_calls.used(now)},
            "faults": len(self.rules.entries) if self.rules else 0,
            "faults_paused": self.paused,
            "clock": {"now": now, "offset": round(self.clock.offset, 6), "frozen": self.clock.frozen},
        }


def _profile(settings: Settings) -> Profile:
    try:
        return profile_named(settings.profile)
    except ProfileError as error:
        raise SettingError(str(error)) from None
