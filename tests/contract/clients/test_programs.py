"""The correct clients in Node and in the shell, over their own protocols."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_server import MockAccount, inspect
from tests.contract.clients.bench import ASK, Bench, Seen, Situation
from tests.contract.clients.programs import RefusedError, curl, node, talk
from tests.contract.clients.smoke import SMOKE

PROGRAMS = {"node": node, "curl": curl}
PROMPT = "e\u0301 \U0001f408 漫画 \u2028\\\"'<&> {x} $HOME %s"
GENERATE = {"when": {"endpoint": "generate"}}
DOWNLOAD = {"when": {"endpoint": "download"}}
FAILURES = {
    "1002": ("status_code", {"code": 1002}), "1026": ("status_code", {"code": 1026}),
    "502": ("http_status", {"status": 502}),
    "blocked": ("all_blocked", {}), "blocked-null": ("all_blocked", {"empty": "null"}),
    "blocked-object": ("all_blocked", {"empty": "object"}), "truncated": ("malformed_json", {}),
    "two-values": ("malformed_json", {"form": "two_values"}), "empty": ("empty_body", GENERATE),
    "no-status": ("drop_field", {"path": "base_resp"}), "null-data": ("null_data", {}), "hang": ("hang", GENERATE),
    "slow-headers": ("slow_headers", {"bytes_per_second": 20} | GENERATE), "hang-up": ("hang_up", GENERATE),
    "slow-body": ("slow_body", {"bytes_per_second": 20} | GENERATE), "cut": ("cut_body", GENERATE),
    "reset": ("reset", GENERATE), "expired": ("expired_url", {}), "page": ("not_an_image", DOWNLOAD),
    "cut-image": ("cut_body", DOWNLOAD), "slow-image": ("slow_body", {"bytes_per_second": 20} | DOWNLOAD),
}  # fmt: skip

pytestmark = pytest.mark.e2e
both = pytest.mark.parametrize("name", PROGRAMS)


@pytest.fixture
def bench(account: MockAccount, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(account, monkeypatch)


def see(bench: Bench, name: str, situation: Situation) -> Seen:
    seen = bench.see(PROGRAMS[name], situation)
    assert seen.findings == []
    return seen


@both
@pytest.mark.parametrize("where", [where for where in SMOKE if where != "base64"])
def test_smoke(bench: Bench, name: str, where: str) -> None:
    seen = see(bench, name, SMOKE[where])
    assert len(seen.posts) == 1
    if where in {"refused", "gateway"}:
        assert isinstance(seen.error, RefusedError)
        assert ("insufficient balance" if where == "refused" else "502") in str(seen.error)
    else:
        assert seen.indices() == ([0, 1] if where == "partial" else [0, 1, 2])


@both
@pytest.mark.parametrize("what", FAILURES)
def test_a_failure_is_a_failure(bench: Bench, name: str, what: str) -> None:
    seen = see(bench, name, Situation(faults=[FAILURES[what]], timeout=1.5))
    assert isinstance(seen.error, RefusedError)
    assert len(seen.posts) == 1
    assert seen.seconds < 5


@both
@pytest.mark.parametrize("profile", ["counts-as-integers", "other-key-null", "toolkit-docs", "error-data-null"])
def test_every_spelling_of_success_is_understood(bench: Bench, name: str, profile: str) -> None:
    assert see(bench, name, Situation(profile=profile)).indices() == [0]


@both
def test_what_is_asked_goes_on_the_wire(bench: Bench, name: str) -> None:
    asked = ASK | {"prompt": PROMPT, "aspect_ratio": "16:9", "n": 2}
    assert see(bench, name, Situation([asked])).bodies == [asked]


def test_node_keeps_every_digit_of_a_seed_and_every_character_of_a_prompt(bench: Bench) -> None:
    asked = ASK | {"prompt": '{"$int":"1234567890123456789"} 1234567890123456789', "seed": 2**62 + 1}
    seen = see(bench, "node", Situation([asked]))
    assert seen.bodies == [asked]
    assert inspect(seen.images()[0]).seed == 2**62 + 1


def test_node_gives_base64_and_tells_what_is_missing(bench: Bench) -> None:
    seen = see(bench, "node", Situation(SMOKE["base64"].asked, SMOKE["partial"].faults))
    assert (seen.indices(), seen.failed()) == ([0], 1)


def test_node_describes_a_refusal(bench: Bench) -> None:
    told = see(bench, "node", SMOKE["refused"]).told
    assert told == [{"code": 1008, "category": "balance", "message": "insufficient balance", "retryable": False}]


def test_node_answers_calls_at_the_same_time(account: MockAccount) -> None:
    more = {"op": "generate", "base_url": account.base_url(), "api_key": account.api_key, "timeout": 20}
    prompts = [f"cat {number}" for number in range(6)]
    asked = [{"id": number, "request": ASK | {"prompt": prompt}} | more for number, prompt in enumerate(prompts)]
    account.add_fault("delay", seconds=0.3, when={"prompt": "cat 0"})
    assert [it["id"] for it in talk(asked) if len(it["images"]) == 1] == list(range(6))


def test_curl_shows_the_key_to_no_list_of_processes() -> None:
    script = Path(__file__).with_name("curl_client.sh").read_text(encoding="utf-8")
    assert [line for line in script.splitlines() if '"$MINIMAX_API_KEY"' in line] == [
        """printf 'header = "Authorization: Bearer %s"\\n' "$MINIMAX_API_KEY" |"""
    ]
