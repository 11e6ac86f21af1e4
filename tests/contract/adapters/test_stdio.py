"""Programs that speak the protocol: what they answer, in which order, and what becomes of them."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contract_tests.adapters.interface import Description, Failure, Images, TooLate
from mock_server import MockAccount, inspect
from tests.contract.adapters.conftest import NOWHERE, REQUEST, WITHIN, Open, Resolve, Write

NODE_CLIENT = Path(__file__).parent / "client.mjs"


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def are_gone(pids: Iterable[int]) -> bool:
    """Whether all of them end soon: a killed process takes a moment to die."""
    end = time.monotonic() + WITHIN
    while any(map(is_running, pids)):
        if time.monotonic() > end:
            return False
        os.sched_yield()
    return True


def test_a_hello_says_what_the_client_is(program: Write, adapter: Resolve) -> None:
    found = adapter(
        program("say(id=hear()['id'], name='mine', version='2', unsupported=['seed'], describes=True)\nhear()")
    )
    assert (found.name, found.version, found.unsupported, found.describes) == ("mine", "2", {"seed"}, True)
    assert found.image_format is None
    assert all(map(is_running, found.process_ids))
    found.close()
    assert are_gone(found.process_ids)


def test_a_hello_may_say_nothing(program: Write, adapter: Resolve) -> None:
    spec = program("say(id=hear()['id'])\nhear()")
    found = adapter(spec)
    assert (found.name, found.version, found.unsupported, found.describes) == (spec, None, frozenset(), False)


def test_a_program_is_told_everything_and_its_images_are_handed_on(program: Write, adapter: Resolve) -> None:
    spec = program("""
        greet()
        call = hear()
        told = [call["op"], call["base_url"], call["api_key"], call["timeout"], call["request"]]
        say(id=call["id"], images=[{"base64": "b25l"}, {"url": json.dumps(told)}], failed=1)
    """)
    outcome = adapter(spec).open(NOWHERE, "key", 1.5).generate(REQUEST, within=WITHIN)
    told = f'["generate", "{NOWHERE}", "key", 1.5, {{"model": "image-01", "prompt": "a lighthouse at dawn"}}]'
    assert outcome == Images((b"one", told), 1)


def test_an_error_is_a_failure(program: Write, adapter: Resolve) -> None:
    spec = program("""
        greet(describes=True)
        print("a trace", file=sys.stderr, flush=True)
        say(id=hear()["id"], error={"code": 1008, "category": "balance", "message": "no money", "retryable": False})
        say(id=hear()["id"], error={"message": "no data", "kind": "TypeError", "own": False, "detail": "at line 3"})
        say(id=hear()["id"], error={})
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    first = client.generate(REQUEST, within=WITHIN)
    assert isinstance(first, Failure)
    assert (first.kind, first.message, first.own) == ("balance", "no money", None)
    assert first.description == Description(1008, "balance", "no money", False)
    assert client.generate(REQUEST, within=WITHIN) == Failure(
        "TypeError", "no data", Description(message="no data"), False, "at line 3"
    )
    third = client.generate(REQUEST, within=WITHIN)
    assert isinstance(third, Failure)
    assert (third.kind, third.message, third.description, third.own) == ("error", "", Description(), None)


def test_answers_may_come_in_any_order(program: Write, adapter: Resolve) -> None:
    spec = program("""
        greet()
        for call in reversed([hear() for _ in range(3)]):
            say(id=call["id"], images=[{"url": call["request"]["prompt"]}])
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda prompt: client.generate({"prompt": prompt}, within=WITHIN), "abc"))
    assert outcomes == [Images((prompt,)) for prompt in "abc"]


def test_a_program_that_keeps_a_call_waiting_is_replaced(program: Write, adapter: Resolve) -> None:
    spec = program("""
        greet()
        while (call := hear())["op"] != "stop":
            if call["request"]["prompt"] != "never":
                say(id=call["id"], images=[{"url": str(os.getpid())}])
    """)
    found = adapter(spec)
    (pid,) = found.process_ids
    client = found.open(NOWHERE, "key", 1.0)
    assert client.generate(REQUEST, within=WITHIN) == Images((str(pid),))
    assert client.generate({"prompt": "never"}, within=0.05) == TooLate(0.05)
    assert are_gone([pid])
    assert client.generate(REQUEST, within=WITHIN) == Images((str(found.process_ids[0]),))
    assert found.process_ids != (pid,)


def test_others_still_get_their_answers_from_a_program_that_is_replaced(program: Write, adapter: Resolve) -> None:
    spec = program("""
        greet()
        calls = {call["request"]["prompt"]: call["id"] for call in (hear(), hear())}
        open(sys.argv[0] + ".ready", "w").close()
        while not os.path.exists(sys.argv[0] + ".go"): pass
        say(id=calls["late"], images=[])
        say(id=calls["patient"], images=[{"url": "served"}])
        hear()
    """)
    folder = Path(shlex.split(spec)[-1])
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with ThreadPoolExecutor(2) as pool:
        patient = pool.submit(client.generate, {"prompt": "patient"}, within=WITHIN)
        assert client.generate({"prompt": "late"}, within=0.5) == TooLate(0.5)
        folder.with_name("speaker.py.go").touch()
        assert patient.result() == Images(("served",))


@pytest.mark.parametrize("ending", ["hear()", "threading.Event().wait()"], ids=["obeys", "does not listen"])
def test_nothing_is_left_of_a_program_and_what_it_started(ending: str, program: Write, adapter: Resolve) -> None:
    spec = program(f"""
        import signal, subprocess
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        greet(describes=False, image_format=str(child.pid))
        {ending}
    """)
    found = adapter(spec)
    pids = (*found.process_ids, int(str(found.image_format)))
    assert all(map(is_running, pids))
    found.close()
    assert are_gone(pids)


def test_a_program_dies_with_a_run_that_is_interrupted(program: Write, tmp_path: Path) -> None:
    spec = program("greet()\nthreading.Event().wait()")
    run = (
        "import sys, threading\nfrom contract_tests.adapters.resolve import resolve\n"
        "found = resolve(sys.argv[1])\nprint(*found.process_ids, flush=True)\nthreading.Event().wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", run, spec], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        assert running.stdout
        pid = int(running.stdout.readline())
        assert is_running(pid)
        os.kill(running.pid, signal.SIGINT)
        running.wait(WITHIN)
    assert are_gone([pid])


@pytest.mark.e2e
def test_a_client_in_javascript_is_driven(opened: Open, minimax_mock: MockAccount) -> None:
    client = opened(f"stdio:node {shlex.quote(str(NODE_CLIENT))}")
    outcome = client.generate(REQUEST | {"n": 2}, within=WITHIN)
    assert isinstance(outcome, Images)
    assert [inspect(image).index for image in outcome.images if isinstance(image, bytes)] == [0, 1]
    minimax_mock.add_fault("status_code", code=1008)
    failure = client.generate(REQUEST, within=WITHIN)
    assert isinstance(failure, Failure)
    assert failure.description == Description(1008, None, "insufficient balance", None)
