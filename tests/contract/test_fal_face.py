"""``--face fal``: what the checks know of the queue, and what fal's clients are known to do."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.resolve import resolve
from contract_tests.faces.fal import FACE
from mock_server import MockServer
from mock_server.core.reasons import REASONS
from mock_server.faces.fal.errors import SPELLINGS
from tests.contract.faces_checked import ROOT, outcomes, run

CLIENTS = "tests.contract.queue_client"


def test_a_correct_client_passes_every_check_of_the_face() -> None:
    found = outcomes("fal", f"{CLIENTS}:Client")
    cannot = {"service.image-base64", "success.base64", "success.seed"}
    assert {name for name, status in found.items() if status != "passed"} == cannot | set(FACE.without)
    assert {found[name] for name in cannot} == {"skipped"}


@pytest.mark.parametrize(
    ("client", "check"),
    [
        ("Hasty", "errors.described"),
        ("Stubborn", "retry.final-once"),
        ("Endless", "network.hang"),
        ("Plain", "request.as-asked"),
    ],
)
def test_a_wrong_client_fails_where_it_is_wrong(client: str, check: str) -> None:
    said = run("fal", f"{CLIENTS}:{client}", "-k", check)
    assert said.returncode == 1, said.stdout + said.stderr
    assert f"FAILED MUST {check}" in said.stdout
    assert "/fal/queue/fal-ai/minimax/" in said.stdout
    assert "--face fal" in said.stdout


def test_the_codes_are_told_as_the_emulator_tells_them() -> None:
    codes = {item.code: item for item in FACE.codes}
    for reason in REASONS.values():
        if reason.code in codes and reason.name not in {"forbidden_reference", "upstream_timeout"}:
            assert codes[reason.code].told == SPELLINGS[reason.name].status
            assert codes[reason.code].retryable is reason.retryable


def test_a_request_goes_there_and_back() -> None:
    asked = {
        "prompt": "a fox",
        "n": 2,
        "aspect_ratio": "3:2",
        "prompt_optimizer": True,
        "subject_reference": [{"type": "character", "image_file": "https://example.com/face.jpg"}],
    }
    body = FACE.wire(asked | {"model": "image-01"})
    assert body["num_images"] == 2
    assert body["image_url"] == "https://example.com/face.jpg"
    assert FACE.native(body) == asked


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        ({"fault": {"kind": "hang_up"}, "when": {"endpoint": "generate"}}, {"kind": "hang_up", "endpoint": "result"}),
        ({"fault": {"kind": "null_data"}}, {"kind": "set_field", "path": "images", "value": None}),
        (
            {"fault": {"kind": "http_status", "status": 502}, "when": {"endpoint": "generate"}},
            {"kind": "http_status", "status": 502, "endpoint": "submit"},
        ),
        (
            {"fault": {"kind": "status_code", "code": 1026}, "when": {"endpoint": "generate"}, "times": 1},
            {"kind": "status_code", "code": 1026, "endpoint": "generate", "times": 1},
        ),
    ],
)
def test_a_rule_befalls_the_phase_that_it_would(rule: dict[str, Any], same: dict[str, Any]) -> None:
    once = FACE.rule(rule)
    flat = dict(once["fault"]) | once.get("when", {}) | {name: once[name] for name in ("times",) if name in once}
    assert flat == same
    assert FACE.rule(once) == once
    with MockServer() as server:
        server.account().add_fault(dict(once))


@pytest.mark.parametrize(
    ("name", "variable", "value", "words"),
    [
        ("fal-client", "FAL_CLIENT_PYTHON", "/nowhere/python", "pip install 'fal-client>=0.13'"),
        ("fal-js", "FAL_CLIENT_NODE_FOLDER", "/nowhere", "npm install @fal-ai/client@1.10"),
    ],
)
def test_a_client_that_is_missing_is_named(
    name: str, variable: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr("shutil.which", lambda _: sys.executable)
    with pytest.raises(AdapterError, match=words):
        resolve(name)


QUICK = (
    "request.as-asked or success.every-count or service or errors.own or errors.unreadable-own or blocked.not-silent"
)
OWN_MISTAKES = {"blocked.not-silent", "errors.unreadable-own"}


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["fal-client", "fal-js"])
def test_the_clients_do_what_they_are_known_to(name: str) -> None:
    found = outcomes("fal",
        name, "-k", QUICK,
        FAL_CLIENT_PYTHON=str(ROOT / ".venv-clients" / "bin" / "python"),
        FAL_CLIENT_NODE_FOLDER=str(ROOT / "tests" / "e2e"),
    )  # fmt: skip
    assert {check for check, status in found.items() if status == "failed"} == OWN_MISTAKES
    assert {check for check, status in found.items() if status == "skipped"} == {"service.image-base64"}
    assert len(found) >= 9
