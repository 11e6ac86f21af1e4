"""What the checks do not hold against a client."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from contract_tests.adapters.resolve import resolve
from contract_tests.bench import Bench
from contract_tests.catalogue import all_functions
from contract_tests.targets.emulator import Emulator
from tests.contract.clients.corpus import BROKEN

PATIENT = """
import json, pathlib, select, sys, time, urllib.error, urllib.request
request, folder, base_url, key = sys.argv[1:]
headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
call = urllib.request.Request(base_url + "/v1/image_generation", request.encode(), headers)
said = json.load(opener.open(call))["base_resp"]
if said["status_code"] in (%s,):
    select.select([], [], [], 600)
sys.exit(f"refused with {said['status_code']}")
"""
"""A command that waits for ten minutes after some codes, in its own process."""


@pytest.fixture(scope="module")
def target() -> Iterator[Emulator]:
    running = Emulator(1)
    yield running
    running.close()


def bench_of(spec: str, target: Emulator) -> Bench:
    bench = Bench(resolve(spec), target, seed=1, max_examples=1)
    bench.begin("fairness")
    return bench


def patient(tmp_path: Path, codes: str, target: Emulator) -> Bench:
    program = tmp_path / "patient.py"
    program.write_text(PATIENT % codes, encoding="utf-8")
    return bench_of(f"exec:{sys.executable} {program} {{request}} {{out_dir}} {{base_url}} {{api_key}}", target)


def test_a_long_pause_before_another_attempt_is_no_failure(tmp_path: Path, target: Emulator) -> None:
    bench = patient(tmp_path, "1002", target)
    rule = {"fault": {"kind": "status_code", "code": 1002}}
    run = bench.call({"model": "image-01", "prompt": "a lighthouse"}, rule, timeout=2.0)
    with pytest.raises(pytest.skip.Exception, match="about to try again"):
        run.failure("the call was refused")
    final = [item | {"status_code": 1008} for item in run.exchanges]
    for other in (structs.replace(run, pauses_are_real=False), structs.replace(run, exchanges=final)):
        with pytest.raises(AssertionError, match="did not come back in time"):
            other.failure("the call was refused")


def test_a_command_that_is_told_no_timeout_is_not_asked_to_keep_one(tmp_path: Path, target: Emulator) -> None:
    bench = patient(tmp_path, "0", target)
    for name in ("network.hang", "network.trickle", "download.hang"):
        assert bench.cannot_try(all_functions()[name].check) == "the client cannot be told how long to wait"  # type: ignore[attr-defined]


def test_what_a_client_always_adds_is_not_kept_from_the_call_before(target: Emulator) -> None:
    always = bench_of(BROKEN["adds-prompt-optimizer"].adapter, target)
    all_functions()["request.nothing-kept"](always)
    keeps = bench_of(BROKEN["keeps-fields-of-last-call"].adapter, target)
    with pytest.raises(AssertionError, match=r"sent differently: n \(2 in the call before it\)"):
        all_functions()["request.nothing-kept"](keeps)
