"""The same wish through every face: the same pictures, the same charge by its price list, the same refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from contract_tests.strategies import DATA_URL
from mock_server import MockServer
from mock_server.core.models import RATIOS
from mock_server.core.prices import PRICE_MICRO_USD
from mock_server.core.reasons import REASONS
from tests.faces import SPEAKERS, Speaker, Wish

PROMPTS = st.one_of(
    st.sampled_from(["a lighthouse", "a bikini", "lingerie", "nude", "gore", "", " ", "x" * 1499, "x" * 1500, "水墨"]),
    st.sampled_from(["x [[mock:1008]]", "x [[mock:1033x1]]", "x [[mock:partial-failure]]", "x [[mock:nonsense]]"]),
)
REFERENCES = st.sampled_from(
    [DATA_URL, "https://example.com/a.png", "http://10.0.0.1/a.png", "nothing", DATA_URL + "!"]
)
WISHES: st.SearchStrategy[Wish] = st.fixed_dictionaries(
    {"model": st.just("image-01"), "prompt": PROMPTS, "seed": st.integers(-(2**63), 2**63 - 1)},
    optional={
        "n": st.integers(0, 10),
        "aspect_ratio": st.sampled_from([*RATIOS, "5:4"]),
        "response_format": st.sampled_from(["url", "base64", "png"]),
        "prompt_optimizer": st.booleans(),
        "aigc_watermark": st.booleans(),
        "subject_reference": REFERENCES.map(lambda file: [{"type": "character", "image_file": file}]),
    },
)


class Faces(RuleBasedStateMachine):
    """An account for each face, all put into the same troubles."""

    server: MockServer
    http: httpx.Client

    @initialize(images=st.integers(0, 30), rpm=st.none() | st.integers(1, 12))
    def begin(self, images: int, rpm: int | None) -> None:
        self.accounts = {speaker: self.server.account() for speaker in SPEAKERS}
        for speaker, account in self.accounts.items():
            account.freeze()
            account.configure(balance_usd=speaker.price * images / 1e6, rpm=rpm)

    @rule(wish=WISHES)
    def ask(self, wish: Wish) -> None:
        told = {speaker.face: self._told(speaker, wish) for speaker in SPEAKERS}
        first = told[SPEAKERS[0].face]
        for face, other in told.items():
            assert other == first, f"{face} and {SPEAKERS[0].face} disagree on {wish}"

    def _told(self, speaker: Speaker, wish: Wish) -> dict[str, Any]:
        account = self.accounts[speaker]
        answer = speaker.ask(self.http, account.base_url(speaker.face), account.api_key, wish)
        exchange = [item for item in account.journal() if item["endpoint"] == "generate"][-1]
        images = speaker.images(self.http, answer, wish) if exchange["status_code"] == 0 else []
        seen = {name: exchange[name] for name in ("status_code", "reason", "prompt", "model", "n", "faults")}
        drawn = [(item["index"], item["seed"], item["width"], item["height"]) for item in exchange["images"]]
        return seen | {"drawn": drawn, "images": images}

    @rule(code=st.sampled_from(sorted({reason.code for reason in REASONS.values()})), times=st.integers(1, 2))
    def refuse(self, code: int, times: int) -> None:
        for account in self.accounts.values():
            account.add_fault("status_code", code=code, times=times)

    @rule(failed=st.integers(1, 8))
    def block(self, failed: int) -> None:
        for account in self.accounts.values():
            account.add_fault("partial", failed=failed, times=1)

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds: int) -> None:
        for account in self.accounts.values():
            account.advance(seconds)

    @invariant()
    def charged_by_the_price_list(self) -> None:
        spent = set()
        for speaker, account in getattr(self, "accounts", {}).items():
            said = account.describe()
            assert round(said["spent_usd"] * 1e6) == said["images"] * speaker.price
            spent.add((said["images"], round(said["balance_usd"] * 1e6) // speaker.price))
        assert len(spent) <= 1


@pytest.fixture(scope="module")
def machine() -> Iterator[type[Faces]]:
    with MockServer() as server, httpx.Client(trust_env=False, timeout=30) as http:
        yield type("Faces", (Faces,), {"server": server, "http": http})


def test_faces_agree(machine: type[Faces]) -> None:
    few = settings(
        max_examples=12,
        stateful_step_count=12,
        phases=[Phase.generate],  # shrinking takes minutes over a socket
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=few)


def test_the_gateway_takes_a_cent() -> None:
    assert PRICE_MICRO_USD["openai"] == {"image-01": 10_000, "image-01-live": 10_000}
