"""Which target a user means, and whether it may be used: what costs money needs a limit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from contract_tests.faces.minimax import FACE as MINIMAX

if TYPE_CHECKING:
    from contract_tests.faces.interface import Face
    from contract_tests.targets.interface import Target
    from contract_tests.targets.meter import Notice

HOSTS = {"io": "https://api.minimax.io", "cn": "https://api.minimaxi.com"}
"""The live service, by region."""
LIVE_DOMAINS = ("minimax.io", "minimaxi.com", "minimax.cn", "minimax.chat", "minimaxi.chat")
KEY = "MINIMAX_API_KEY"
PLACEHOLDER = "sk-api-contract-tests-placeholder"
"""What a server gets for a key when nobody gave one."""
UNKNOWN_LIMIT_USD = 0.07
"""Twenty images: what a server may make that may be free, or may not, when nobody set a limit."""


class ChoiceError(ValueError):
    """The target cannot be used like that; the message says what to do."""


class Choice(Struct, frozen=True):
    """A target that may be used. ``both``: an emulator is asked the same."""

    kind: Literal["emulator", "live", "url"]
    name: str
    url: str = ""
    both: bool = False
    region: str | None = None
    limit_usd: float = 0.0
    key: str = ""


def choose(
    target: str, *, url: str | None = None, region: str | None = None, max_spend: float | None = None,
    profile: str = "all", environment: Mapping[str, str] | None = None,
) -> Choice:  # fmt: skip
    """The target that is meant. Raises `ChoiceError`."""
    environment = os.environ if environment is None else environment
    both = target == "both"
    _check_options(target, url, region, max_spend)
    if target == "emulator":
        return Choice("emulator", "emulator")
    if profile != "all" and not both:
        raise ChoiceError("--profile is the emulator's; a service answers as it does")
    address = url if both else target
    if address and (both or "://" in address):
        _check_url(address)
        if region is not None:
            raise ChoiceError("--region chooses the live service; a URL has none")
        limit = UNKNOWN_LIMIT_USD if max_spend is None else max_spend
        key = environment.get(KEY) or PLACEHOLDER
        return Choice("url", address, address.rstrip("/"), both, None, limit, key)
    if target not in {"live", "both"}:
        from mock_server.nearest import nearest

        raise ChoiceError(f"unknown target {target!r}; {nearest(target, ('emulator', 'live', 'both'))}, or a URL")
    return _live(both=both, region=region or "io", max_spend=max_spend, key=environment.get(KEY, "").strip())


def check_face(face: str, target: str) -> None:
    """Raise `ChoiceError` where nothing speaks that dialect."""
    if face != MINIMAX.name and target != "emulator":
        raise ChoiceError(f"--face {face} is tried against the emulator only; {target!r} speaks the native dialect")


def check_record(record: str | None, target: str) -> None:
    """Raise `ChoiceError` where there is nothing to record: what the emulator answers, it says by itself."""
    if record is not None and target == "emulator":
        raise ChoiceError("--record is for --target live, both or a URL; the emulator's journal shows what it answered")


def choose_recorded(
    target: str, *, region: str | None, max_spend: float | None, environment: Mapping[str, str] | None = None
) -> Choice:
    """The service that a command's calls are passed on to. The key is the command's own. Raises `ChoiceError`."""
    if target in {"emulator", "both"}:
        raise ChoiceError(f"--target {target}: what is recorded is a service, live or at a URL")
    environment = os.environ if environment is None else environment
    key = environment.get(KEY, "").strip() or PLACEHOLDER
    return choose(target, region=region, max_spend=max_spend, environment={KEY: key})


def _live(*, both: bool, region: str, max_spend: float | None, key: str) -> Choice:
    if region not in HOSTS:
        from mock_server.nearest import nearest

        raise ChoiceError(f"unknown region {region!r}; {nearest(region, HOSTS)}")
    if max_spend is None:
        raise ChoiceError(
            "the live service costs money: say how much may be spent at most, in USD, for example --max-spend 0.05"
        )
    if not key:
        raise ChoiceError(f"the live service needs a key: set {KEY} in the environment")
    return Choice("live", "live", HOSTS[region], both, region, max_spend, key)


def _check_options(target: str, url: str | None, region: str | None, max_spend: float | None) -> None:
    if url is not None and target != "both":
        raise ChoiceError("--url is for --target both; a URL alone is a target: --target URL")
    if target == "emulator":
        for option, value in (("--max-spend", max_spend), ("--region", region)):
            if value is not None:
                raise ChoiceError(f"{option} is for the live service; the emulator is free and has no region")
    from contract_tests.targets.guard import affordable

    try:
        affordable(max_spend or 0.0)
    except ValueError as error:
        raise ChoiceError(f"--max-spend: {error}") from None


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ChoiceError(f"{url!r} is no URL: {error}") from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise ChoiceError(f"{url!r} is no base URL: expected http://HOST[:PORT] or https://HOST[:PORT]")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ChoiceError(f"the base URL of {host!r} must have neither a user nor a query; the key comes from {KEY}")
    if any(host == domain or host.endswith(f".{domain}") for domain in LIVE_DOMAINS):
        raise ChoiceError(f"{host} is the live service: --target live --region io|cn --max-spend USD")


def opened(choice: Choice, *, seed: int, profile: str, face: Face = MINIMAX, notice: Notice | None = None) -> Target:
    """The target, ready. `profile` is what emulated accounts of a comparison have; ``all`` is the region's own.

    `notice` is called with each exchange with a service.
    """
    from contract_tests.targets.emulator import Emulator
    from contract_tests.targets.guard import Purse
    from contract_tests.targets.service import Place, Service

    own = (choice.region or "io") if profile == "all" else profile
    if choice.kind == "emulator":
        return Emulator(seed, own, face)
    place = Place(choice.name, choice.url, choice.key, live=choice.kind == "live")
    return Service(place, Purse(choice.limit_usd), twin=Emulator(seed, own) if choice.both else None, notice=notice)
