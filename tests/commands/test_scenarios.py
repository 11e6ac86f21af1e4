"""``scenarios``."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from mock_server import MockAccount, MockServer
from mock_server.commands.connection import DEFAULT_URL
from mock_server.commands.scenario_example import example
from mock_server.faults.library import Library
from mock_server.faults.scenario import Scenario, read_scenario
from tests.commands.command import run
from tests.commands.conftest import Command
from tests.wire import Generate

NAMES = Library().names()
SLOW = {"hang", "delay", "slow_body", "slow_headers"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text("title: links die\nrules:\n- fault: {kind: expired_url}\n  times: 1\n")
    return tmp_path


def test_every_scenario_is_listed_with_its_title() -> None:
    result = run("scenarios")
    assert result.code == 0
    for scenario in run("scenarios", "--json").json["scenarios"]:
        assert re.search(rf"^{re.escape(scenario['name'])} +{re.escape(scenario['title'])}$", result.out, re.MULTILINE)
    assert [item["name"] for item in run("scenarios", "--json").json["scenarios"]] == NAMES
    assert result.out.endswith("""\
Without touching the server
how          what to send                                     effect
as a key     Authorization: Bearer sk-api-mock-NAME           for the account of this key
             Authorization: Bearer sk-api-mock-1002x2--alice  1002 for two calls; what is behind -- tells keys apart
in a prompt  a cat [[mock:NAME]]                              for this request alone

`minimax-mock scenarios show NAME` explains one.
""")


def test_a_folder_of_ones_own_is_listed_too(folder: Path) -> None:
    result = run("scenarios", "--scenario-dir", str(folder))
    assert (result.code, "\nmine " in result.out) == (0, True)
    assert "\nmine " in run("scenarios", MINIMAX_MOCK_SCENARIO_DIR=str(folder)).out
    assert run("scenarios", "--scenario-dir", str(folder), "show", "mine").code == 0
    assert run("scenarios", "show", "mine", "--scenario-dir", str(folder)).code == 0


def test_a_wrong_file_of_ones_own_is_told_and_the_others_listed(folder: Path) -> None:
    (folder / "bad.yaml").write_text("rules:\n- fault: {kind: hangup}\n")
    result = run("scenarios", "--scenario-dir", str(folder))
    assert (result.code, "\nmine " in result.out) == (1, True)
    assert (
        f"{folder}/bad.yaml, line 2: rules[0].fault.kind: unknown kind 'hangup'; did you mean 'hang_up'?" in result.err
    )


def test_a_missing_folder_is_refused() -> None:
    result = run("scenarios", "--scenario-dir", "/nowhere")
    assert (result.code, "'/nowhere'" in result.err) == (2, True)


def test_show_explains_a_scenario() -> None:
    assert (
        run("scenarios", "show", "1002x2").out
        == """\
scenario     1002x2
title        every call is refused with 1002, rate limited (the first 2 calls only)
reproduces   Status code 1002, "rate limit exceeded(RPM)", inside HTTP 200.
source       https://github.com/terrylica/cc-skills (plugins/minimax/references): body of 74 bytes, no Retry-After; \
same text seen through mmx image; seen on image_generation, t2a_v2
good client  Reads base_resp.status_code, tells code and message, and retries with growing delays, a bounded number of \
times (retry later).

rules:
- when: {endpoint: generate}
  fault: {kind: status_code, code: 1002}
  times: 2

See it, with `minimax-mock serve` running:
for call in 1 2 3; do curl -sS -i http://127.0.0.1:8484/v1/image_generation -H 'Authorization: Bearer \
sk-api-mock-1002x2' -H 'Content-Type: application/json' -d '{"model": "image-01", "prompt": "a lighthouse at dawn"}'; \
echo; done
"""
    )


@pytest.mark.parametrize("name", NAMES)
def test_show_has_everything(name: str) -> None:
    result = run("scenarios", "show", name)
    assert result.code == 0
    for part in ("title", "reproduces", "source", "good client", "rules:", "See it"):
        if part != "rules:" or "account:" not in result.out:
            assert f"\n{part}" in result.out, part
    assert run("scenarios", "show", name, "--json").json["name"] == name


def shell(lines: list[str], server: MockServer, folder: Path) -> str:
    text = "\n".join(lines).replace(DEFAULT_URL, server.url)
    command = ["sh", "-c", text]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=False).stdout


def quick(name: str) -> bool:
    """Whether a scenario's example is over soon, and needs no second command (those are tested below)."""
    scenario = Library().get(name)
    slow = any(rule.fault.kind in SLOW for rule in scenario.rules)
    return not slow and not any(line.startswith("minimax-mock") for line in example(scenario))


@pytest.mark.parametrize("name", [name for name in NAMES if quick(name)])
def test_the_example_shows_the_scenario(name: str, own: MockServer, tmp_path: Path) -> None:
    scenario = Library().get(name)
    shell(example(scenario), own, tmp_path)
    seen = own.journal()
    assert seen
    if scenario.rules:
        assert any(exchange["faults"] for exchange in seen)


def test_the_example_of_a_switch_about_references_has_one(own: MockServer, tmp_path: Path) -> None:
    shell(example(Library().get("data-url-references-refused")), own, tmp_path)
    assert own.journal()[0]["status_code"] == 1000


def test_the_example_of_faults_in_calls_and_downloads_shows_both(own: MockServer, tmp_path: Path) -> None:
    rules = [
        {"when": {"endpoint": "generate"}, "fault": {"kind": "status_code", "code": 1002}, "times": 1},
        {"when": {"endpoint": "download"}, "fault": {"kind": "expired_url"}},
    ]
    account = own.account("sk-api-mock-1002x1")
    run("faults", "add", "expired_url", "--key", account.api_key, "--url", own.url)
    lines = [line.replace("sk-api-mock-mine", account.api_key) for line in example(of(rules=rules))]
    printed = shell(lines, own, tmp_path)
    assert [entry["endpoint"] for entry in account.journal()] == ["generate", "generate", "download"]
    assert "rate limit exceeded(RPM)" in printed
    assert "403 Forbidden" in printed


def of(**content: object) -> Scenario:
    return read_scenario({"name": "mine"} | content)


def test_the_example_of_a_download_fetches_an_image(own: MockServer, folder: Path) -> None:
    lines = example(Library(str(folder)).get("mine"))
    shell([line.replace("sk-api-mock-mine", "sk-api-mine") for line in lines], own, folder)
    assert [exchange["endpoint"] for exchange in own.journal()] == ["generate", "download"] * 2
    assert (folder / "image.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_the_example_of_a_file_loads_it_first(folder: Path) -> None:
    text = run("scenarios", "show", str(folder / "mine.yaml")).out
    assert f"\nminimax-mock scenarios use {folder}/mine.yaml --key sk-api-try\n" in text
    assert "Bearer sk-api-try'" in text


@pytest.mark.parametrize(
    ("scenario", "part"),
    [
        (of(rules=[{"when": {"between": [10, 40]}, "fault": {"kind": "hang_up"}}]),
         "minimax-mock clock advance 10 --key sk-api-mock-mine"),
        (of(rules=[{"when": {"nth": [3]}, "fault": {"kind": "hang_up"}}]), "for call in 1 2 3; do"),
        (of(rules=[{"when": {"every": 50}, "fault": {"kind": "hang_up"}}]), "8 9 10 11 12; do"),
        (of(rules=[{"fault": {"kind": "hang_up"}, "probability": 0.5}]), "for call in 1 2 3 4 5; do"),
        (of(rules=[{"fault": {"kind": "hang"}}]), "curl -sS -m 5 -i"),
        (of(rules=[{"when": {"prompt": "*it's?", "n": 2}, "fault": {"kind": "hang_up"}}]),
         """'{"model": "image-01", "prompt": "it'"'"'sx", "n": 2}'"""),
        (of(rules=[{"when": {"endpoint": "generate"}, "fault": {"kind": "corrupt_image"}}]), '": "base64"}'),
        (of(account={"rpm": 2}), "for call in 1 2 3; do"),
        (of(account={"limits": "documented"}), "for call in 1 2 3 4 5 6 7 8 9 10 11; do"),
        (of(account={"balance_usd": 0.0036}), "for call in 1 2; do"),
        (of(name="a--b", account={"rpm": 2}), "minimax-mock scenarios use a--b --key sk-api-try"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_an_example_fits_its_rules(scenario: Scenario, part: str) -> None:
    assert part in "\n".join(example(scenario))


def test_use_loads_a_name(command: Command, generate: Generate) -> None:
    result = command("scenarios", "use", "1002x2")
    assert re.fullmatch(r"loaded 1002x2 for the account of that key: rule \d+\n", result.out)
    assert [generate().json()["base_resp"]["status_code"] for _ in range(3)] == [1002, 1002, 0]


def test_use_loads_a_file(command: Command, account: MockAccount, folder: Path) -> None:
    result = command("scenarios", "use", str(folder / "mine.yaml"))
    assert re.fullmatch(r"loaded mine for the account of that key: rule \d+\n", result.out)
    assert account.describe()["faults"] == 1


@pytest.mark.parametrize("way", ["show", "use"])
def test_a_wrong_file_is_told_with_line_and_field(command: Command, tmp_path: Path, way: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("title: x\nrules:\n- when: {n: 1}\n  fault: {kind: partial, faild: 1}\n")
    result = command("scenarios", way, str(file))
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"minimax-mock: {file}, line 4: rules[0].fault: unknown field 'faild'; did you mean 'failed'? valid: 'failed'\n"
    )


@pytest.mark.parametrize("way", ["show", "use"])
def test_an_unknown_name_gets_the_nearest(command: Command, way: str) -> None:
    result = command("scenarios", way, "partial-failur")
    assert result.code == 2
    assert "no scenario 'partial-failur'; did you mean 'partial-failure'?" in result.err
