"""Accounts: money, limits, plans, keys, and that none sees another."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mock_server import MockAccount, MockServer
from mock_server.core.ledger import Ledger
from mock_server.core.limits import Window
from mock_server.settings import SettingError
from tests.wire import Generate


def code(answer: httpx.Response) -> int:
    return int(answer.json()["base_resp"]["status_code"])


@pytest.mark.parametrize("model", ["image-01", "image-01-live"])
def test_each_image_is_charged_its_documented_price(generate: Generate, account: MockAccount, model: str) -> None:
    account.configure(balance_usd=1)
    generate(model=model, n=3)
    generate(model=model, n=10)
    generate(model=model, prompt="[[mock:1027]]")
    view = account.describe()
    assert (view["balance_usd"], view["spent_usd"], view["images"]) == (0.9895, 0.0105, 3)


def test_a_balance_that_does_not_cover_all_images_gets_1008(generate: Generate, account: MockAccount) -> None:
    account.configure(balance_usd=0.0035 * 2)
    assert generate(n=3).text == '{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}'
    assert code(generate(n=2)) == 0
    assert code(generate()) == 1008
    assert account.describe()["balance_usd"] == 0


def test_simultaneous_requests_never_overdraw(account: MockAccount, http: httpx.Client) -> None:
    account.configure(balance_usd=0.0035 * 20)
    headers = {"Authorization": f"Bearer {account.api_key}"}
    url = f"{account.base_url()}/v1/image_generation"
    with ThreadPoolExecutor(16) as pool:
        bodies = [{"model": "image-01", "prompt": str(i), "n": 1 + i % 3} for i in range(60)]
        codes = list(pool.map(lambda body: code(http.post(url, json=body, headers=headers)), bodies))
    paid = sum(body["n"] for body, got in zip(bodies, codes, strict=True) if got == 0)  # type: ignore[misc]
    view = account.describe()
    assert set(codes) == {0, 1008}
    assert view["images"] == paid <= 20
    assert view["balance_usd"] == pytest.approx(0.0035 * (20 - paid))


def test_simultaneous_requests_never_slip_past_the_rate_limit(account: MockAccount, http: httpx.Client) -> None:
    account.freeze()
    account.configure(limits="documented")
    headers = {"Authorization": f"Bearer {account.api_key}"}
    url = f"{account.base_url()}/v1/image_generation"
    with ThreadPoolExecutor(16) as pool:
        bodies = [{"model": "image-01", "prompt": str(i)} for i in range(40)]
        codes = list(pool.map(lambda body: code(http.post(url, json=body, headers=headers)), bodies))
    assert sorted(codes) == [0] * 10 + [1002] * 30


def test_the_rate_window_is_a_minute_of_the_accounts_clock(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    account.configure(rpm=2, profile="refused-calls-free")
    assert [code(generate()) for _ in range(3)] == [0, 0, 1002]
    account.advance(59.9)
    assert code(generate()) == 1002
    account.advance(0.1)
    assert [code(generate()) for _ in range(3)] == [0, 0, 1002]


def test_calls_over_the_limit_keep_the_window_full(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    account.configure(rpm=1)
    assert code(generate()) == 0
    account.advance(40)
    assert code(generate()) == 1002
    account.advance(40)
    assert code(generate()) == 1002
    account.advance(60)
    assert code(generate()) == 0


def test_images_per_minute_count_images(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    account.configure(images_per_minute=10)
    assert [code(generate(n=n)) for n in (9, 2, 1)] == [0, 1002, 0]


def test_documented_limits_are_10_calls_and_60_images(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    account.configure(limits="documented")
    assert [code(generate(n=9)) for _ in range(7)] == [0] * 6 + [1002]
    account.reset()
    account.freeze()
    account.configure(limits="documented", profile="tpm-ignored")
    assert [code(generate(n=9)) for _ in range(11)] == [0] * 10 + [1002]


@pytest.mark.parametrize(("profile", "codes"), [("io", [2013, 1002]), ("refused-calls-free", [2013, 0])])
def test_whether_refused_calls_count_is_a_switch(
    generate: Generate, account: MockAccount, profile: str, codes: list[int]
) -> None:
    account.configure(rpm=1, profile=profile)
    assert [code(generate(n=0)), code(generate())] == codes


def test_a_call_that_the_plan_refuses_is_a_refused_call(generate: Generate, account: MockAccount) -> None:
    account.configure(rpm=1, profile="refused-calls-free", plan_models="image-01-live")
    codes = [code(generate(model=model)) for model in ("image-01", "image-01-live", "image-01-live")]
    assert codes == [2061, 0, 1002]


def test_a_plan_that_is_used_up_gets_the_recorded_text(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    account.configure(plan_images=3)
    assert code(generate(n=3)) == 0
    text = generate().json()["base_resp"]["status_msg"]
    assert text.startswith(
        "usage limit exceeded, 5-hour usage limit reached for Token Plan Starter (3/3 used), resets at 2"
    ), text
    account.advance(5 * 3600 - 1)
    assert code(generate()) == 2056
    account.advance(1)
    assert code(generate(n=3)) == 0


def test_a_model_that_the_plan_lacks_gets_2061(generate: Generate, account: MockAccount) -> None:
    account.configure(plan_models="image-01-live, speech-02")
    assert generate().json()["base_resp"] == {
        "status_code": 2061,
        "status_msg": "your current token plan not support model, image-01",
    }
    assert code(generate(model="image-01-live")) == 0


def test_accounts_do_not_see_each_other(minimax_mock_server: MockServer, http: httpx.Client) -> None:
    poor, rich = minimax_mock_server.account(balance_usd=0), minimax_mock_server.account()
    for who in (poor, rich):
        headers = {"Authorization": f"Bearer {who.api_key}"}
        http.post(f"{who.base_url()}/v1/image_generation", json={"model": "image-01", "prompt": "x"}, headers=headers)
    poor.advance(1000)
    assert [item["status_code"] for item in poor.journal()] == [1008]
    assert [item["status_code"] for item in rich.journal()] == [0]
    assert rich.describe()["clock"]["offset"] == pytest.approx(0, abs=1)
    poor.reset()
    assert poor.journal() == []
    assert len(rich.journal()) == 1


def test_the_same_key_and_seed_draw_the_same_in_every_server(http: httpx.Client) -> None:
    def seeds(seed: int) -> list[int]:
        with MockServer(seed=seed) as server:
            headers = {"Authorization": "Bearer sk-api-fixed"}
            body = {"model": "image-01", "prompt": "x", "n": 4}
            for _ in range(2):
                http.post(f"{server.url}/v1/image_generation", json=body, headers=headers)
            return [image["seed"] for item in server.journal() for image in item["images"]]

    assert seeds(1) == seeds(1) != seeds(2)


def test_parallel_requests_draw_what_they_draw_one_by_one(http: httpx.Client) -> None:
    bodies = [{"model": "image-01", "prompt": str(i)} for i in range(30)]
    headers = {"Authorization": "Bearer sk-api-fixed"}

    def draws(workers: int) -> dict[str, int]:
        with MockServer() as server, ThreadPoolExecutor(workers) as pool:
            url = f"{server.url}/v1/image_generation"
            list(pool.map(lambda body: http.post(url, json=body, headers=headers), bodies))
            return {item["prompt"]: item["images"][0]["seed"] for item in server.journal()}

    assert draws(1) == draws(12)


def test_strict_keys_are_those_of_the_file(tmp_path: Path, http: httpx.Client) -> None:
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "- {key: sk-api-good, balance_usd: 0.0035}\n"
        "- {key: sk-cp-china, region: cn}\n"
        "- {key: eyJold, profile: toolkit-docs}\n"
    )
    with MockServer(keys="strict", accounts=str(file)) as server:
        url = f"{server.url}/v1/image_generation"

        def call(key: str, host: str = "localhost") -> dict[str, dict[str, object]]:
            headers = {"Authorization": f"Bearer {key}", "Host": host}
            body = {"model": "image-01", "prompt": "x"}
            return dict(http.post(url, json=body, headers=headers).json())

        assert [call("sk-api-good")["base_resp"]["status_code"] for _ in range(2)] == [0, 1008]
        assert call("sk-api-bad")["base_resp"] == {"status_code": 2049, "status_msg": "invalid api key"}
        assert call("garbled")["base_resp"]["status_code"] == 1004
        assert call("sk-cp-china", "api.minimaxi.com")["base_resp"]["status_code"] == 0
        assert call("sk-cp-china", "api.minimax.io")["base_resp"]["status_code"] == 2049
        assert call("eyJold")["metadata"] == {"failed_count": 0, "success_count": 1}
        server.reset()
        assert call("sk-api-good")["base_resp"]["status_code"] == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("- {key: a, balnce_usd: 1}", "account 1: 'balnce_usd' is not an account setting; did you mean 'balance_usd'?"),
        ("- {key: a, profile: oi}", "account 1: unknown profile 'oi'; did you mean 'io'?"),
        ("- {balance_usd: 1}", "account 1 must be an object with a `key`"),
        ("- {key: a}\n- {key: a}", "account 2: its key is also that of an earlier account"),
        ("key: a", "must be a list of accounts"),
        ("- [", "is neither YAML nor JSON"),
    ],
)
def test_a_wrong_accounts_file_is_refused_with_place_and_field(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "accounts.yaml"
    file.write_text(content)
    with pytest.raises(SettingError) as refused:
        MockServer(accounts=str(file))
    assert complaint in str(refused.value)


def test_a_json_accounts_file_works_too(tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps([{"key": "a", "rpm": 5}]))
    with MockServer(accounts=str(file)) as server:
        assert server.account("a").describe()["rpm"] == 5


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"rmp": 3}, "'rmp' is not an account setting; did you mean 'rpm'?"),
        ({"rpm": "3"}, "rpm must be int or null, got '3'"),
        ({"rpm": -1}, "rpm must be from 0 to 1e+09, got -1"),
        ({"seed": True}, "seed must be int, got True"),
        ({"latency": "fast"}, "latency cannot be 'fast'"),
        ({"region": "us"}, "region cannot be 'us'"),
        ({"profile": "cnn"}, "unknown profile 'cnn'; did you mean 'cn'?"),
        ({"profile": {"count": "integer"}}, "unknown profile switch 'count'; did you mean 'counts'?"),
        ({"profile": {"counts": "int"}}, "profile switch 'counts' cannot be 'int'; did you mean 'integer'?"),
        ({"port": 1}, "'port' is not an account setting"),
    ],
    ids=str,
)
def test_a_wrong_account_setting_is_refused_and_nothing_changes(
    account: MockAccount, settings: dict[str, object], complaint: str
) -> None:
    before = account.describe() | {"clock": None}
    with pytest.raises(SettingError) as refused:
        account.configure(**settings)
    assert complaint in str(refused.value)
    assert account.describe() | {"clock": None} == before


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 9)), max_size=60), st.integers(1, 60))
def test_a_window_holds_what_came_within_it(steps: list[tuple[float, int]], seconds: int) -> None:
    window, now, entries = Window(float(seconds)), 1000.0, []
    for wait, amount in steps:
        now += wait
        window.add(now, amount)
        entries.append((now, amount))
        assert window.used(now) == sum(amount for at, amount in entries if at > now - seconds)


class LedgerMachine(RuleBasedStateMachine):
    """A ledger against a plain sum."""

    @initialize(balance=st.integers(0, 100_000))
    def start(self, balance: int) -> None:
        self.ledger, self.begun, self.paid = Ledger(balance), balance, 0

    @rule(price=st.integers(0, 10_000), images=st.integers(0, 9))
    def charge(self, price: int, images: int) -> None:
        fits = price * images <= self.begun - self.paid
        assert self.ledger.charge(price, images) is fits
        self.paid += price * images if fits else 0

    @invariant()
    def adds_up(self) -> None:
        assert self.ledger.balance == self.begun - self.paid >= 0
        assert self.ledger.spent == self.paid


TestLedger = LedgerMachine.TestCase
