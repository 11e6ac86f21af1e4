"""A command that is run behaves as if nobody ran it: streams, terminal, signals, end."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.intercept.command import COMMAND, ENV, python, run

WAYS = ["env", "sandbox"]


@pytest.mark.parametrize("via", WAYS)
def test_streams_and_the_exit_status_are_the_commands_own(via: str) -> None:
    result = run("--", "bash", "-c", "cat; echo to-stderr >&2; exit 7", via=via, stdin="through\n")
    assert (result.returncode, result.stdout) == (7, "through\n")
    assert result.stderr.startswith("to-stderr\nminimax-mock: the command ended with exit status 7 after ")
    assert result.stderr.endswith("; no requests reached the emulator\n")


@pytest.mark.parametrize("via", WAYS)
def test_death_by_a_signal_is_passed_on(via: str) -> None:
    result = run("--", "bash", "-c", "kill -SEGV $$", via=via)
    assert result.returncode == -signal.SIGSEGV
    assert "the command died of SIGSEGV" in result.stderr


@pytest.mark.parametrize("via", WAYS)
@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        (["no-such-command"], 127, "minimax-mock: no command 'no-such-command'\n"),
        (["./plain-file"], 126, "minimax-mock: cannot run './plain-file': Permission denied\n"),
    ],
    ids=["missing", "not executable"],
)
def test_a_command_that_cannot_be_run_is_told_as_by_shells(
    via: str, command: list[str], status: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "plain-file").write_text("x", encoding="ascii")
    result = run("--", *command, via=via, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (status, said)


TRAPS = """
import select, signal, sys
def caught(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    sys.exit(3)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP):
    signal.signal(number, caught)
print("ready", flush=True)
while True:  # a signal just before signal.pause() would leave it waiting for ever
    select.select([], [], [], 0.1)
"""


HEARD = (
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])",
)
"""Before a command: no signal is ignored, though nohup, for one, leaves SIGHUP so."""


@pytest.mark.parametrize(
    ("via", "sent"), [("env", "SIGTERM"), ("env", "SIGINT"), ("env", "SIGUSR1"), ("sandbox", "SIGHUP")]
)
def test_signals_reach_the_command(via: str, sent: str) -> None:
    command = [*COMMAND, "run", "-q", "--via", via, "--", sys.executable, "-c", TRAPS]
    with subprocess.Popen(
        [*HEARD, *command], stdout=subprocess.PIPE, text=True, env=ENV, start_new_session=True
    ) as process:
        assert process.stdout
        try:
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.Signals[sent])
            assert process.stdout.read() == f"got {sent}\n"
            assert process.wait(timeout=30) == 3
        finally:
            process.kill()


@pytest.mark.parametrize("via", WAYS)
def test_a_terminal_stays_the_commands_and_ctrl_c_comes_once(via: str) -> None:
    counts = (
        "import os, signal, sys\n"
        "got = []\nsignal.signal(signal.SIGINT, lambda *_: got.append(1))\n"
        "print('tty', os.isatty(0), os.get_terminal_size().columns, flush=True)\n"
        "sys.stdin.readline()\nprint('interrupts', len(got), flush=True)\n"
    )
    command = [*COMMAND, "run", "-q", "--via", via, "--", sys.executable, "-c", counts]
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, ENV)
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 97, 0, 0))
    seen = b""
    while b"\n" not in seen:
        seen += os.read(terminal, 1000)
    assert seen == b"tty True 97\r\n"
    os.write(terminal, b"\x03")  # Ctrl-C: the terminal signals its foreground group
    while b"^C" not in seen:
        seen += os.read(terminal, 1000)
    os.write(terminal, b"\n")
    while not seen.partition(b"interrupts")[2].endswith(b"\n"):
        seen += os.read(terminal, 1000)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert seen.endswith(b"interrupts 1\r\n")
    assert os.waitstatus_to_exitcode(status) == 0


def test_files_that_are_open_stay_open(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("by number", encoding="ascii")
    script = f'exec 7<"{tmp_path}/in"; exec "$@"'
    for via in WAYS:
        command = [*COMMAND, "run", "-q", "--via", via, "--", "bash", "-c", "cat <&7"]
        result = subprocess.run(
            ["bash", "-c", script, "-", *command], capture_output=True, text=True, env=ENV, check=True
        )
        assert result.stdout == "by number"


def test_the_emulator_is_gone_when_the_command_is() -> None:
    result = run("-q", "--", "bash", "-c", "echo $MINIMAX_MOCK_URL")
    host, port = result.stdout.strip().removeprefix("http://").split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


@pytest.mark.parametrize("via", ["env", "proxy", "sandbox"])
def test_the_command_can_talk_to_its_emulator(via: str) -> None:
    script = f"{sys.executable} -m mock_server account --json | head -c 1"
    assert run("-q", "--", "bash", "-c", script, via=via).stdout in {"{", "["}


def test_settings_of_serve_are_options_and_variables_here_too() -> None:
    result = run("--scenario", "1008", "--profile", "counts-as-integers", *python("libraries.py", "urllib"))
    assert result.returncode == 1
    assert "  minimax  generate  1 insufficient_balance\n" in result.stderr
    assert "saved" not in result.stderr
    result = run(*python("libraries.py", "urllib"), MINIMAX_MOCK_SCENARIO="1008")
    assert "1 insufficient_balance" in result.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--profile", "oi"], "unknown profile 'oi'; did you mean 'io'?"),
        (["--passthrough"], "--passthrough is for --via proxy; with --via env it means nothing"),
        (["--ephemeral-ca"], "--ephemeral-ca is for --via proxy and --via sandbox; --via env needs no certificates"),
        (["--via", "prxy"], "'prxy' is not one of 'env', 'proxy', 'sandbox'"),
        (["--report", "/dev/null/x"], "cannot write the report to '/dev/null/x': Not a directory"),
    ],
    ids=str,
)
def test_a_wrong_option_is_refused_and_nothing_is_run(options: list[str], complaint: str, tmp_path: Path) -> None:
    result = run(*options, "--", "touch", str(tmp_path / "ran"))
    assert result.returncode == 2
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "ran").exists()


IMPATIENT = """
import json, urllib.request
for _ in range(12):
    request = urllib.request.Request("https://api.minimax.io/v1/image_generation", b'{"model":"image-01","prompt":"x"}',
        {"Authorization": "Bearer sk-api-impatient", "Content-Type": "application/json"})
    json.load(urllib.request.urlopen(request))
raise SystemExit(%d)
"""


@pytest.mark.parametrize("own_status", [0, 5])
def test_the_verdict_decides_the_exit_status(own_status: int, tmp_path: Path) -> None:
    program = [sys.executable, "-c", IMPATIENT % own_status]
    result = run("--judge", "--scenario", "1008", "--report", str(tmp_path / "new" / "out"), "--", *program)
    assert result.returncode == 1
    assert "MUST" in result.stderr
    assert result.stdout == "", "the verdict is not the command's"
    folder = tmp_path / "new" / "out"
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (report["exit_status"], report["via"]) == (own_status, "env")
    assert report["summary"]["lines"] == [
        {"face": "minimax", "endpoint": "generate", "outcomes": {"insufficient_balance": 12}}
    ]
    assert any(finding["level"] == "MUST" for finding in report["verdict"]["findings"])
    assert len(json.loads((folder / "journal.json").read_text(encoding="utf-8"))) == 12
    assert json.loads((folder / "verdict.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert ET.parse(folder / "junit.xml").getroot().get("failures") != "0"


def test_a_client_that_did_nothing_wrong_keeps_its_exit_status() -> None:
    result = run("--judge", *python("libraries.py", "urllib"))
    assert (result.returncode, result.stdout) == (0, "urllib ffd8 True\n")
    assert "nothing to complain about" in result.stderr
    assert run("--judge", "-q", "--", "bash", "-c", "exit 5").returncode == 5
