"""``--face openai``: a correct client passes, wrong ones fail where they are wrong, SDKs do what they are known to."""

from __future__ import annotations

import sys

import pytest

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.resolve import resolve
from contract_tests.catalogue import all_checks
from contract_tests.faces.table import FACES
from mock_server.core.reasons import REASONS
from mock_server.faces.openai.errors import SPELLINGS
from tests.contract.faces_checked import ROOT, outcomes, run

CLIENTS = "tests.contract.gateway_client"


def test_a_correct_client_passes_every_check_of_the_face() -> None:
    found = outcomes("openai", f"{CLIENTS}:Client")
    without = FACES["openai"].without
    others = {name: status for name, status in found.items() if status != "passed" and name not in without}
    assert others == {"network.trickle": "failed"}  # a synchronous client cannot give headers up that trickle
    assert {found[name] for name in without} == {"skipped"}


@pytest.mark.parametrize(
    ("client", "check"),
    [
        ("Trusting", "errors.own"),
        ("Insisting", "retry.final-once"),
        ("Cutting", "request.as-asked"),
        ("Leaking", "request.key-nowhere-else"),
        ("Silent", "errors.described"),
    ],
)
def test_a_wrong_client_fails_where_it_is_wrong(client: str, check: str) -> None:
    said = run("openai", f"{CLIENTS}:{client}", "-k", check)
    assert said.returncode == 1, said.stdout + said.stderr
    assert f"FAILED MUST {check}" in said.stdout
    assert "POST /openai/v1/images/generations" in said.stdout
    assert "--face openai" in said.stdout


def test_a_service_cannot_be_asked_in_this_dialect() -> None:
    said = run("openai", f"{CLIENTS}:Client", "--target", "http://127.0.0.1:1")
    assert said.returncode == 2
    assert "--face openai is tried against the emulator only" in said.stderr


def test_the_faces_say_what_the_emulator_does() -> None:
    checks = {item.id for item in all_checks()}
    for face in FACES.values():
        assert set(face.without) <= checks
    codes = {item.code: item for item in FACES["openai"].codes}
    for reason in REASONS.values():
        if reason.code in codes and reason.name != "forbidden_reference":
            status = SPELLINGS[reason.name].status
            assert codes[reason.code].told == status
            assert codes[reason.code].retryable is (status == 429 or status >= 500)


@pytest.mark.parametrize(
    ("name", "variable", "value", "words"),
    [
        ("openai", "OPENAI_PYTHON", "/nowhere/python", "pip install openai"),
        ("openai-js", "OPENAI_NODE_FOLDER", "/nowhere", "npm install openai@6"),
    ],
)
def test_an_sdk_that_is_missing_is_named(
    name: str, variable: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr("shutil.which", lambda _: sys.executable)
    with pytest.raises(AdapterError, match=words):
        resolve(name)


QUICK = "request.as-asked or success.every-count or service or errors.described or blocked or retry.bounded"
KNOWN = {"blocked.not-silent": "failed", "service.image-base64": "passed"}


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["openai", "openai-js"])
def test_the_sdks_do_what_they_are_known_to(name: str) -> None:
    found = outcomes("openai",
        name, "-k", QUICK,
        OPENAI_PYTHON=str(ROOT / ".venv-clients" / "bin" / "python"),
        OPENAI_NODE_FOLDER=str(ROOT / "tests" / "e2e"),
    )  # fmt: skip
    assert {check for check, status in found.items() if status != "passed"} == {"blocked.not-silent"}
    assert found.items() >= KNOWN.items()
