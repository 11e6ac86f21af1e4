"""Without a seed of its own, a wish gets the same pictures on every face: draws follow from what is asked for."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contract_tests.strategies import DATA_URL
from mock_server import MockServer
from mock_server.core.models import RATIOS
from mock_server.core.reasons import REASONS
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
PROMPTS = [
    "a lighthouse",
    "a fox",
    "a boat",
    "a red door",
    "水墨山水",
    "a bikini",
    "lingerie",
    "gore",
    " ",
    "x" * 1499,
    "x" * 1500,
]
TROUBLES = [
    "",
    "",
    "",
    "",
    "[[mock:1008]]",
    "[[mock:1002]]",
    "[[mock:partial-failure]]",
    "[[mock:1027]]",
    "[[mock:nonsense]]",
]
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


class Faces(RuleBasedStateMachine):
    """The same key on a server for each face, all put into the same troubles and asked for the same."""

    servers: dict[str, MockServer]
    http: httpx.Client

    @initialize(images=st.integers(5, 80), rpm=st.none() | st.integers(4, 12))
    def begin(self, images: int, rpm: int | None) -> None:
        for speaker in FACES:
            self.servers[speaker.face].reset()
            account = self.servers[speaker.face].account(KEY)
            account.freeze()
            account.configure(balance_usd=speaker.price * images / 1e6, rpm=rpm)

    @rule(wish=WISHES)
    def ask(self, wish: Wish) -> None:
        told = {speaker.face: outcome(speaker, self.servers[speaker.face], wish, self.http) for speaker in FACES}
        assert told["fal"] == told["minimax"], wish
        assert told["openai"] == told["minimax"], wish

    @rule(code=st.sampled_from(sorted({reason.code for reason in REASONS.values()})))
    def refuse(self, code: int) -> None:
        for server in self.servers.values():
            server.account(KEY).add_fault("status_code", code=code, times=1)

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds: int) -> None:
        for server in self.servers.values():
            server.account(KEY).advance(seconds)


def test_a_wish_gets_the_same_on_every_face(http: httpx.Client) -> None:
    few = settings(
        max_examples=40,
        stateful_step_count=15,
        deadline=None,
        phases=[Phase.generate],  # shrinking takes minutes over a socket
        suppress_health_check=list(HealthCheck),
    )
    with ExitStack() as stack:
        servers = {speaker.face: stack.enter_context(MockServer()) for speaker in FACES}
        run_state_machine_as_test(type("AllFaces", (Faces,), {"servers": servers, "http": http}), settings=few)


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
