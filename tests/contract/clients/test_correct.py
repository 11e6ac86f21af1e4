"""Every correct client written in Python does right where it is easy to do wrong, and the verdict finds nothing."""

from __future__ import annotations

import pytest

from mock_server import MockAccount
from mock_server.core.reasons import REASONS
from tests.contract.clients.bench import ASK, Bench, Seen, Situation, factory_of
from tests.contract.clients.corpus import CORRECT
from tests.contract.clients.smoke import SMOKE

PYTHON = [name for name, client in CORRECT.items() if ":" in client.adapter and " " not in client.adapter]
PROMPT = "e\u0301 \U0001f408 漫画 \u2028\\\"'<&>"
SCENARIOS = ("1002x2", "1008", "1026", "1033x1", "2013", "2056", "partial-failure", "all-blocked")
GAVE_UP = "gave-up-at-once"
GENERATE = {"when": {"endpoint": "generate"}}
DOWNLOAD = {"when": {"endpoint": "download"}}
PROFILES = ("counts-as-integers", "other-key-null", "toolkit-docs", "error-data-null", "error-data-empty", "cn")
EMPTY = ("list", "object", "null", "absent")
BROKEN_BODIES = {
    "truncated": ("malformed_json", {}), "two-values": ("malformed_json", {"form": "two_values"}),
    "single-quotes": ("malformed_json", {"form": "single_quotes"}), "empty": ("empty_body", GENERATE),
    "null-data": ("null_data", {}), "no-status": ("drop_field", {"path": "base_resp"}),
    "list": ("http_status", {"status": 200, "body": "[]", "content_type": "application/json"}),
    "bad-gateway": ("http_status", {"status": 502}), "no-list": ("set_field", {"path": "data", "value": 7}),
}  # fmt: skip
WIRE = {
    "hang": ("hang", {}), "slow-headers": ("slow_headers", {"bytes_per_second": 20}),
    "slow-body": ("slow_body", {"bytes_per_second": 20}), "reset": ("reset", {}), "hang-up": ("hang_up", {}),
    "cut": ("cut_body", {}), "too-long": ("wrong_content_length", {"by": 16}),
}  # fmt: skip
NO_IMAGE = {
    "expired": ("expired_url", {}), "denied": ("download_error", {"status": 403}), "page": ("not_an_image", DOWNLOAD),
    "gone": ("download_error", {"status": 404}), "redirect": ("http_status", {"status": 302} | DOWNLOAD),
    "cut": ("cut_body", DOWNLOAD), "reset": ("reset", {"after_bytes": 5000} | DOWNLOAD),
}  # fmt: skip
SPOILED = {
    "truncated": ("truncate_image", {}, "damage"), "noise": ("corrupt_image", {}, "damage"),
    "size": ("wrong_size", {}, "size"),
}  # fmt: skip

every = pytest.mark.parametrize("name", PYTHON)
downloading = pytest.mark.parametrize("name", [name for name in PYTHON if name not in {"urls-only", "base64-only"}])


@pytest.fixture
def bench(account: MockAccount, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(account, monkeypatch)


def see(bench: Bench, name: str, *faults: object, **more: object) -> Seen:
    """Put the client into a situation; none may end with a broken MUST of the verdict."""
    seen = bench.see(CORRECT[name].adapter, Situation(faults=faults, **more))
    assert seen.findings == []
    return seen


def lacks(name: str, what: str) -> bool:
    return what in CORRECT[name].without


@pytest.mark.parametrize("where", SMOKE)
@every
def test_smoke(bench: Bench, name: str, where: str) -> None:
    situation = SMOKE[where]
    seen = bench.see(CORRECT[name].adapter, situation)
    assert seen.findings == []
    if where in {"refused", "gateway"}:
        assert seen.error
        assert len(seen.posts) == (3 if where == "gateway" and not lacks(name, "retries") else 1)
        return
    wanted = situation.asked[0]["n"]
    kept = wanted - 1 if where == "partial" else wanted
    assert len(seen.images()) == kept
    assert seen.failed() in {wanted - kept, None}
    if not lacks(name, "downloads"):
        assert seen.indices() == list(range(kept))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", ["url", "base64"])
@every
def test_every_spelling_of_success_is_understood(bench: Bench, name: str, profile: str, form: str) -> None:
    seen = see(bench, name, profile=profile, asked=[ASK | {"response_format": form}])
    assert len(seen.images()) == 1


@pytest.mark.parametrize("empty", EMPTY)
@every
def test_that_all_were_blocked_is_an_error(bench: Bench, name: str, empty: str) -> None:
    seen = see(bench, name, ("all_blocked", {"empty": empty}), asked=[ASK | {"n": 2}])
    assert seen.error
    assert len(seen.posts) == 1
    assert lacks(name, "description") or seen.category() == "content"


@pytest.mark.parametrize("reason", REASONS)
@every
def test_every_reason_is_told(bench: Bench, name: str, reason: str) -> None:
    row = REASONS[reason]
    seen = see(bench, name, ("status_code", {"code": row.code, "message": row.message}))
    assert seen.error
    assert len(seen.posts) == (3 if row.retryable and not lacks(name, "retries") else 1)
    if not lacks(name, "description"):
        told = seen.told[0]
        assert (told["code"], told["message"], told["retryable"]) == (row.code, row.message, row.retryable)


@pytest.mark.parametrize("what", BROKEN_BODIES)
@every
def test_a_broken_answer_ends_in_an_error_of_the_client(bench: Bench, name: str, what: str) -> None:
    seen = see(bench, name, BROKEN_BODIES[what])
    assert type(seen.error).__name__ in {"ClientError", "ImageError", "HTTPStatusError"}


@pytest.mark.parametrize("what", WIRE)
@every
def test_the_wire_cannot_hold_a_client_up(bench: Bench, name: str, what: str) -> None:
    kind, parameters = WIRE[what]
    seen = see(bench, name, (kind, parameters | GENERATE | {"times": 1}), asked=[ASK, ASK], timeout=1.2)
    assert isinstance(seen.answers[0], Exception)
    assert len(seen.images()) == 1
    assert seen.seconds < 5


@pytest.mark.parametrize("what", NO_IMAGE)
@downloading
def test_a_failed_download_is_an_error(bench: Bench, name: str, what: str) -> None:
    seen = see(bench, name, NO_IMAGE[what])
    assert seen.error
    assert len(seen.posts) == 1


@pytest.mark.parametrize("what", ["slow_body", "slow_headers", "hang"])
@downloading
def test_a_download_cannot_hold_a_client_up(bench: Bench, name: str, what: str) -> None:
    pace = {} if what == "hang" else {"bytes_per_second": 20}
    seen = see(bench, name, (what, pace | DOWNLOAD), timeout=1.2)
    assert seen.error
    assert seen.seconds < 4


@pytest.mark.parametrize("what", SPOILED)
@every
def test_a_spoiled_image_is_an_error_to_those_who_look(bench: Bench, name: str, what: str) -> None:
    kind, parameters, check = SPOILED[what]
    seen = see(bench, name, (kind, parameters))
    assert bool(seen.error) is not lacks(name, check)


@every
def test_what_is_asked_goes_on_the_wire(bench: Bench, name: str) -> None:
    asked = ASK | {
        "prompt": "e\u0301 \U0001f408 漫画 \u2028\\\"'<&>",
        "n": 1,
        "seed": 2**62 + 1,
        "width": 512,
        "height": 768,
    }
    assert see(bench, name, asked=[asked]).bodies == [asked | _own(name)]


def _own(name: str) -> dict[str, str]:
    return {"response_format": "base64"} if name == "base64-only" else {}


@every
def test_calls_at_the_same_time_are_kept_apart(bench: Bench, name: str) -> None:
    asked = [ASK | {"prompt": f"cat {number}", "n": 1 + number % 3} for number in range(8)]
    seen = see(bench, name, asked=asked, together=True)
    assert [len(seen.images(call)) for call in range(8)] == [request["n"] for request in asked]
    assert seen.open_sockets == 0


@every
def test_an_unreachable_service_is_an_error(name: str) -> None:
    generate = factory_of(CORRECT[name].adapter)("http://127.0.0.1:9", "sk-api-x", 2.0)
    with pytest.raises(Exception, match=r"(?i)connect|refused"):
        generate(ASK)


@every
@pytest.mark.parametrize(
    "scenario", ["1002x2", "1008", "1026", "1033x1", "2013", "2056", "partial-failure", "all-blocked"]
)
def test_the_verdict_finds_nothing(bench: Bench, name: str, scenario: str) -> None:
    seen = see(bench, name, scenario=scenario, asked=[ASK | {"n": 3, "seed": 5}])
    assert seen.advice == ([] if not lacks(name, "retries") or scenario not in {"1002x2", "1033x1"} else [GAVE_UP])
