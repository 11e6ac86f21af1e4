"""``minimax-mock check``, ``checks`` and ``report``, and the same in pytest, as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from contract_tests.catalogue import all_checks

ROOT = Path(__file__).parent.parent.parent
SILENT = "tests.contract.silent:factory"
"""A client that takes every answer for a success."""
ALONE = [item for item in all_checks() if "twin" not in item.needs]
"""The checks of one target; the others compare two."""


def command(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", *arguments]
    env = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "160"}
    return subprocess.run(program, capture_output=True, text=True, cwd=cwd, env=env, timeout=280, check=False)


def check(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return command("mock_server", "check", *arguments, "--max-examples", "4", cwd=cwd)


def results(*arguments: str) -> dict[str, Any]:
    said = check(*arguments, "--json")
    assert said.returncode in {0, 1}, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_the_reference_client_passes_every_check(tmp_path: Path) -> None:
    said = check("reference", "--report", str(tmp_path / "out"))
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{len(ALONE)} passed, 0 failed, 0 skipped, 0 errors" in said.stdout
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in report["checks"]] == [item.id for item in ALONE]
    assert report["summary"] == {"passed": len(ALONE), "failed": 0, "skipped": 0, "errors": 0}
    assert report["client"]["name"] == "reference"
    assert ET.parse(tmp_path / "out" / "junit.xml").getroot().get("failures") == "0"
    assert "reference" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_failure_is_shown_small_and_can_be_repeated() -> None:
    said = check(SILENT, "-k", "errors.inside-200", "--seed", "7")
    assert said.returncode == 1
    for part in (
        "FAILED MUST errors.inside-200",
        "the client reported success with 0 images, though the service refused the call with 1000",
        '{"model": "image-01", "prompt": "a lighthouse at dawn"}',
        "code: 1000",
        '"status_code":1000',
        f"minimax-mock check {SILENT} -k errors.inside-200 --seed 7 --max-examples 4",
    ):
        assert part in said.stdout, said.stdout


def test_a_seed_repeats_a_run_exactly() -> None:
    def told(seed: str) -> list[Any]:
        found = results(SILENT, "-k", "errors.inside-200 or blocked.kept or request.unicode", "--seed", seed)
        return [
            (item["id"], item["status"], item["reason"], (item["reproduce"] or {}).get("scenario"))
            for item in found["checks"]
        ]

    assert told("3") == told("3")


def test_the_level_leaves_out_what_is_no_must() -> None:
    found = results("reference", "--level", "must", "-k", "errors.bad-base64 or errors.message")["checks"]
    assert [(item["id"], item["level"]) for item in found] == [("errors.bad-base64", "MUST")]


def test_a_profile_is_taken_for_every_check() -> None:
    found = results("reference", "--profile", "counts-as-integers", "-k", "spellings")
    assert [item["status"] for item in found["checks"]] == ["passed"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["referense"], "unknown adapter 'referense'; did you mean 'reference'?"),
        (["no_such_module:factory"], "no_such_module"),
        (["reference", "-k", "nonsense"], "no check matches 'nonsense'; `minimax-mock checks` lists them"),
        (["reference", "--target", "liv"], "unknown target 'liv'"),
        (["reference", "--max-examples", "0"], "--max-examples"),
    ],
    ids=str,
)
def test_what_cannot_run_is_told(arguments: list[str], complaint: str) -> None:
    said = command("mock_server", "check", *arguments)
    assert said.returncode == 2, said.stdout
    assert complaint in said.stderr


def test_a_wrong_adapter_is_an_error_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "junk.py").write_text("def factory(base_url, api_key, timeout):\n    return lambda request: 3\n")
    said = check(f"{tmp_path}/junk.py:factory", "-k", "errors.inside-200", "--json")
    assert said.returncode == 2
    (found,) = json.loads(said.stdout)["checks"]
    assert found["status"] == "error"
    assert "a list" in found["reason"]


def test_settings_of_the_place_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\nfilterwarnings = error\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('nobody asked for this')\n")
    said = check("reference", "-k", "success.seed or request.unicode", cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["conftest.py", "pytest.ini"]


def test_several_reports_become_one_page(tmp_path: Path) -> None:
    for name, adapter in (("one", "reference"), ("two", SILENT)):
        check(adapter, "-k", "errors.inside-200", "--report", str(tmp_path / name))
    paths = [str(tmp_path / name / "report.json") for name in ("one", "two")]
    said = command("mock_server", "report", *paths, "--out", str(tmp_path / "matrix.html"))
    assert said.returncode == 0, said.stderr
    page = (tmp_path / "matrix.html").read_text(encoding="utf-8")
    assert "reference" in page
    assert "silent" in page
    wrong = command("mock_server", "report", str(tmp_path / "nothing.json"), "--out", str(tmp_path / "x.html"))
    assert (wrong.returncode, "nothing.json" in wrong.stderr) == (2, True)


def test_pytest_runs_them_as_any_tests(tmp_path: Path) -> None:
    arguments = ["--pyargs", "contract_tests", "--minimax-client", SILENT, "--minimax-max-examples", "3"]
    arguments += ["-p", "no:cacheprovider", "-n", "2", "-k", "errors.inside-200 or success.seed or blocked.all"]
    arguments += [f"--junitxml={tmp_path}/junit.xml", "--minimax-report", str(tmp_path / "out"), "-q"]
    said = command("pytest", *arguments)
    assert said.returncode == 1, said.stdout + said.stderr
    failed = {case.get("name") for case in ET.parse(tmp_path / "junit.xml").iter("testcase") if len(case)}
    assert {"test_inside_200", "test_all"} <= failed
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert {item["id"]: item["status"] for item in report["checks"]}["errors.inside-200"] == "failed"
    assert len(report["checks"]) == 3


def test_without_a_client_pytest_says_what_is_missing() -> None:
    said = command("pytest", "--pyargs", "contract_tests", "-p", "no:cacheprovider", "-k", "success.seed", "-q")
    assert said.returncode != 0
    assert "say which client to test: --minimax-client ADAPTER" in said.stdout + said.stderr


def test_every_check_has_what_a_reader_needs() -> None:
    for item in all_checks():
        assert item.sentence.endswith("."), item.id
        assert item.claims, item.id
        assert item.id == item.id.lower()
    assert len({item.id for item in all_checks()}) == len(all_checks())
