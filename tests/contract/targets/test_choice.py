"""Which target is meant, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.catalogue import all_checks
from contract_tests.targets.choice import PLACEHOLDER, Choice, ChoiceError, choose
from contract_tests.targets.plan import plan

KEY = {"MINIMAX_API_KEY": "sk-api-real-key-0123456789abcdef"}
URL = "http://127.0.0.1:8484"
PACE = "It fits the rate limit of 10 calls a minute, more if the client repeats calls; about"


def test_the_emulator_is_usual() -> None:
    assert choose("emulator", environment=KEY) == Choice("emulator", "emulator")


@pytest.mark.parametrize(
    ("region", "host"), [(None, "api.minimax.io"), ("io", "api.minimax.io"), ("cn", "api.minimaxi.com")]
)
def test_live_has_a_host_for_each_region(region: str | None, host: str) -> None:
    choice = choose("live", region=region, max_spend=0.05, environment=KEY)
    assert (choice.url, choice.limit_usd, choice.both) == (f"https://{host}", 0.05, False)
    assert choose("both", region=region, max_spend=0.05, environment=KEY).both


@pytest.mark.parametrize("environment", [{}, KEY], ids=["placeholder", "key"])
def test_a_server_gets_the_key_or_a_placeholder(environment: dict[str, str]) -> None:
    choice = choose(f"{URL}/", environment=environment)
    assert (choice.kind, choice.url, choice.limit_usd) == ("url", URL, 0.07)
    assert choice.key == environment.get("MINIMAX_API_KEY", PLACEHOLDER)
    assert choose("both", url=URL, environment=environment).both


@pytest.mark.parametrize(
    ("target", "options", "complaint"),
    [
        ("live", {}, "say how much may be spent at most, in USD, for example --max-spend 0.05"),
        ("both", {}, "--max-spend 0.05"),
        ("live", {"max_spend": 1.0, "environment": {}}, "set MINIMAX_API_KEY in the environment"),
        ("live", {"max_spend": 1.0, "environment": {"MINIMAX_API_KEY": " "}}, "set MINIMAX_API_KEY"),
        ("live", {"max_spend": -1.0}, "--max-spend: expected an amount in USD, from 0, got -1.0"),
        ("live", {"max_spend": float("nan")}, "got nan"),
        ("live", {"max_spend": float("inf")}, "got inf"),
        ("live", {"max_spend": 1.0, "region": "us"}, "unknown region 'us'; valid: 'io', 'cn'"),
        ("live", {"max_spend": 1.0, "url": URL}, "--url is for --target both"),
        ("live", {"max_spend": 1.0, "profile": "cn"}, "--profile is the emulator's"),
        ("emulator", {"max_spend": 1.0}, "--max-spend is for the live service"),
        ("emulator", {"region": "io"}, "--region is for the live service"),
        (URL, {"region": "io"}, "--region chooses the live service"),
        (URL, {"profile": "cn"}, "--profile is the emulator's"),
        ("lve", {}, "unknown target 'lve'; did you mean 'live'?"),
        ("ftp://x", {}, "'ftp://x' is no base URL"),
        ("http://", {}, "is no base URL"),
        ("http://[", {}, "is no URL"),
        ("http://me:pass@host", {}, "must have neither a user nor a query"),
        ("http://host/?key=1", {}, "must have neither a user nor a query"),
        ("https://api.minimax.io", {}, "api.minimax.io is the live service: --target live"),
        ("https://API.MINIMAXI.com./v1", {}, "is the live service"),
        ("https://x.minimax.cn:8443", {}, "is the live service"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_to_do(target: str, options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ChoiceError) as caught:
        choose(target, **{"environment": KEY} | options)
    assert complaint in str(caught.value)
    assert "pass@" not in str(caught.value)


def test_the_plan_says_what_it_costs_before_anything_is_sent() -> None:
    told = plan(all_checks(), choose("live", max_spend=0.05, environment=KEY))
    assert told[:7] == [
        "plan: https://api.minimax.io with the key in MINIMAX_API_KEY",
        "  wrong-key: 1 call, free",
        "  invalid-parameters: 4 calls, free; $0.0035 if the service did not refuse it",
        "  too-many: 1 call, free; $0.0350 if the service did not refuse it",
        "  image-by-url: 1 call, 1 image, $0.0035",
        "  image-base64: 1 call, 1 image, $0.0035",
        f"8 calls and 2 images for $0.0070; never more than $0.05 (--max-spend). {PACE} 58 s",
    ]
    assert told[7].endswith("checks need faults, which live does not have: skipped")


def test_the_plan_of_a_server_of_unknown_price() -> None:
    told = plan(
        [check for check in all_checks() if check.id == "both.image-by-url"], choose("both", url=URL, environment={})
    )
    assert told == [
        f"plan: {URL} with the placeholder key, and an emulator beside it",
        "  wrong-key: 1 call, free",
        "  image-by-url: 1 call, 1 image, $0.0035",
        f"2 calls and 1 image for $0.0035; never more than $0.07 (as there is no --max-spend). {PACE} 27 s",
    ]


def test_the_emulator_needs_no_plan() -> None:
    assert plan(all_checks(), choose("emulator")) == []
