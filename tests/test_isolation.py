"""Accounts never see each other: fifty of them, driven in any order, each against a model of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mock_server import MockAccount, MockServer

ACCOUNTS = 50
PRICE = 0.0035
DAY = 86_400


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


@dataclass
class Model:
    """What one account should be like: the codes that come next, its money, its time, what it was asked."""

    queued: list[int] = field(default_factory=list)
    balance: float = 1.0
    asked: list[tuple[str, int]] = field(default_factory=list)
    urls: list[tuple[str, float]] = field(default_factory=list)
    ahead: float = 0.0

    def next_code(self, n: int) -> int:
        if self.queued:
            return self.queued.pop(0)
        if round(self.balance - n * PRICE, 6) < 0:
            return 1008
        self.balance = round(self.balance - n * PRICE, 6)
        return 0


class Accounts(RuleBasedStateMachine):
    """Interleavings of everything that belongs to an account."""

    server: MockServer
    client: httpx.Client
    names = st.integers(0, ACCOUNTS - 1)

    @initialize()
    def start(self) -> None:
        self.server.reset()
        self.models = [Model() for _ in range(ACCOUNTS)]
        self.handles: list[MockAccount] = []
        for number in range(ACCOUNTS):
            handle = self.server.account(f"sk-api-isolated-{number}")
            handle.configure(balance_usd=1.0, seed=number)
            handle.freeze()
            self.handles.append(handle)

    @rule(number=names, n=st.integers(1, 9), prompt=st.sampled_from(["a", "b", "c"]))
    def generate(self, number: int, n: int, prompt: str) -> None:
        model, handle = self.models[number], self.handles[number]
        body = {"model": "image-01", "prompt": prompt, "n": n}
        headers = {"Authorization": f"Bearer {handle.api_key}"}
        answer = self.client.post(self.server.url + "/v1/image_generation", json=body, headers=headers).json()
        code = model.next_code(n)
        assert answer["base_resp"]["status_code"] == code
        model.asked.append((prompt, code))
        if code == 0:
            model.urls.append((answer["data"]["image_urls"][-1], model.ahead))

    @rule(number=names)
    def download(self, number: int) -> None:
        model = self.models[number]
        if model.urls:
            url, made = model.urls[-1]
            expired = model.ahead - made > DAY
            assert self.client.get(url).status_code == (403 if expired else 200)

    @rule(number=names, codes=st.lists(st.sampled_from([1002, 1026, 1033]), min_size=1, max_size=3))
    def load(self, number: int, codes: list[int]) -> None:
        """Load a scenario; its rules go before those there are."""
        rules = [{"fault": {"kind": "status_code", "code": code}, "times": 1} for code in codes]
        self.handles[number].scenario({"rules": rules})
        self.models[number].queued[:0] = codes

    @rule(number=names)
    def clear(self, number: int) -> None:
        self.handles[number].clear_faults()
        self.models[number].queued.clear()

    @rule(number=names, seconds=st.sampled_from([1.0, 3600.0, DAY + 1.0]))
    def advance(self, number: int, seconds: float) -> None:
        self.handles[number].advance(seconds)
        self.models[number].ahead += seconds

    @rule(number=names)
    def reset(self, number: int) -> None:
        handle = self.handles[number]
        handle.reset()
        handle.configure(balance_usd=1.0, seed=number)
        handle.freeze()
        self.models[number] = Model()

    @invariant()
    def every_account_is_as_its_model(self) -> None:
        for model, handle in zip(self.models, self.handles, strict=True) if hasattr(self, "models") else ():
            said = handle.describe()
            assert said["balance_usd"] == pytest.approx(model.balance)
            assert sum(item["left"] or 0 for item in handle.faults()) == len(model.queued)
            asked = handle.journal(endpoint="generate")
            assert [(item["prompt"], item["status_code"]) for item in asked] == model.asked


def test_accounts_never_see_each_other(server: MockServer, http: httpx.Client) -> None:
    class Bound(Accounts):
        pass

    Bound.server, Bound.client = server, http
    run_state_machine_as_test(Bound, settings=settings(max_examples=15, stateful_step_count=40, deadline=None))


def test_fifty_accounts_in_parallel_with_scenarios_seeds_and_clocks_of_their_own(server: MockServer) -> None:
    server.reset()
    codes = (1002, 1008, 1026, 1033, 2056)

    def life(number: int) -> dict[str, Any]:
        account = server.account(f"sk-api-mock-{codes[number % 5]}x{number % 4 + 1}--{number}")
        account.configure(seed=number)
        account.advance(number * 1000.0)
        headers = {"Authorization": f"Bearer {account.api_key}"}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            body = {"model": "image-01", "prompt": "the same for all"}
            answers = [client.post("/v1/image_generation", json=body).json() for _ in range(8)]
        return {
            "codes": [answer["base_resp"]["status_code"] for answer in answers],
            "journal": len(account.journal()),
            "images": account.describe()["images"],
            "seeds": [image["seed"] for entry in account.journal() for image in entry["images"]],
            "offset": round(account.describe()["clock"]["offset"]),
        }

    with ThreadPoolExecutor(25) as pool:
        lives = list(pool.map(life, range(ACCOUNTS)))
    for number, seen in enumerate(lives):
        failing = number % 4 + 1
        assert seen["codes"] == [codes[number % 5]] * failing + [0] * (8 - failing)
        assert (seen["journal"], seen["images"], seen["offset"]) == (8, 8 - failing, number * 1000)
    every_seed = [seed for seen in lives for seed in seen["seeds"]]
    assert len(set(every_seed)) == len(every_seed)


def test_accounts_with_the_same_seed_draw_apart(server: MockServer, http: httpx.Client) -> None:
    body = {"model": "image-01", "prompt": "the same for both"}

    def url(account: MockAccount) -> str:
        headers = {"Authorization": f"Bearer {account.api_key}"}
        answer = http.post(f"{server.url}/v1/image_generation", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["image_urls"][0]).partition("?")[0]

    assert url(server.account()) != url(server.account())


def test_a_fault_of_one_leaves_the_others_alone(server: MockServer) -> None:
    first, second = server.account(), server.account()
    assert second.faults() == []
    first.add_fault("hang")
    assert (len(first.faults()), second.faults()) == (1, [])


def test_a_reset_of_one_leaves_the_others_alone(server: MockServer) -> None:
    first, second = server.account(), server.account()
    for account in (first, second):
        account.scenario("1008")
        account.advance(500)
    first.reset()
    assert (first.faults(), round(first.describe()["clock"]["offset"])) == ([], 0)
    assert len(second.faults()) == 1
    assert round(second.describe()["clock"]["offset"]) == 500
