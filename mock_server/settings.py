"""Every setting, declared once: the command line, the environment, ``MockServer`` and the admin API follow from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, cast, get_args, get_origin

from mock_server.nearest import nearest

ENV_PREFIX = "MINIMAX_MOCK_"
LATENCY_WORDS = ("none", "realistic")
JOBS_WORDS = ("time", "immediate", "manual", "polls:2")
JOBS_SHORTEST_SECONDS = 0.25
_TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,200}")


class SettingError(ValueError):
    """A setting that does not exist or a value that it cannot have; the message says what can be."""


@dataclass(frozen=True, slots=True)
class About:
    """What is to know about a setting besides its type and default."""

    help: str
    metavar: str | None = None
    low: float | None = None
    high: float | None = None
    per_account: bool = False
    secret: bool = False


def _setting(default: Any, text: str, **about: Any) -> Any:
    return field(default=default, metadata={"about": About(text, **about)}, repr=not about.get("secret"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one server. Those that are per account are what a new account starts with."""

    host: str = _setting("127.0.0.1", "Address to listen on.", metavar="ADDRESS")
    port: int = _setting(8484, "Port to listen on; 0 picks a free one.", low=0, high=65535)
    scenario: tuple[str, ...] = _setting(
        (), "What goes wrong, for every account: a name that `minimax-mock scenarios` lists, NAMExN for the first N "
        "calls, or a file. Repeatable; the first takes precedence.", metavar="NAME|FILE",
    )  # fmt: skip
    scenario_dir: str = _setting(
        "", "Folder of your own scenario files, which can then be named wherever a scenario can.", metavar="FOLDER"
    )
    profile: str = _setting(
        "io", "Answers to what is open about the live service: a name that `minimax-mock profiles` lists, or, at the "
        "start, a file of switches and answers.", metavar="NAME|FILE", per_account=True,
    )  # fmt: skip
    seed: int = _setting(
        0, "Decides every draw: ids, image seeds, latencies.", low=-(2**63), high=2**63 - 1, per_account=True
    )
    latency: str = _setting(
        "none", "Delay answers: none, realistic (22.7 to 25.8 s, as recorded), or a number of seconds.",
        metavar="none|realistic|SECONDS", per_account=True,
    )  # fmt: skip
    jobs: str = _setting(
        "time", "How queued jobs (fal) get on: time (as long as --latency says, at least 0.25 s), a number of seconds, "
        "immediate, manual (by the admin API), or polls:N (done after being asked after N times).",
        metavar="time|SECONDS|immediate|manual|polls:N", per_account=True,
    )  # fmt: skip
    region: Literal["", "io", "cn"] = _setting(
        "", "The site that a key belongs to; on a host of the other it gets 2049. Default: both.", per_account=True
    )
    keys: Literal["open", "strict"] = _setting("open", "open: any key is an account. strict: only those of --accounts.")
    accounts: str = _setting(
        "", "YAML or JSON file of accounts: a list of {key, and any per-account setting}.", metavar="FILE"
    )
    balance_usd: float = _setting(
        1_000_000.0, "Balance of a new account in US dollars.", low=0, high=1e9, per_account=True
    )
    limits: Literal["none", "documented"] = _setting(
        "none", "documented: 10 requests and 60 images a minute, as the service documents.", per_account=True
    )
    rpm: int | None = _setting(
        None, "Requests a minute, instead of what --limits says.", low=0, high=1e9, per_account=True
    )
    images_per_minute: int | None = _setting(
        None, "Images a minute, instead of what --limits says.", low=0, high=1e9, per_account=True
    )
    plan_name: str = _setting(
        "Token Plan Starter", "Name of the account's token plan.", metavar="NAME", per_account=True
    )
    plan_images: int | None = _setting(
        None, "Images that the token plan allows in five hours; more get 2056.", low=0, high=1e9, per_account=True
    )
    plan_models: str = _setting(
        "", "Models that the token plan has, separated by commas; others get 2061. Default: all.", metavar="MODEL,...",
        per_account=True,
    )  # fmt: skip
    fault_header: bool = _setting(
        False, "Name the injected faults in a response header, x-minimax-mock-faults.", per_account=True
    )
    public_url: str = _setting("", "Origin of the image URLs, when it cannot be told from the request.", metavar="URL")
    webhook_hosts: str = _setting(
        "", "Private hosts, besides this machine, that webhooks may be delivered to: names, addresses or *.patterns.",
        metavar="HOST,...",
    )  # fmt: skip
    fetch_references: str = _setting(
        "", "Hosts that subject references may be fetched from: names, *.patterns or *. Default: none is ever fetched.",
        metavar="HOST,...",
    )  # fmt: skip
    tls: bool = _setting(False, "Listen with TLS too, on --tls-port, with a certificate made at the start.")
    tls_port: int = _setting(8443, "Port of --tls; 0 picks a free one.", low=0, high=65535)
    no_admin: bool = _setting(False, "Do not serve the admin API and dashboard under /_mock.")
    admin_token: str = _setting(
        "", "Token that calls of the admin API must carry as X-Admin-Token; better given by the environment.",
        metavar="TOKEN", secret=True,
    )  # fmt: skip
    admin_hosts: str = _setting(
        "", "More names that the admin API may be called by, and that --tls is valid for: names or *.patterns.",
        metavar="NAME,...",
    )  # fmt: skip
    json: bool = _setting(False, "Print the ready line as JSON.")
    log_level: Literal["critical", "error", "warning", "info", "debug"] = _setting("warning", "What to log to stderr.")

    def __post_init__(self) -> None:
        """Refuse what no setting can be. Raises `SettingError`."""
        for name in FIELDS:
            check(name, getattr(self, name))


FIELDS = {item.name: item for item in fields(Settings)}
ABOUT: dict[str, About] = {name: cast(About, item.metadata["about"]) for name, item in FIELDS.items()}
TYPES: dict[str, Any] = {name: item.type for name, item in FIELDS.items()}
PER_ACCOUNT = tuple(name for name, about in ABOUT.items() if about.per_account)


def build(values: Mapping[str, Any]) -> Settings:
    """`Settings` from loose values, for example keyword arguments. Raises `SettingError`."""
    for name in values:
        if name not in FIELDS:
            msg = f"unknown setting {name!r}; {nearest(name, FIELDS)}"
            raise SettingError(msg)
    if isinstance(values.get("scenario"), str):
        values = {**values, "scenario": (values["scenario"],)}
    return Settings(**values)


def with_changes(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """`settings` as one account has them: with some of the per-account ones changed. Raises `SettingError`."""
    for name in changes:
        if name not in PER_ACCOUNT:
            msg = f"{name!r} is not an account setting; {nearest(name, PER_ACCOUNT)}"
            raise SettingError(msg)
    return replace(settings, **changes)


def check(name: str, value: Any) -> None:
    """Raise `SettingError` unless `value` can be the setting `name`."""
    kind, about = TYPES[name], ABOUT[name]
    if get_origin(kind) is tuple:
        if not isinstance(value, tuple) or not all(isinstance(item, str) and item for item in value):
            raise SettingError(f"{name} must be text or a tuple of texts, got {value!r}")
        return
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            words = [word for word in get_args(kind) if word]
            raise SettingError(f"{name} cannot be {value!r}; {nearest(str(value), words)}")
        return
    if not _is_a(value, kind):
        expected = " or ".join("null" if item is type(None) else item.__name__ for item in get_args(kind) or (kind,))
        raise SettingError(f"{name} must be {expected}, got {type(value).__name__ if about.secret else repr(value)}")
    if about.low is not None and value is not None and not about.low <= value <= (about.high or 0):
        raise SettingError(f"{name} must be from {about.low:g} to {about.high:g}, got {value!r}")
    if name == "latency":
        latency_seconds(value)
    if name == "jobs":
        jobs_mode(value)
    if name == "admin_token" and value and not _TOKEN.fullmatch(value):
        wanted = "8 to 200 of A-Z a-z 0-9 . _ ~ - (`openssl rand -hex 16` makes a good one)"
        raise SettingError(f"admin_token must be {wanted}; the one given has {len(value)} characters, or others")


def _is_a(value: Any, kind: Any) -> bool:
    kinds = get_args(kind) or (kind,)
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, (*kinds, int) if float in kinds else kinds)


def latency_seconds(text: str) -> float | None:
    """Fixed seconds of a latency setting; None for ``realistic``. Raises `SettingError`."""
    if text == "none":
        return 0.0
    if text == "realistic":
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise SettingError(f"latency cannot be {text!r}; {nearest(text, LATENCY_WORDS)}, or seconds from 0 to 3600")
    return seconds


def jobs_mode(text: str) -> tuple[str, float]:
    """What a ``jobs`` setting means: ``time``, ``immediate``, ``manual``, or ``seconds`` or ``polls`` with the number.

    Raises `SettingError`.
    """
    if text in {"time", "immediate", "manual"}:
        return text, 0.0
    kind, number = ("polls", text[6:]) if text.startswith("polls:") else ("seconds", text)
    try:
        value = float(int(number)) if kind == "polls" else float(number)
    except ValueError:
        value = -1.0
    if not (1 <= value <= 1000 if kind == "polls" else 0 <= value <= 86_400):
        others = "seconds from 0 to 86400, or polls:N with N from 1 to 1000"
        raise SettingError(f"jobs cannot be {text!r}; {nearest(text, JOBS_WORDS)}, {others}")
    return kind, value
