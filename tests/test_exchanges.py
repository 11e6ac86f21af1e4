"""Every recording replays: the emulator answers what was answered then, apart from what differs each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from msgspec import structs

from contract_tests.exchanges.comparison import differences
from contract_tests.exchanges.format import Exchange, read, text
from contract_tests.exchanges.replay import Replay, here
from mock_server import MockServer
from mock_server.claims import claims
from mock_server.core.endpoints import FACES

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "fixtures" / "exchanges").rglob("*.json"))
Replayed = Callable[[Exchange], Exchange]


def named(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    """Send the request of an exchange to an emulator that is in the state which the file gives."""
    accounts = tmp_path_factory.mktemp("accounts") / "accounts.yaml"
    accounts.write_text("- key: sk-api-somebody-else\n", encoding="utf-8")
    numbers, strict = count(1), dict[str, MockServer]()
    with ExitStack() as stack:
        server = stack.enter_context(MockServer())

        def knowing_nobody(profile: str) -> MockServer:
            if profile not in strict:
                settings = {"keys": "strict", "accounts": str(accounts), "profile": profile}
                strict[profile] = stack.enter_context(MockServer(**settings))
            return strict[profile]

        def replay(exchange: Exchange) -> Exchange:
            given, key = exchange.given, f"sk-api-replay-{next(numbers):04d}"
            if given.keys == "strict":
                url = knowing_nobody(given.settings.get("profile", "io")).url
            else:
                url = server.url
                account = server.account(key, **given.settings)
                for rule in given.rules:
                    account.add_fault(rule)
                if given.scenario:
                    account.scenario(given.scenario)
            with Replay(url, key) as sent:
                return sent.observed(exchange)

        yield replay


def exchange(name: str) -> Exchange:
    return read(ROOT / "fixtures" / "exchanges" / f"{name}.json")


@pytest.mark.parametrize("file", FILES, ids=named)
def test_a_recording_replays(file: Path, replayed: Replayed) -> None:
    expected = read(file)
    assert differences(here(expected), replayed(expected)) == []


@pytest.mark.parametrize("file", FILES, ids=named)
def test_a_file_is_written_as_it_is_read(file: Path) -> None:
    assert text(read(file)) == file.read_text(encoding="utf-8")
    assert file.parent.name in FACES


@pytest.mark.parametrize("file", FILES, ids=named)
def test_a_recording_says_where_it_is_from_and_what_rests_on_it(file: Path) -> None:
    found = read(file)
    assert found.claims
    assert found.provenance.url.startswith("https://") or not found.provenance.url
    known = claims()
    assert [claim for claim in found.claims if claim not in known] == []
    assert {known[claim].face for claim in found.claims} == {file.parent.name}


def test_no_two_recordings_have_one_title() -> None:
    titles = [(file.parent.name, read(file).title) for file in FILES]
    assert [title for title in titles if titles.count(title) > 1] == []


def test_there_are_recordings_of_every_kind_and_face() -> None:
    kinds = {(file.parent.name, read(file).provenance.kind) for file in FILES}
    assert {face for face, _ in kinds} == set(FACES)
    assert {kind for _, kind in kinds} == {"recorded", "documented", "transcribed"}


def test_a_switch_that_a_recording_contradicts_is_found_without_its_profile(replayed: Replayed) -> None:
    for name, path in {
        "documented-success-integers": "$.response.body.metadata.success_count",
        "invalid-key-1004": "$.response.body.base_resp.status_code",
        "data-url-reference-refused": "$.response.body.base_resp.status_code",
    }.items():
        found = exchange(f"minimax/{name}")
        other = structs.replace(found, given=structs.replace(found.given, settings={}))
        assert path in [difference.path for difference in differences(here(other), replayed(other))]
