"""What people see at a terminal, and what a pipe gets."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from msgspec import structs
from rich.console import Console

from contract_tests.report.model import Report
from contract_tests.report.progress import Progress
from contract_tests.report.terminal import print_report, summary
from tests.contract.report.samples import EXCHANGE, FAILED, NASTY, REPORT, reports


def piped(report: Report, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, newline="\n") as file:
        print_report(report, Console(file=file, width=80))
        file.flush()
        return raw.getvalue().decode(encoding)


WHOLE = """\
acme-images 2.1.0 (adapter acme:client, target emulator, profile io, seed 12345)

property   passed   failed   skipped   errors
images          1        0         1        0
errors          0        2         0        0

FAILED MUST errors.status-inside-200
  An error inside HTTP 200 is raised, never taken for success.
  The client reported success with no images.
  request: {"model": "image-01", "prompt": "<b>灯塔</b>"}
  scenario:
    rules:
    - fault:
        kind: status_code
        code: 1008
  exchange 1 Injected: status_code.
    > POST /v1/image_generation
    > {"model":"image-01","prompt":"<b>灯塔</b>"}
    < HTTP 200, status_code 1008 (insufficient_balance)
    < content-type: application/json; charset=utf-8
    < {"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}
  again: minimax-mock check acme:client --seed 12345 -k errors.status-inside-200

FAILED SHOULD errors.code-is-told
  The error tells the code.
  The message had no code.

skipped images.seed: The client cannot send seed.

1 passed, 2 failed (1 MUST), 1 skipped, 0 errors in 21 s; seed 12345
"""


def test_a_report_is_plain_in_a_pipe() -> None:
    assert [line.rstrip() for line in piped(REPORT).splitlines()] == WHOLE.splitlines()


def test_a_pipe_that_holds_no_chinese_gets_escapes() -> None:
    assert 'request: {"model": "image-01", "prompt": "<b>\\u706f\\u5854</b>"}' in piped(REPORT, "cp1252")


def test_the_last_line_says_all() -> None:
    assert summary(structs.replace(REPORT, spent_usd=0.0105)) == (
        "1 passed, 2 failed (1 MUST), 1 skipped, 0 errors in 21 s; spent $0.0105; seed 12345"
    )
    empty = structs.replace(REPORT, results=(), seconds=0.0)
    assert piped(empty).splitlines()[-1] == "0 passed, 0 failed, 0 skipped, 0 errors in 0.0 s; seed 12345"


def test_commands_are_not_broken_and_their_spaces_are_kept() -> None:
    assert FAILED.reproduce
    command = "minimax-mock check 'exec:my  client' " + "-k errors.status-inside-200 " * 6
    long = structs.replace(FAILED, reproduce=structs.replace(FAILED.reproduce, command=command))
    assert f"  again: {command}\n" in piped(structs.replace(REPORT, results=(long,)))


def test_only_the_exchanges_that_decided_it_are_shown() -> None:
    many = tuple(EXCHANGE | {"path": f"/{number}"} for number in range(1, 10))
    shown = piped(structs.replace(REPORT, results=(structs.replace(FAILED, exchanges=many),)))
    assert "  exchange 4 Injected: status_code.\n    > POST /4\n" in shown
    assert "> POST /3\n" not in shown
    assert "(3 earlier exchanges are in the report)" in shown


@given(reports())
def test_no_report_can_command_a_terminal(report: Report) -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    print_report(report, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert not any(character in shown for character in "\x1b\x9b\x00\x07\x08\r\u202e")
    shown.encode()


def running(console: Console, **changed: str) -> str:
    with Progress(console, 12, clock=lambda: 0.0) as progress:
        for result in REPORT.results:
            progress.begin(changed.get("name", result.id), changed.get("sentence", result.sentence))
            progress.end(structs.replace(result, id=changed.get("name", result.id)))
    return str(console.file.getvalue())  # type: ignore[attr-defined]


PLAIN = """\
[ 1/12]   0.0 s  images.count: passed
[ 2/12]   0.0 s  errors.code-is-told: failed (SHOULD)
[ 3/12]   1.2 s  errors.status-inside-200: failed (MUST)
[ 4/12]   0.0 s  images.seed: skipped
"""


def test_progress_is_a_plain_line_for_each_check_in_a_pipe() -> None:
    assert running(Console(file=io.StringIO(), width=80)) == PLAIN
    dumb = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None, _environ={"TERM": "dumb"})
    assert running(dumb) == PLAIN


def test_progress_on_a_terminal_shows_what_runs_and_leaves_a_line() -> None:
    shown = running(Console(file=io.StringIO(), width=60, force_terminal=True, color_system=None, _environ={}))
    assert "[ 3/12]   0.0 s  errors.status-inside-200: An err" in shown
    assert "[ 3/12]   1.2 s  errors.status-inside-200: failed (MUST)\n" in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h")


def test_progress_that_is_broken_off_leaves_the_terminal_as_it_was() -> None:
    console = Console(file=io.StringIO(), width=60, force_terminal=True, color_system=None, _environ={})
    with suppress(KeyboardInterrupt), Progress(console, 2) as progress:
        progress.begin("a.b", "c")
        raise KeyboardInterrupt
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 1


@pytest.mark.parametrize("text", NASTY)
def test_progress_obeys_no_name(text: str) -> None:
    shown = running(Console(file=io.StringIO(), width=80), name=text, sentence=text)
    assert len(shown.splitlines()) == 4
    assert "\x1b" not in shown
