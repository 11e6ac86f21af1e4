"""Commands that are clients: what they are given, what they leave behind, and those that do not end."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.adapters.exec import image_files
from contract_tests.adapters.interface import AdapterError, Failure, Images, TooLate
from mock_server import MockAccount, inspect
from tests.contract.adapters.conftest import NOWHERE, REQUEST, WITHIN, Open, Resolve
from tests.contract.adapters.test_stdio import are_gone

Command = Callable[[str], str]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Write a Python program that is given the output folder and the prompt; its spec."""

    def written(source: str) -> str:
        file = tmp_path / "draw.py"
        file.write_text(f"import json, os, sys\nfrom pathlib import Path\nout = Path(sys.argv[1])\n{source}", "utf-8")
        return f"exec:{shlex.quote(sys.executable)} {shlex.quote(str(file))} {{out_dir}} {{prompt}}"

    return written


def test_the_files_of_a_command_are_its_images_in_natural_order(command: Command, adapter: Resolve) -> None:
    source = "for number in range(12): (out / f'image-{number}.jpeg').write_text(str(number))"
    found = adapter(command(source))
    assert (found.name, found.version, found.describes, found.process_ids) == (found.spec, None, False, ())
    outcome = found.open(NOWHERE, "key", 1.0).generate(REQUEST, within=WITHIN)
    assert outcome == Images(tuple(str(number).encode() for number in range(12)))


def test_success_without_files_is_a_success_without_images(command: Command, adapter: Resolve) -> None:
    assert adapter(command("print('Done!')")).open(NOWHERE, "key", 1.0).generate(REQUEST, within=WITHIN) == Images(())


def test_only_image_files_count(tmp_path: Path) -> None:
    for name in ("10.PNG", "9.jpg", "plain", ".DS_Store", "answer.json", "log.txt", "day/1.webp"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    names = [str(file.relative_to(tmp_path)) for file in image_files(tmp_path)]
    assert names == ["9.jpg", "10.PNG", "day/1.webp", "plain"]


def test_a_command_is_given_address_key_and_values(
    adapter: Resolve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "example.org")
    file = tmp_path / "tell.py"
    names = [
        "MINIMAX_API_KEY",
        "MINIMAX_API_HOST",
        "MINIMAX_BASE_URL",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "FAL_KEY",
        "NO_PROXY",
    ]
    file.write_text(
        "import json, os, sys\nfrom pathlib import Path\n"
        "out, *given, whole, file = sys.argv[1:]\n"
        "assert json.loads(whole) == json.loads(Path(file).read_text())\n"
        f"told = given, json.loads(whole), [os.environ[name] for name in {names!r}]\n"
        "Path(out, 'told.png').write_text(json.dumps(told))",
        "utf-8",
    )
    spec = f"exec:{sys.executable} {file} {{out_dir}} {{base_url}} {{api_key}} {{timeout}} {{request}} {{request_file}}"
    outcome = adapter(spec).open(NOWHERE, "key", 1.5).generate(REQUEST, within=WITHIN)
    assert isinstance(outcome, Images)
    (told,) = outcome.images
    direct = "example.org,127.0.0.1,localhost,::1"
    assert json.loads(told) == [
        [NOWHERE, "key", "1.5"],
        REQUEST,
        ["key", NOWHERE, NOWHERE, "key", NOWHERE, "key", direct],
    ]


@pytest.mark.parametrize(
    ("source", "kind", "message", "own"),
    [
        ("print('retrying', file=sys.stderr); sys.exit('no money (1008)')", "exit status 1", "no money (1008)", True),
        ("print('no money'); sys.exit(3)", "exit status 3", "no money", True),
        ("sys.exit(3)", "exit status 3", "", None),
        ("{}['data']", "exit status 1", "KeyError: 'data'", False),
        ("os.abort()", "signal SIGABRT", "", False),
    ],
    ids=range(5),
)
def test_another_status_is_a_failure(
    source: str, kind: str, message: str, own: bool | None, command: Command, adapter: Resolve
) -> None:
    failure = adapter(command(source)).open(NOWHERE, "key", 1.0).generate(REQUEST, within=WITHIN)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.message, failure.own, failure.description) == (kind, message, own, None)


@pytest.mark.e2e
def test_a_trace_of_node_is_no_message(adapter: Resolve) -> None:
    spec = "exec:node -e 'JSON.parse(\"<html>\")' {prompt} {out_dir}"
    failure = adapter(spec).open(NOWHERE, "key", 1.0).generate(REQUEST, within=WITHIN)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.own) == ("exit status 1", False)


def test_a_command_that_does_not_end_is_killed_with_what_it_started(
    command: Command, adapter: Resolve, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    source = (
        "import subprocess, threading\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"Path({str(started)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n"
        "threading.Event().wait()"
    )
    client = adapter(command(source)).open(NOWHERE, "key", 1.0)
    assert client.generate(REQUEST, within=2.0) == TooLate(2.0)
    assert are_gone([int(pid) for pid in started.read_text("utf-8").split()])


def test_a_field_that_would_be_lost_is_no_matter_of_the_client(command: Command, adapter: Resolve) -> None:
    found = adapter(command(""))
    assert "seed" in found.unsupported
    client = found.open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError) as raised:
        client.generate(REQUEST | {"seed": 7}, within=WITHIN)
    assert str(raised.value) == f"{found.spec!r} has no {{seed}}, and was asked for seed 7"
    with pytest.raises(AdapterError, match="asked for model 'image-01-live'"):
        client.generate(REQUEST | {"model": "image-01-live"}, within=WITHIN)


@pytest.mark.parametrize("prompt", ["a\0b", "a\ud800b", "x" * 5_000_000], ids=["NUL", "surrogate", "too long"])
def test_what_no_command_line_can_carry_is_no_matter_of_the_client(
    prompt: str, command: Command, adapter: Resolve
) -> None:
    client = adapter(command("")).open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError, match=r"^cannot start '.*python"):
        client.generate(REQUEST | {"prompt": prompt}, within=WITHIN)


CURL = (
    'exec:sh -c \'curl -sS -H "Authorization: Bearer $MINIMAX_API_KEY" -H Content-Type:application/json '
    '-d @"$1" "$MINIMAX_API_HOST/v1/image_generation" | python3 "$0" "$2"\' {save} {{request_file}} {{out_dir}}'
)


def test_a_client_of_shell_curl_and_python_is_driven(minimax_mock: MockAccount, opened: Open, tmp_path: Path) -> None:
    save = tmp_path / "save.py"
    save.write_text(
        "import base64, json, sys\n"
        "answer = json.load(sys.stdin)\n"
        "if answer['base_resp']['status_code']: sys.exit(answer['base_resp']['status_msg'])\n"
        "for number, image in enumerate(answer['data']['image_base64']):\n"
        "    open(f'{sys.argv[1]}/{number}.jpeg', 'wb').write(base64.b64decode(image))\n",
        "utf-8",
    )
    client = opened(CURL.format(save=shlex.quote(str(save))))
    outcome = client.generate(REQUEST | {"n": 2, "response_format": "base64"}, within=WITHIN)
    assert isinstance(outcome, Images)
    assert [inspect(image).index for image in outcome.images if isinstance(image, bytes)] == [0, 1]
    minimax_mock.add_fault("status_code", code=1008)
    failure = client.generate(REQUEST, within=WITHIN)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.message, failure.own) == ("exit status 1", "insufficient balance", True)
