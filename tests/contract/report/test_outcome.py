"""What a report comes to."""

from __future__ import annotations

import pytest

from contract_tests.report.model import Level, Report, Result, Status
from contract_tests.report.outcome import conclusion, counts, duration, exit_code
from tests.contract.report.samples import REPORT

MUST, SHOULD = ("MUST", "failed"), ("SHOULD", "failed")
PASSED, SKIPPED, ERROR = ("MUST", "passed"), ("MUST", "skipped"), ("MUST", "error")


def report(*ended: tuple[Level, Status]) -> Report:
    results = [Result(f"a.{number}", level, "", status) for number, (level, status) in enumerate(ended)]
    return Report("c", None, "a", "emulator", "io", 1, tuple(results), "")


@pytest.mark.parametrize(
    ("ended", "code", "sentence"),
    [
        ([], 2, "Not decided: no check passed or failed."),
        ([SKIPPED], 2, "Not decided: no check passed or failed."),
        ([PASSED, SKIPPED], 0, "No check failed."),
        ([SHOULD], 0, "No MUST check failed; 1 SHOULD check did."),
        ([PASSED, SHOULD, SHOULD], 0, "No MUST check failed; 2 SHOULD checks did."),
        ([PASSED, ERROR], 2, "Not decided: 1 check could not be carried out."),
        ([SHOULD, ERROR, ERROR], 2, "Not decided: 2 checks could not be carried out."),
        ([PASSED, ERROR, MUST], 1, "1 MUST check failed."),
        ([MUST, MUST, SHOULD], 1, "2 MUST checks failed."),
    ],
)
def test_the_exit_status_and_the_sentence_agree(ended: list[tuple[Level, Status]], code: int, sentence: str) -> None:
    assert (exit_code(report(*ended)), conclusion(report(*ended))) == (code, sentence)


def test_counts_are_in_words() -> None:
    assert counts(REPORT) == ["1 passed", "2 failed (1 MUST)", "1 skipped", "0 errors"]
    assert counts(report(SHOULD, ERROR)) == ["0 passed", "1 failed (0 MUST)", "0 skipped", "1 error"]
    assert counts(report()) == ["0 passed", "0 failed", "0 skipped", "0 errors"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
    ],
)
def test_durations_are_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
