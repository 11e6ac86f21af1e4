"""matrix.html: clients side by side."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from contract_tests.report.matrix import matrix
from contract_tests.report.model import Report, Result
from tests.contract.report.reading import Page, check
from tests.contract.report.samples import FAILED, REPORT, reports

OTHER = structs.replace(
    REPORT,
    client_name="other",
    client_version=None,
    target="live",
    results=(
        Result("errors.status-inside-200", "SHOULD", "", "passed", profile="io"),
        Result("images.count", "MUST", "", "passed", profile="io"),
        Result("images.count", "MUST", "", "failed", "Two were one.", profile="cn"),
        Result("wire.new", "MUST", "", "error", "The program ended.", profile="io"),
    ),
)

TABLE = """\
Every check by client
Check
acme-images
2.1.0
emulator, io
other
live, io
In all
1 passed,
2 failed (1 MUST),
1 skipped,
0 errors
2 passed,
1 failed (1 MUST),
0 skipped,
1 error
images
images.count
MUST
✓ passed
✗ failed
1 of 2
images.seed
SHOULD
– skipped
not run
errors
errors.code-is-told
SHOULD
✗ failed
not run
errors.status-inside-200
MUST
SHOULD
✗ failed
✓ passed
wire
wire.new
MUST
not run
! error
acme-images 2.1.0"""


def test_checks_are_rows_and_clients_columns_and_cells_lead_to_details() -> None:
    page = Page(matrix([REPORT, OTHER]))
    check(page)
    shown = "\n".join(text.strip("\n") for text in page.texts if text.strip())
    assert shown.partition("Results\n")[2].startswith(TABLE)
    assert page.values("href") == [
        "#details", "#client-1", "#client-2",
        "#client-1-images.count", "#client-2-images.count~2",
        "#client-1-images.seed",
        "#client-1-errors.code-is-told",
        "#client-1-errors.status-inside-200", "#client-2-errors.status-inside-200",
        "#client-2-wire.new",
        "#table", "#table",
    ]  # fmt: skip


@given(st.lists(reports(), min_size=1, max_size=4))
@settings(max_examples=25)  # each has up to four reports
def test_any_reports_make_a_page(several: list[Report]) -> None:
    page = Page(matrix(several))
    check(page)
    names = {result.id for report in several for result in report.results}
    rows = [attributes for tag, attributes in page.elements if attributes.get("role") == "region"]
    assert len(rows) == 1
    assert page.values("scope").count("row") >= len(names) + 1


def test_twenty_clients_fit() -> None:
    page = Page(matrix([structs.replace(REPORT, results=(FAILED,) * 3)] * 20))
    check(page)
    assert page.text.count("3 of 3") == 20
