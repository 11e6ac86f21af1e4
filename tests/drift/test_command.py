"""``minimax-mock drift`` as it is typed."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from mock_server import MockServer
from tests.drift.service import Service

ROOT = Path(__file__).parents[2]
KEY = "sk-api-drift-test-of-the-command"


def drift(
    *options: str, key: str | None = KEY, proxy: str = "", folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    kept = [name for name in os.environ if "proxy" not in name.lower() and name != "MINIMAX_API_KEY"]
    environment = {name: os.environ[name] for name in kept} | {"COLUMNS": "200", "NO_PROXY": "127.0.0.1"}
    environment |= ({"MINIMAX_API_KEY": key} if key else {}) | ({"HTTP_PROXY": proxy} if proxy else {})
    command = [sys.executable, "-m", "mock_server", "drift", *options]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False, cwd=folder
    )


@pytest.fixture
def emulator() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


def test_a_deviation_ends_with_status_1_a_report_and_a_profile_that_serves(tmp_path: Path) -> None:
    with Service("counts-integers") as service:
        done = drift(
            "--target", service.url, "--max-spend", "0.01", "--rpm", "1000", "--report", "out", "--write-profile",
            "live.yaml", key=service.key, proxy=service.url, folder=tmp_path,
        )  # fmt: skip
        assert service.images == 2
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("plan: ")
    assert "CONTRADICTED string-counts: The counts in metadata are strings." in lines
    assert '  expected: ["string"]' in lines
    assert '  observed: ["integer"]' in lines
    assert "  the emulator does so with counts=integer" in lines
    assert lines[-1].endswith("2 images: at most $0.0070 of $0.01 spent")
    report = json.loads((tmp_path / "out" / "drift.json").read_text(encoding="utf-8"))
    assert report["summary"]["contradicted"] == 1
    assert "<h3>string-counts</h3>" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    with MockServer(profile=str(tmp_path / "live.yaml")) as server:
        asked, bearer = {"model": "image-01", "prompt": "a lighthouse"}, {"Authorization": "Bearer any-key"}
        answer = httpx.post(f"{server.url}/v1/image_generation", json=asked, headers=bearer)
    assert answer.json()["metadata"] == {"failed_count": 0, "success_count": 1}


def test_an_emulator_is_like_itself(emulator: MockServer) -> None:
    done = drift("--target", emulator.url, "--max-spend", "0.01", "--rpm", "1000", "--json", key=None)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["contradicted"] == 0
    assert report["summary"]["confirmed"] > 50
    assert report["images"] == 2


def test_injected_answers_are_not_trusted(emulator: MockServer) -> None:
    account = emulator.account(KEY)
    account.add_fault({"fault": {"kind": "status_code", "code": 1008}})
    done = drift("--target", emulator.url, "--rpm", "1000")
    assert done.returncode == 2
    assert f"{emulator.url} is an emulator with fault rules (status_code): injected answers say" in done.stderr
    account.clear_faults()
    assert drift("--target", emulator.url, "--rpm", "1000", "--max-spend", "0").returncode == 0
    emulator.reset()
    emulator.scenario("1002x2")
    assert drift("--target", emulator.url, "--rpm", "1000").returncode == 2
    assert not emulator.journal(), "nothing may be asked of it"


def test_a_magic_key_is_not_trusted(emulator: MockServer) -> None:
    done = drift("--target", emulator.url, key="sk-api-mock-1008")
    assert done.returncode == 2
    assert "the key asks it for a scenario" in done.stderr


def test_rules_that_rest_do_not_matter(emulator: MockServer) -> None:
    emulator.account(KEY).add_fault({"fault": {"kind": "hang_up"}})
    bearer = {"Authorization": f"Bearer {KEY}"}
    httpx.post(f"{emulator.url}/_mock/faults/pause", json={"paused": True}, headers=bearer).raise_for_status()
    assert drift("--target", emulator.url, "--rpm", "1000", "--max-spend", "0").returncode == 0


def test_the_plan_alone_sends_nothing() -> None:
    with Service() as service:
        done = drift("--target", service.url, "--plan", "--max-spend", "0.05", key=None)
        assert service.calls == []
    assert done.returncode == 0
    assert done.stdout.startswith("plan: ")
    live = drift("--plan", key=None)
    assert live.returncode == 0
    assert "https://api.minimax.io" in live.stdout
    assert "$0.0000 for 0 images, never more than $0; 10 calls a minute at most" in live.stdout


def test_nobody_there_is_status_2(tmp_path: Path) -> None:
    with Service() as service:
        pass
    done = drift("--target", service.url, "--rpm", "1000", "--report", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "0 confirmed, 0 contradicted" in done.stdout
    assert json.loads((tmp_path / "out" / "drift.json").read_text(encoding="utf-8"))["spent_usd"] == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--target", "live"), "the live service needs a key: set MINIMAX_API_KEY in the environment"),
        (("--target", "livee"), "unknown target 'livee'"),
        (("--target", "emulator"), "the emulator is what is compared with"),
        (("--target", "https://api.minimax.io"), "api.minimax.io is the live service: --target live"),
        (("--target", "http://127.0.0.1:1", "--max-spend", "-1"), "--max-spend: expected an amount in USD"),
        (("--region", "us"), "'us' is not one of 'io', 'cn'"),
    ],
)
def test_a_wrong_option_is_told(options: tuple[str, ...], told: str) -> None:
    done = drift(*options, key=None)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_report_cannot_be_written_over_a_file(emulator: MockServer, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = drift("--target", emulator.url, "--rpm", "1000", "--max-spend", "0", "--report", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "cannot hold a report: expected a folder, found a file" in done.stderr
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_the_next_run_begins_with_what_is_stale(emulator: MockServer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--target", emulator.url, "--rpm", "1000", "--max-spend", "0.0035", "--report", str(out), "--json")

    def confirmed() -> set[str]:
        found = json.loads(drift(*options).stdout)["claims"]
        return {item["id"] for item in found if item["outcome"] == "confirmed"}

    first = confirmed()
    assert "string-counts" in first
    assert "live-model-21-9" not in first
    before = json.loads((out / "drift.json").read_text(encoding="utf-8"))
    before["confirmed"]["live-model-21-9"] = "1950-01-01"
    (out / "drift.json").write_text(json.dumps(before), encoding="utf-8")
    second = confirmed()
    assert "live-model-21-9" in second
    assert "string-counts" not in second
    kept = json.loads((out / "drift.json").read_text(encoding="utf-8"))["confirmed"]
    assert set(kept) == first | second
    assert "1950-01-01" not in kept.values()


def test_every_exchange_is_written_without_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    with Service() as service:
        done = drift(
            "--target", service.url, "--max-spend", "0.0035", "--rpm", "1000", "--record", str(folder),
            key=service.key, proxy=service.url,
        )  # fmt: skip
        asked = [path for _, path, _ in service.calls if not path.startswith("/_mock/")]
    assert done.returncode == 0, done.stderr
    files = sorted(folder.iterdir())
    assert len(files) == len(asked)
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    assert service.key not in written
    assert "Signature=<signature:1>" in written
    assert {"claims", "given"} & set(json.loads(files[0].read_text(encoding="utf-8"))) == set()


def test_a_stop_tells_what_is_known_and_spent_by_then(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mock_server", "drift", "--rpm", "3", "--report", str(tmp_path / "out")]
    with Service() as service:
        environment = dict(os.environ) | {"MINIMAX_API_KEY": service.key, "PYTHONUNBUFFERED": "1"}
        running = subprocess.Popen(
            [*command, "--target", service.url, "--max-spend", "0.01"], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert running.stdout is not None
        for line in running.stdout:
            if "waiting 61 s for the rate limit" in line:
                break
        running.send_signal(signal.SIGINT)
        told, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert "stopped before" in told
    assert "0 images: at most $0.0000 of $0.01 spent" in told
    report = json.loads((tmp_path / "out" / "drift.json").read_text(encoding="utf-8"))
    assert report["stopped"]
    assert report["summary"]["confirmed"] > 0


def test_the_weekly_example_runs_what_there_is_and_may_do_nothing_but_read() -> None:
    workflow = yaml.safe_load((ROOT / "docs" / "drift.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow[True]["schedule"]  # YAML 1.1 reads the key `on` as true
    runs = [step["run"] for step in workflow["jobs"]["drift"]["steps"] if "run" in step]
    command = next(shlex.split(line) for line in runs if line.startswith("minimax-mock drift "))
    done = drift(*command[2:], "--plan", key=None)
    assert done.returncode == 0, done.stderr
    assert "never more than $0.02" in done.stdout
