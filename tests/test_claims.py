"""Everything that the emulator shows of the live service is a claim, and every claim rests on tests that exist."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contract_tests.catalogue import all_checks
from contract_tests.checks import Check
from mock_server.claims import FACES, Claim, claims, of_reasons, of_switches, of_wordings
from mock_server.core.profile import SWITCHES, Profile
from mock_server.core.reasons import REASONS, Reason
from mock_server.faces.fal import errors as fal
from mock_server.faces.minimax.errors import WORDINGS
from mock_server.faces.openai import errors as openai

ROOT = Path(__file__).parent.parent
CLAIMS = claims()
OWN_WORDING = "magic_prompt"
"""The one wording that is the emulator's: no live service says it."""

DECIDABLE = """
error-in-200 gateway-errors compact-json auth-before-body binding-before-model refusal-unauthorized wrong-scheme
unknown-key refusal-invalid-key handler-error-id error-data error-metadata unknown-path wrong-method
model-required prompt-required models prompt-limit prompt-unit n-limit response-formats aspect-ratios size-range
size-step size-pair style-types style-weights reference-types reference-private-address
wording-syntax wording-missing-parameter wording-type-mismatch wording-unsupported-model wording-empty-prompt
wording-prompt-too-long wording-n wording-response-format wording-aspect-ratio wording-size-incomplete
wording-size-range wording-size-step wording-style-type wording-style-weight wording-reference-type
content-type trace-id minimax-request-id alb-headers session-headers no-rate-limit-headers body-id id-formula
success-body metadata-order string-counts other-image-key success-message image-urls base64 failed-count
image-format sizes custom-sizes ratio-over-size seed images-differ
image-scheme image-host object-key url-query url-expiry
download download-range download-unsigned download-tampered download-head download-authorization
unknown-fields live-model-size live-model-21-9 live-model-references style-on-image-01 data-url-references
multiple-references
"""
"""What can be decided by calls to the native face, one property each."""


@pytest.mark.parametrize("name", DECIDABLE.split())
def test_what_calls_can_decide_is_a_claim_on_the_native_face(name: str) -> None:
    assert CLAIMS[name].face == "minimax"
    assert CLAIMS[name].cost != "not on demand"


def test_every_switch_is_the_switch_of_one_claim() -> None:
    assert [switch.field for switch in SWITCHES] == list(Profile.__struct_fields__)
    named = Counter(claim.switch for claim in CLAIMS.values() if claim.switch)
    assert named == Counter(Profile.__struct_fields__)


def test_every_reason_is_in_one_claim() -> None:
    assert Counter(name for claim in CLAIMS.values() for name in claim.reasons) == Counter(list(REASONS))


def test_every_wording_but_our_own_is_in_one_claim() -> None:
    named = Counter(name for claim in CLAIMS.values() for name in claim.wordings)
    assert named == Counter(set(WORDINGS) - {OWN_WORDING})


@pytest.mark.parametrize("row", REASONS.values(), ids=REASONS)
def test_the_claim_about_a_reason_says_its_code_and_words(row: Reason) -> None:
    claim = of_reasons()[row.name]
    assert claim.id == f"refusal-{row.name.replace('_', '-')}"
    assert (claim.face, str(row.code) in claim.says) == ("minimax", True)
    assert said_in(row.message.partition(", {problem}")[0], claim.says)
    if claim.grade == "recorded":
        assert "seen on" in claim.source, "on which endpoint was it seen?"


@pytest.mark.parametrize("rule", sorted(set(WORDINGS) - {OWN_WORDING}))
def test_the_claim_about_a_wording_quotes_it(rule: str) -> None:
    claim = of_wordings()[rule]
    assert (claim.id, claim.face) == (f"wording-{rule.replace('_', '-')}", "minimax")
    text = WORDINGS[rule].text
    assert text == "{problem}" or said_in(text, claim.says)


def pattern(template: str) -> str:
    """What matches `template` with anything in the place of its braces."""
    return ".+".join(re.escape(part) for part in re.split(r"\{\w+\}", template))


def said_in(template: str, sentence: str) -> bool:
    return re.search(pattern(template), sentence) is not None


def spelled() -> Iterator[tuple[str, str, str]]:
    """Face, grade and text of all that the other faces say and that is not merely assumed."""
    own = (openai.NO_ENDPOINT, openai.NO_MODEL, openai.WRONG_METHOD, openai.TOO_LARGE, openai.ALL_BLOCKED)
    for face, spellings in (
        ("fal", [*fal.SPELLINGS.values(), *fal._DETAILS.values()]),
        ("openai", [*openai.SPELLINGS.values(), *own]),
    ):
        for spelling in spellings:
            if spelling.grade != "assumed":
                yield face, spelling.grade, spelling.text


@pytest.mark.parametrize(("face", "grade", "text"), sorted(set(spelled())))
def test_what_another_face_says_is_claimed_with_its_grade(face: str, grade: str, text: str) -> None:
    found = [claim for claim in CLAIMS.values() if claim.face == face and said_in(text, claim.says)]
    assert [claim.grade for claim in found] == [grade]


TEMPLATES = (
    *(text for row in REASONS.values() for text in (row.message, *row.also) if row.name != "invalid_params"),
    *(f"invalid params, {wording.text}" for wording in WORDINGS.values() if wording.text != "{problem}"),
    'invalid params, "Syntax error at index {place}',
    'invalid params, "Mismatch type {wanted} with value {found}',
    "success",
)
"""What the native face can say; that each row has a claim, other tests hold."""


def messages(given: object) -> Iterator[str]:
    """Every ``status_msg`` within a JSON value."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from [value] if key == "status_msg" and isinstance(value, str) else messages(value)
    elif isinstance(given, list):
        for item in given:
            yield from messages(item)


def unclaimed(folder: Path) -> list[str]:
    """What the exchange files below `folder` say, or rest on, that is no claim."""
    found = []
    for file in sorted(folder.rglob("*.json")):
        exchange = json.loads(file.read_text(encoding="utf-8"))
        found += [f"{file.name}: claim {name!r}" for name in exchange.get("claims", []) if name not in CLAIMS]
        said = messages(exchange["response"].get("body"))
        found += [
            f"{file.name}: {text!r}" for text in said if not any(re.match(pattern(known), text) for known in TEMPLATES)
        ]
    return found


def test_every_message_of_a_recorded_exchange_is_claimed() -> None:
    assert unclaimed(ROOT / "fixtures" / "exchanges") == []


def test_a_message_that_nobody_claims_is_noticed(tmp_path: Path) -> None:
    def exchange(text: str, *names: str) -> str:
        body = {"base_resp": {"status_code": 1, "status_msg": text}}
        return json.dumps({"claims": names, "response": {"status": 200, "body": body}})

    (tmp_path / "a.json").write_text(exchange("invalid params, n must be between 1 and 9", "wording-n"))
    (tmp_path / "b.json").write_text(exchange("invalid params, n must be odd", "wording-m"))
    (tmp_path / "c.json").write_text(exchange("the moon is full"))
    assert unclaimed(tmp_path) == [
        "b.json: claim 'wording-m'", "b.json: 'invalid params, n must be odd'", "c.json: 'the moon is full'",
    ]  # fmt: skip


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_rests_on_tests_that_exist(claim: Claim) -> None:
    assert len(set(claim.tests)) == len(claim.tests)
    for test in claim.tests:
        path, _, name = test.partition("::")
        assert path.startswith("tests/"), test
        assert (ROOT / path).is_file(), f"{test}: no such file"
        assert name.startswith("test_"), test
        assert name in functions_of(path), f"{test}: no such function"


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_a_sentence_with_a_source(claim: Claim) -> None:
    assert claim.says.rstrip("'\"").endswith("."), claim.says
    assert claim.source.strip() == claim.source != ""
    assert "/work" not in claim.says + claim.source


def test_every_face_has_claims() -> None:
    assert {claim.face for claim in CLAIMS.values()} == set(FACES)


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_rests_on_claims(check: Check) -> None:
    assert check.claims
    assert set(check.claims) <= set(CLAIMS)


def test_the_claims_of_switches_are_found_by_field() -> None:
    assert of_switches()["counts"] == CLAIMS["string-counts"]
    assert of_reasons()["rate_limited"] == CLAIMS["refusal-rate-limited"]
    assert of_wordings()["n"] == CLAIMS["wording-n"]
