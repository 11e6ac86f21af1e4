"""Chance: the same seed gives the same outcomes, however requests interleave."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from mock_server import MockServer

PROMPTS = [f"prompt {number}" for number in range(40)]
REPEATS = 3
CALLS = [prompt for prompt in PROMPTS for _ in range(REPEATS)]
Outcomes = dict[str, list[int]]


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


def flaky(server: MockServer, seed: int) -> None:
    """An account with two rules of chance, the second behind the first."""
    account = server.account("sk-api-flaky")
    account.reset()
    account.configure(seed=seed)
    account.add_fault("status_code", code=1002, probability=0.3)
    account.add_fault("status_code", code=1033, probability=0.3)
    account.add_fault("http_status", when={"endpoint": "download"}, status=503, probability=0.4)


def outcomes(server: MockServer, seed: int, workers: int, order: int) -> tuple[Outcomes, Outcomes]:
    """What each prompt's calls got, in the order of its repetitions, and its downloads, when all are sent at once."""
    flaky(server, seed)
    prompts = list(PROMPTS)
    random.Random(order).shuffle(prompts)
    headers = {"Authorization": "Bearer sk-api-flaky"}
    limits = httpx.Limits(max_connections=workers)
    with httpx.Client(base_url=server.url, headers=headers, limits=limits, trust_env=False) as client:

        def calls(prompt: str) -> tuple[str, list[int], list[int]]:
            codes, downloads = [], []
            for _ in range(REPEATS):
                answer = client.post("/v1/image_generation", json={"model": "image-01", "prompt": prompt, "seed": 1})
                codes.append(answer.json()["base_resp"]["status_code"])
                for url in answer.json().get("data", {}).get("image_urls", []):
                    target = httpx.URL(url)
                    downloads.append(httpx.get(target, trust_env=False).status_code)
            return prompt, codes, downloads

        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(calls, prompts))
    return {prompt: codes for prompt, codes, _ in found}, {prompt: downloads for prompt, _, downloads in found}


def test_parallel_clients_repeat_what_one_client_saw(server: MockServer) -> None:
    alone = outcomes(server, seed=7, workers=1, order=0)
    for order in range(1, 4):
        assert outcomes(server, seed=7, workers=16, order=order) == alone


def test_chance_has_its_share(server: MockServer) -> None:
    codes, downloads = outcomes(server, seed=7, workers=4, order=0)
    drawn = [code for item in codes.values() for code in item]
    assert 20 <= drawn.count(1002) <= 55
    assert 10 <= drawn.count(1033) <= 45
    fetched = [status for item in downloads.values() for status in item]
    assert 0.2 < fetched.count(503) / len(fetched) < 0.6


def test_another_seed_gives_other_outcomes(server: MockServer) -> None:
    assert outcomes(server, seed=8, workers=4, order=0) != outcomes(server, seed=7, workers=4, order=0)
