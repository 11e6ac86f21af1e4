"""``verdict``: its table, its files and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest

from mock_server import MockAccount
from tests.commands.conftest import Command
from tests.wire import Generate


@pytest.fixture
def hasty(generate: Generate, account: MockAccount) -> MockAccount:
    """An account whose client repeats what cannot succeed."""
    account.scenario("1008")
    generate()
    generate()
    return account


def test_a_client_that_did_nothing_is_not_judged(command: Command) -> None:
    result = command("verdict")
    assert (result.code, result.out) == (0, "No requests yet: there is nothing to judge.\n")


def test_a_good_client_is_told_so(command: Command, generate: Generate) -> None:
    generate()
    result = command("verdict")
    assert (result.code, result.out) == (0, "✓ 1 request, nothing to complain about.\n")


def test_a_finding_is_shown_with_what_to_do_about_it(command: Command, hasty: MockAccount) -> None:
    result = command("verdict")
    assert result.code == 1
    assert "MUST" in result.out
    assert "retried-what-cannot-succeed" in result.out
    assert "Source: " in result.out
    assert result.out.endswith("2 requests: 1 MUST broken.\n")


def test_json_is_what_the_admin_api_says(command: Command, hasty: MockAccount, http: httpx.Client) -> None:
    result = command("verdict", "--json")
    headers = {"Authorization": f"Bearer {hasty.api_key}"}
    assert result.json == http.get(f"{hasty.base_url()}/_mock/verdict", headers=headers).json() == hasty.verdict()
    assert result.code == 1
    assert [finding["rule"] for finding in result.json["findings"]] == ["retried-what-cannot-succeed"]
    assert result.json["findings"][0]["exchanges"] == [entry["id"] for entry in hasty.journal()]


def test_ci_gets_its_files(command: Command, hasty: MockAccount, tmp_path: Path) -> None:
    junit, sarif = tmp_path / "verdict.xml", tmp_path / "verdict.sarif"
    assert command("verdict", "--junit", str(junit), "--sarif", str(sarif)).code == 1
    failed = ET.fromstring(junit.read_text(encoding="utf-8")).findall(".//failure/..")
    assert [case.get("name") for case in failed] == ["retried-what-cannot-succeed"]
    (result,) = json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("retried-what-cannot-succeed", "error")


def test_a_file_that_cannot_be_written_is_told(command: Command, hasty: MockAccount, tmp_path: Path) -> None:
    result = command("verdict", "--junit", str(tmp_path / "no" / "such.xml"))
    assert (result.code, "cannot write" in result.err) == (2, True)
