"""Reports on disk: written, read back, put side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec import structs

from contract_tests.report.document import ReportError
from contract_tests.report.files import join, read, write
from contract_tests.report.junit import junit
from contract_tests.report.matrix import matrix
from contract_tests.report.model import Report
from contract_tests.report.page import html
from tests.contract.report.samples import REPORT, reports


def test_a_folder_is_made_and_only_the_three_files_are_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "report"
    write(structs.replace(REPORT, client_name="before"), folder)
    (folder / "notes.txt").write_text("mine")
    write(REPORT, folder)
    assert sorted(file.name for file in folder.iterdir()) == ["index.html", "junit.xml", "notes.txt", "report.json"]
    assert (folder / "index.html").read_text(encoding="utf-8") == html(REPORT)
    assert (folder / "junit.xml").read_text(encoding="utf-8") == junit(REPORT)
    assert '"prompt": "<b>灯塔</b>"' in (folder / "report.json").read_text(encoding="utf-8")
    assert read(folder) == read(folder / "report.json") == REPORT


@given(reports())
@settings(max_examples=15)  # that JSON holds any report is tried in test_document
def test_any_report_comes_back_from_its_file(tmp_path_factory: pytest.TempPathFactory, report: Report) -> None:
    folder = tmp_path_factory.mktemp("any")
    write(report, folder)
    assert read(folder) == report


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for folder in (file, file / "below"):
        with pytest.raises(ReportError, match=f"^{folder} cannot hold a report: expected a folder, found a file$"):
            write(REPORT, folder)
    assert file.read_text() == "mine"


def test_a_file_of_ours_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").mkdir()
    with pytest.raises(ReportError, match=r"^cannot write .*junit\.xml: Is a directory$"):
        write(REPORT, tmp_path)


def test_reports_are_joined_from_files_and_folders(tmp_path: Path) -> None:
    other = structs.replace(REPORT, client_name="other")
    write(REPORT, tmp_path / "a")
    write(other, tmp_path / "b")
    assert join([tmp_path / "a", str(tmp_path / "b" / "report.json")]) == matrix([REPORT, other])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, r"^cannot read .*x\.json: No such file or directory$"),
        (b"", r"x\.json is no report: expected JSON, got the end of the file: .* line 1 column 1"),
        (b"\n<testsuites/>", r"x\.json is no report: expected JSON, got '<testsuites/>': .* line 2 column 1"),
        (b'{"client":"\xff"}', r"x\.json is no report: expected JSON in UTF-8, found byte 11 to be none$"),
        (b"[" * 100_000, r"x\.json is no report: it is nested too deeply$"),
        (
            b'{"findings":[],"requests":3}',
            r"x\.json is no report .*: expected a field 'client', found 'findings'",
        ),
    ],
)
def test_what_is_no_report_is_refused_by_name(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / "x.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReportError, match=problem):
        join([file])


def test_nothing_to_join_is_told() -> None:
    with pytest.raises(ReportError, match=r"^no report to show: expected the path of a report\.json"):
        join([])
