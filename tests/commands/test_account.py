"""``account``, ``clock`` and ``reset``."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from mock_server import MockAccount, MockServer
from mock_server.commands.account_page import show_account, show_accounts
from mock_server.commands.clock_text import short, told
from mock_server.commands.output import dollars
from mock_server.commands.values import seconds, span
from mock_server.core.profile import SWITCHES
from tests.commands.conftest import Command
from tests.wire import Generate

ACCOUNT: dict[str, Any] = {
    "account": "sk-api*12345678", "balance_usd": 1.2345, "spent_usd": 0.007, "images": 2, "rpm": 10,
    "images_per_minute": None, "used": {"calls": 3, "images": 2}, "profile": "cn", "region": "", "seed": 7,
    "switches": {switch.field: switch.answers[0] for switch in SWITCHES} | {"live_model_21_9": "refused"},
    "latency": "none", "plan_name": "Token Plan Starter", "plan_images": 100, "plan_models": "", "faults": 2,
    "fault_header": False, "clock": {"now": 1795278112.0, "offset": 86400.0, "frozen": True},
}  # fmt: skip


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def printed(show: Any, content: Any, width: int = 100) -> str:
    screen = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    show(content, screen=screen)
    return "\n".join(line.rstrip() for line in screen.file.getvalue().splitlines())  # type: ignore[attr-defined]


def test_an_account_on_a_terminal(utc: None) -> None:
    assert (
        printed(show_account, ACCOUNT)
        == """\
account          sk-api*12345678
balance          $1.2345; spent $0.007 for 2 images
calls a minute   3 of 10
images a minute  2, no limit
plan             Token Plan Starter: 100 images in five hours, all models
profile          cn: live_model_21_9=refused
region           both
seed             7
latency          none
clock            2026-11-21 16:21:52, 1d ahead of this machine, frozen
fault rules      2, listed by `minimax-mock faults`"""
    )


def test_accounts_on_a_terminal() -> None:
    text = printed(show_accounts, [ACCOUNT, ACCOUNT | {"account": "alice", "faults": 0}], width=150)
    assert [" ".join(line.split()) for line in text.splitlines() if line.strip()][2:] == [
        "sk-api*12345678 $1.2345 $0.007 2 3 of 10 2, no limit cn: live_model_21_9=refused 2 +1d, frozen",
        "alice $1.2345 $0.007 2 3 of 10 2, no limit cn: live_model_21_9=refused 0 +1d, frozen",
    ]


def test_the_account_of_a_key(command: Command, account: MockAccount, generate: Generate) -> None:
    generate(n=2)
    result = command("account")
    assert result.code == 0
    assert f"account          {account.describe()['account']}\n" in result.out
    assert "balance          $999,999.993; spent $0.007 for 2 images\n" in result.out


def test_all_accounts(all_of: Command, own: MockServer) -> None:
    assert all_of("account").out == "no accounts yet: the first request with a key makes one\n"
    own.account("sk-api-key-of-a", balance_usd=2).configure(rpm=3)
    own.account("sk-api-key-of-b").advance(90)
    rows = all_of("account").rows
    assert rows[0] == ["account", "balance", "spent", "images", "calls/min", "images/min", "profile", "rules", "clock"]
    assert [row[1:3] for row in rows[1:]] == [["$2.00", "$0.00"], ["$1,000,000.00", "$0.00"]]
    assert (rows[1][4], rows[2][-1]) == ("0 of 3", "+1m 30s")


def test_set_changes_one_account(command: Command, account: MockAccount) -> None:
    values = ("balance_usd=0.5", "rpm=2", "seed=-3", "latency=0.5", "plan_name=123", "fault_header=true", "region=cn")
    result = command("account", "set", *values, "profile.counts=integer", "profile.other_image_key=null")
    assert result.code == 0, result.err
    now = account.describe()
    assert {name: now[name] for name in ("balance_usd", "rpm", "seed", "latency", "plan_name", "fault_header")} == {
        "balance_usd": 0.5, "rpm": 2, "seed": -3, "latency": "0.5", "plan_name": "123", "fault_header": True,
    }  # fmt: skip
    assert now["profile"] == "toolkit-docs"
    assert command("account", "set", "rpm=null", "profile=io").code == 0
    assert (account.describe()["rpm"], account.describe()["profile"]) == (None, "io")


def test_set_changes_all_accounts(all_of: Command, own: MockServer) -> None:
    present = own.account("sk-api-present")
    present.describe()
    assert all_of("account", "set", "seed=9").code == 0
    assert (present.describe()["seed"], own.account("sk-api-future").describe()["seed"]) == (9, 9)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["balanse_usd=1"], "'balanse_usd' is not an account setting; did you mean 'balance_usd'? valid: "),
        (["profile=oi"], "unknown profile 'oi'; did you mean 'io'?"),
        (["profile.count=integer"], "unknown profile switch 'count'; did you mean 'counts'?"),
        (["profile.counts=intger"], "profile switch 'counts' cannot be 'intger'; did you mean 'integer'?"),
        (["region=us"], "region cannot be 'us'"),
        (["rpm=many"], "rpm must be int or null, got 'many'"),
        (["rpm"], "a setting is given as NAME=VALUE, got 'rpm'"),
        (["rpm=1", "rpm=2"], "a setting 'rpm' is given twice"),
        (["profile=cn", "profile.counts=integer"], "set the profile first"),
        ([], "NAME=VALUE"),
    ],
    ids=str,
)
def test_set_refuses(command: Command, arguments: list[str], complaint: str) -> None:
    result = command("account", "set", *arguments)
    assert result.code == 2
    assert complaint in result.err


@pytest.mark.parametrize(
    ("text", "length"),
    [("30", 30), ("90s", 90), ("15m", 900), ("24h", 86400), ("1d", 86400), ("1h30m", 5400), ("0.5", 0.5)]
)  # fmt: skip
def test_a_length_of_time(text: str, length: float) -> None:
    assert seconds(text) == length


def test_lengths_and_clocks_in_words() -> None:
    assert [span(length) for length in (0, 59.6, 90, 90_061)] == ["0s", "1m", "1m 30s", "1d 1h"]
    ahead = {"now": 0.0, "offset": 90.0, "frozen": False}
    assert told(ahead).endswith(", 1m 30s ahead of this machine")
    assert short(ahead | {"offset": -3600.2, "frozen": True}) == "-1h, frozen"
    assert told(ahead | {"now": 1e30, "offset": 0}) == f"{1e30:.0f} s"
    assert [dollars(amount) for amount in (0, 0.0035, 1234.5)] == ["$0.00", "$0.0035", "$1,234.50"]


def test_the_clock_is_moved(command: Command, account: MockAccount) -> None:
    assert command("clock", "advance", "1d").out.endswith(", 1d ahead of this machine\n")
    assert command("clock", "freeze").out.endswith(" ahead of this machine, frozen\n")
    assert account.describe()["clock"]["frozen"] is True
    assert "frozen" not in command("clock", "unfreeze").out
    assert command("clock", "--json").json["offset"] == pytest.approx(86400, abs=60)


@pytest.mark.parametrize("time", ["soon", "1w", "", "1e3"])
def test_a_wrong_length_of_time_is_refused(command: Command, time: str) -> None:
    result = command("clock", "advance", time)
    assert result.code == 2
    assert f"a length of time is like 30, 90s, 15m, 24h, 1d or 1h30m, got {time!r}" in result.err


def test_reset_of_one_account_leaves_the_others(all_of: Command, own: MockServer) -> None:
    one, other = own.account("sk-api-one-key", seed=1), own.account("sk-api-other-key", seed=2)
    assert all_of("reset", "--key", one.api_key).out == "reset the account of that key\n"
    assert (one.describe()["seed"], other.describe()["seed"]) == (0, 2)
    assert all_of("reset").out == "reset everything: accounts, journal, images, rules, clock\n"
    assert other.describe()["seed"] == 0
