"""`drift` against a server that shares no code with the emulator: plain, and with one deviation at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from contract_tests.drift.answer import Answer
from contract_tests.drift.model import Drift
from contract_tests.drift.page import html
from contract_tests.drift.questions import all_questions
from contract_tests.drift.recorded import recordings, voices
from contract_tests.drift.report import as_json
from contract_tests.drift.run import Knowledge, Target, Watcher, run
from contract_tests.drift.sides import Exchanged
from contract_tests.targets.pace import Pace
from mock_server.claims import claims
from mock_server.core.profile import SWITCHES
from mock_server.fixture_files import fixtures
from tests.drift.deviations import DEVIATIONS
from tests.drift.service import Service

SWITCHED = {switch.field: switch.answers for switch in SWITCHES}
ENOUGH = 1.0
WITHOUT_NINE = 0.0525
"""Enough for every call but the one that asks for nine images."""
KNOWN = claims()
AT_ONCE = 10_000
"""So many calls a minute are no limit."""


@pytest.fixture(autouse=True)
def _no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Drift]:
    """A run against a server of ours, which is also the way to the image host."""

    def compared(service: Service, limit_usd: float = ENOUGH, **options: Any) -> Drift:
        monkeypatch.setenv("HTTP_PROXY", service.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        key, region = options.pop("key", service.key), service.store.region
        target = Target(service.url, service.url, key, region, limit_usd)
        known = Knowledge(KNOWN, SWITCHED, options.pop("recordings", {}), options.pop("seen", {}))
        watcher, pace = options.pop("watcher", Watcher()), options.pop("pace", Pace(calls=AT_ONCE))
        return run(target, known, watcher, pace, **options)

    return compared


def contradicted(drift: Drift) -> dict[str, tuple[Any, Any]]:
    return {item.finding.claim: (item.finding.expected, item.finding.observed) for item in drift.of("contradicted")}


@pytest.mark.parametrize("region", ["io", "cn"])
def test_nothing_is_found_where_nothing_differs(region: str, compare: Callable[..., Drift]) -> None:
    with Service(region=region) as service:
        drift = compare(service)
    assert contradicted(drift) == {}
    assert drift.exit_code == 0
    assert drift.images == service.images == (24 if region == "io" else 23)  # 21:9 of image-01-live is refused there
    assert drift.spent_usd == pytest.approx(service.charged_usd)
    undecided = {item.finding.claim for item in drift.of("could not look") if item.face == "minimax"}
    assert len(drift.of("confirmed")) > (100 if region == "io" else 85)
    assert not undecided & set(DEVIATIONS.values()) or region == "cn"  # its images are at a host with https


SWITCHING = {
    "counts-integers": {"counts": "integer"},
    "other-key-null": {"other_image_key": "null"},
    "error-data-null": {"error_data": "null"},
    "prompt-1500-accepted": {"prompt_limit": "at_most"},
    "prompt-in-bytes": {"prompt_unit": "bytes"},
    "unknown-key-1004": {"unknown_key": "1004"},
    "data-urls-refused": {"data_url_references": "refused"},
    "one-reference-only": {"multiple_references": "refused"},
    "product-accepted": {"product_reference": "accepted"},
    "live-model-size-refused": {"live_model_size": "refused"},
    "live-model-21-9-otherwise": {"live_model_21_9": "refused"},
    "live-model-references-refused": {"live_model_references": "refused"},
    "style-on-image-01-refused": {"style_on_image_01": "refused"},
    "unknown-fields-refused": {"unknown_fields": "refused"},
    "trace-id-differs": {"body_id": "other"},
    "error-metadata-zero": {"error_metadata": "zero_counts"},
    "head-served": {"head_on_signed_url": "served"},
}


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_a_single_deviation_contradicts_its_claim(deviation: str, compare: Callable[..., Drift]) -> None:
    with Service(deviation) as service:
        drift = compare(service, ENOUGH if DEVIATIONS[deviation] == "nine-images" else WITHOUT_NINE)
    assert set(contradicted(drift)) == {DEVIATIONS[deviation]}
    assert drift.profile == SWITCHING.get(deviation, {})
    assert drift.exit_code == 1
    assert drift.images == service.images
    assert drift.spent_usd == pytest.approx(service.charged_usd)


def test_every_switch_that_a_claim_of_the_native_face_has_can_be_found_out() -> None:
    open_questions = {"all_blocked", "tpm_limit", "rate_counts", "blocked_images"}
    native = {item.switch for item in KNOWN.values() if item.face == "minimax" and item.switch}
    assert {switch for found in SWITCHING.values() for switch in found} == native - open_questions


@pytest.mark.parametrize("limit_usd", [0.0, 0.0035, 0.01, 0.02])
@pytest.mark.parametrize("deviation", [None, "n-10-accepted", "any-ratio", "prompt-1500-accepted", "any-model"])
def test_a_budget_is_kept(deviation: str | None, limit_usd: float, compare: Callable[..., Drift]) -> None:
    with Service(deviation) as service:
        drift = compare(service, limit_usd)
    assert service.charged_usd <= limit_usd
    assert drift.images == service.images
    assert drift.of("confirmed")


def test_without_money_nothing_is_asked_that_could_cost(compare: Callable[..., Drift]) -> None:
    with Service() as service:
        drift = compare(service, 0.0)
    assert service.images == drift.images == 0
    whys = {item.finding.claim: item.finding.why for item in drift.of("could not look")}
    assert whys["seed"] == "it could cost $0.0070; $0.0000 may be spent"
    assert whys["n-limit"] == "it could cost $0.0350; $0.0000 may be spent"
    assert {"refusal-unauthorized", "trace-id", "unknown-path"} <= {
        item.finding.claim for item in drift.of("confirmed")
    }


@dataclass
class Clock:
    """A clock that goes on when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_the_rate_limit_is_kept(compare: Callable[..., Drift]) -> None:
    clock = Clock()
    with Service(limit=10, clock=clock) as service:
        drift = compare(service, pace=Pace(clock=clock, sleep=clock.sleep))
    assert service.most_in_a_minute == 10
    assert contradicted(drift) == {}
    assert len(drift.of("confirmed")) > 100
    assert sum(clock.slept) > 240


def test_who_shares_the_limit_with_others_waits_and_asks_again(compare: Callable[..., Drift]) -> None:
    clock = Clock()
    with Service(limit=5, clock=clock) as service:
        drift = compare(service, pace=Pace(clock=clock, sleep=clock.sleep))
    assert contradicted(drift) == {}
    assert drift.images == service.images
    assert len(drift.of("confirmed")) > 50


def test_a_wrong_key_ends_what_needs_one(compare: Callable[..., Drift]) -> None:
    with Service() as service:
        drift = compare(service, key="sk-api-nobody-has-this-one")
        own = [path for method, path, _ in service.calls if path == "/v1/image_generation"]
    assert contradicted(drift) == {}
    whys = {item.finding.why for item in drift.of("could not look") if item.finding.claim == "sizes"}
    assert whys == {"there is no image to download: the key has no access: answered 2049 (invalid api key)"}
    assert {"refusal-unauthorized", "unknown-key"} <= {item.finding.claim for item in drift.of("confirmed")}
    assert len(own) < 10


def test_nothing_is_decided_where_nobody_answers(compare: Callable[..., Drift]) -> None:
    with Service() as service:
        pass
    drift = compare(service)
    assert drift.exit_code == 2
    assert drift.images == 0
    assert not drift.of("confirmed")


def test_what_was_confirmed_lately_comes_last(compare: Callable[..., Drift]) -> None:
    class Order(Watcher):
        def __init__(self) -> None:
            self.names: list[str] = []

        def calling(self, number: int, total: int, call: Any) -> None:
            self.names.append(call.name)

    def order(seen: Mapping[str, date]) -> list[str]:
        heard = Order()
        with Service() as service:
            compare(service, 0.0035, seen=seen, watcher=heard)
        return heard.names

    today = dict.fromkeys(KNOWN, date.today())  # noqa: DTZ011  as fresh as can be
    fresh = order(today | {"wording-syntax": date(2020, 1, 1), "unknown-fields": date(2020, 1, 1)})
    own = [name for name in fresh if name in {"broken-json", "no-prompt", "no-model", "wrong-type", "nowhere"}]
    assert own[0] == "broken-json"
    assert "unknown-field" in fresh  # the one image goes to the stalest claim
    assert "image-url" in order({})


def test_a_run_says_what_it_will_do_and_what_that_costs_first(compare: Callable[..., Drift]) -> None:
    heard: list[str] = []

    class Listener(Watcher):
        def planned(self, lines: Any) -> None:
            heard.extend(lines)
            assert service.calls == []

    with Service() as service:
        compare(service, 0.01, watcher=Listener())
    assert heard[0].startswith("plan: ")
    assert "  image-url: 1 image, $0.0035" in heard
    assert heard[-1].startswith("$0.0070 for 2 images, never more than $0.01; ")


def test_a_recording_says_which_side_moved(compare: Callable[..., Drift]) -> None:
    recorded = recordings(fixtures() / "exchanges" / "minimax")
    with Service("counts-integers") as service:
        (found,) = compare(service, 0.0035, recordings=recorded).of("contradicted")
        assert found.finding.moved == "service"
        assert found.finding.why.startswith("the target moved: it was recorded as the emulator is (")
        said = Answer(200, (), b'{"metadata":{"failed_count":0,"success_count":1},"base_resp":{"status_code":0}}')
        both = {"string-counts": [said, *recorded["string-counts"]]}
        assert compare(service, 0.0035, recordings=both).of("contradicted")[0].finding.moved == "unknown"
        (found,) = compare(service, 0.0035, recordings={"string-counts": [said]}).of("contradicted")
        assert found.finding.moved == "emulator"
        assert found.finding.why.startswith("the emulator is wrong: the target is as recorded (")
        (found,) = compare(service, 0.0035).of("contradicted")
        assert found.finding.moved == "service"
        assert found.finding.why.startswith("the target moved: it was seen otherwise (")
    with Service("reworded-n") as service:
        (found,) = compare(service).of("contradicted")
        assert found.finding.moved == "emulator"
        assert found.finding.why.startswith("the emulator assumed wrongly; nothing was recorded (")


def test_recordings_say_of_the_emulator_what_it_does(compare: Callable[..., Drift]) -> None:
    recorded = recordings(fixtures() / "exchanges" / "minimax")
    with Service() as service:
        seen = {item.finding.claim: item.finding.observed for item in compare(service).of("confirmed")}
    said = {
        asked.claim: found
        for asked in all_questions()
        if asked.claim in seen and (found := voices(asked, recorded.get(asked.claim, ())))
    }
    for name in ("wording-syntax", "wording-missing-parameter"):  # recorded of another body, which they quote
        assert said.pop(name)[0].startswith("invalid params, ")
    assert {claim for claim, values in said.items() if seen[claim] not in values} == set()
    assert {"refusal-unauthorized", "gateway-errors", "string-counts", "wording-response-format"} <= set(said)


def test_the_report_has_every_claim(compare: Callable[..., Drift]) -> None:
    with Service("counts-integers") as service:
        drift = compare(service)
    document = json.loads(json.dumps(as_json(drift)))
    assert [item["id"] for item in document["claims"]] == list(KNOWN)
    wrong = next(item for item in document["claims"] if item["outcome"] == "contradicted")
    assert (wrong["id"], wrong["expected"], wrong["observed"]) == ("string-counts", ["string"], ["integer"])
    assert wrong["profile"] == document["profile"] == {"counts": "integer"}
    assert wrong["moved"] == "service"
    assert document["spent_usd"] == pytest.approx(service.charged_usd)
    page = html(drift)
    for text in ("string-counts", "Contradicted", "Confirmed", "Could not look", "counts: &quot;integer&quot;"):
        assert text in page or text.replace("&quot;", '"') in page


@pytest.fixture
def exchanges() -> tuple[list[bytes], Exchanged]:
    heard: list[bytes] = []
    return heard, lambda wire: heard.append(wire.method.encode() + b" " + wire.response_body)


def test_every_exchange_can_be_heard(exchanges: tuple[list[bytes], Exchanged], compare: Callable[..., Drift]) -> None:
    heard, listener = exchanges
    with Service() as service:
        compare(service, 0.0, exchanged=listener)
        assert len(heard) == sum(not path.startswith("/_mock/") for _, path, _ in service.calls) > 10
