"""Reports on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from contract_tests.report.document import ReportError, as_text, from_json
from contract_tests.report.junit import junit
from contract_tests.report.matrix import matrix
from contract_tests.report.model import Report
from contract_tests.report.page import html

NAME = "report.json"


def write(report: Report, folder: str | Path) -> None:
    """Put ``index.html``, ``junit.xml`` and ``report.json`` into `folder`, which is made. Raises `ReportError`."""
    put(folder, {"index.html": html(report), "junit.xml": junit(report), NAME: as_text(report)})


def put(folder: str | Path, made: Mapping[str, str]) -> None:
    """Put these files into `folder`, which is made. Raises `ReportError`.

    Other files there stay; each of these is replaced at once, so that nobody reads half of one.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            unfinished = folder / f".{name}.unfinished"
            unfinished.write_text(text, encoding="utf-8", newline="\n")
            unfinished.replace(folder / name)
    except (FileExistsError, NotADirectoryError):
        raise ReportError(f"{folder} cannot hold a report: expected a folder, found a file") from None
    except OSError as error:
        raise ReportError(f"cannot write {error.filename2 or error.filename}: {error.strerror}") from None


def join(paths: Sequence[str | Path]) -> str:
    """The page of these reports side by side. A folder stands for the ``report.json`` in it. Raises `ReportError`."""
    if not paths:
        raise ReportError(f"no report to show: expected the path of a {NAME}, or of its folder")
    return matrix([read(path) for path in paths])


def read(path: str | Path) -> Report:
    """The report in that file, or in that folder. Raises `ReportError`."""
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise ReportError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ReportError(f"{path} is no report: expected JSON in UTF-8, found byte {error.start} to be none") from None
    except json.JSONDecodeError as error:
        raise ReportError(f"{path} is no report: expected JSON, got {_excerpt(error)}: {error}") from None
    except RecursionError:
        raise ReportError(f"{path} is no report: it is nested too deeply") from None
    return from_json(document, str(path))


def _excerpt(error: json.JSONDecodeError) -> str:
    return repr(error.doc[error.pos : error.pos + 20]) if error.doc[error.pos :] else "the end of the file"
