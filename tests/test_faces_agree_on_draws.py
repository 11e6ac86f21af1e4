"""Without a seed of its own, a wish gets the same pictures on every face: draws follow from what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.strategies import DATA_URL
from mock_server import MockServer
from mock_server.core.models import RATIOS
from tests.faces import SPEAKERS, Speaker, Wish
from tests.fal.client import SUBJECT, TEXT

KEY = "id:one-key-for-all-faces"


def fal_body(wish: Wish) -> dict[str, Any]:
    body = {"prompt": wish["prompt"], "num_images": wish.get("n", 1)}
    body |= {name: wish[name] for name in ("aspect_ratio", "prompt_optimizer") if name in wish}
    if "subject_reference" in wish:
        body["image_url"] = wish["subject_reference"][0]["image_file"]
    return body


class Fal(Speaker, frozen=True):
    """fal has an endpoint of its own for subjects, and no seed."""

    def ask(self, http: httpx.Client, base_url: str, key: str, wish: Wish) -> httpx.Response:
        app = SUBJECT if "subject_reference" in wish else TEXT
        return http.post(f"{base_url}/run/{app}", json=self.body(wish), headers={"Authorization": f"Key {key}"})


FAL = Fal(
    face="fal",
    path="",
    scheme="Key",
    body=fal_body,
    urls=lambda said: [file["url"] for file in said.get("images", [])],
    embedded=lambda _: [],
)
FACES = (*SPEAKERS, FAL)
PROMPTS = ["a lighthouse", "水墨山水", "a bikini", "lingerie", "gore", " ", "x" * 1499, "x" * 1500]
TROUBLES = ["", "[[mock:1008]]", "[[mock:1002]]", "[[mock:partial-failure]]", "[[mock:1027]]", "[[mock:nonsense]]"]
WISHES: st.SearchStrategy[Wish] = st.fixed_dictionaries(
    {"model": st.just("image-01"), "prompt": st.builds("{} {}".format, *map(st.sampled_from, (PROMPTS, TROUBLES)))},
    optional={
        "n": st.integers(0, 10),
        "aspect_ratio": st.sampled_from([*RATIOS, "5:4"]),
        "prompt_optimizer": st.booleans(),
        "subject_reference": st.sampled_from([DATA_URL, "https://example.com/a.png", "http://10.0.0.1/a.png"]).map(
            lambda file: [{"type": "character", "image_file": file}]
        ),
    },
)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, MockServer]]:
    with ExitStack() as stack:
        yield {speaker.face: stack.enter_context(MockServer()) for speaker in FACES}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(wishes=st.lists(WISHES, min_size=1, max_size=3))
def test_a_wish_gets_the_same_on_every_face(
    wishes: list[Wish], servers: dict[str, MockServer], http: httpx.Client
) -> None:
    told = {speaker.face: [outcome(speaker, servers[speaker.face], wish, http) for wish in wishes] for speaker in FACES}
    for server in servers.values():
        server.reset()
    assert told["fal"] == told["minimax"]
    assert told["openai"] == told["minimax"]


def outcome(speaker: Speaker, server: MockServer, wish: Wish, http: httpx.Client) -> dict[str, Any]:
    """What one face makes of a wish: why it is refused, or the pictures, and how many were paid for."""
    account = server.account(KEY)
    answer = speaker.ask(http, account.base_url(speaker.face), KEY, wish)
    exchange = account.journal(endpoint="generate")[-1]
    drawn = [(item["index"], item["seed"], item["width"], item["height"]) for item in exchange["images"]]
    images = speaker.images(http, answer, wish) if exchange["status_code"] == 0 else []
    spent = account.describe()["spent_usd"]
    return {
        "reason": exchange["reason"],
        "code": exchange["status_code"],
        "faults": exchange["faults"],
        "drawn": drawn,
        "images": images,
        "paid": round(spent * 1e6 / speaker.price),
    }
