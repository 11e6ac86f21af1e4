"""Every scenario over a real socket, by key, by prompt and by option, with the same effect."""

from __future__ import annotations

import pytest

from mock_server import MockServer
from mock_server.fixture_files import fixtures
from tests.scenarios import answers, fal, images, network, refusals
from tests.scenarios.caller import WAYS, meeting

SEEN = fal.SEEN | refusals.SEEN | answers.SEEN | images.SEEN | network.SEEN


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SEEN)
def test_a_client_sees_the_scenario(name: str, way: str, server: MockServer) -> None:
    with meeting(way, name, server) as caller:
        SEEN[name](caller)
        plan = caller.account._account().rules
        fired = [entry.fired for entry in plan.entries] if plan else []
        assert all(fired), "every rule has fired"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", refusals.CODES)
def test_a_client_sees_the_code(code: str, way: str, server: MockServer) -> None:
    with meeting(way, code, server) as caller:
        refusals.CODES[code](caller)


def test_every_shipped_scenario_is_seen() -> None:
    assert sorted(SEEN) == sorted(file.stem for file in (fixtures() / "scenarios").iterdir())


def test_a_slow_answer_comes_in_the_end(server: MockServer) -> None:
    with meeting("key", "slow-answer", server) as caller:
        assert caller.code() == 0
        assert caller.journal(1)[0]["duration_ms"] > 5900


def test_a_slow_body_of_base64_takes_no_longer(server: MockServer) -> None:
    with meeting("prompt", "slow-body", server) as caller:
        assert len(caller.said(n=9, response_format="base64", timeout=5)["data"]["image_base64"]) == 9
        assert caller.faults(1) == [["slow_body"]]
