"""The file of claims is read strictly: what cannot be is told by the claim, the field and the nearest word."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_server.claims import claims
from mock_server.strict import InvalidError

GOOD = {
    "says": '"It is so."', "face": '"fal"', "grade": '"recorded"', "source": '"a page"', "date": "2026-11-21",
    "cost": '"free"', "tests": '["tests/test_claims.py::test_x"]',
}  # fmt: skip


def table(name: str = "a-claim", **changes: str | None) -> str:
    fields = GOOD | changes
    return f"[{name}]\n" + "\n".join(f"{key} = {value}" for key, value in fields.items() if value is not None)


def test_what_is_left_out_is_empty(tmp_path: Path) -> None:
    (tmp_path / "claims.toml").write_text(table("b-2") + "\n" + table("a"))
    found = claims(tmp_path / "claims.toml")
    assert list(found) == ["b-2", "a"]
    assert (found["a"].id, found["a"].switch, found["a"].reasons, found["a"].wordings) == ("a", "", (), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (table(grad='"recorded"'), "a-claim: unknown field 'grad'; did you mean 'grade'?"),
        (table(grade='"recordet"'), "a-claim.grade: cannot be 'recordet'; did you mean 'recorded'?"),
        (table(face='"minimix"'), "a-claim.face: cannot be 'minimix'; did you mean 'minimax'?"),
        (table(cost='"1 images"'), "a-claim.cost: cannot be '1 images'; did you mean '1 image'?"),
        (table(source=None), "a-claim: needs 'source'"),
        (table(tests="[]"), "a-claim.tests: must be a list (at least one), each item text, got []"),
        (table(reasons='"rate_limited"'), "a-claim.reasons: must be a list, each item text, got 'rate_limited'"),
        (table(date='"2026-11-21"'), "a-claim.date: must be a date such as 2026-11-21, without quotes, got '2026"),
        (table(date="2026-11-21T00:00:00"), "a-claim.date: must be a date such as 2026-11-21"),
        (table(id='"b"'), "a-claim: the id is the table's name, not a field"),
        (table("A_Claim"), "A_Claim: an id is lower-case words joined by hyphens, such as 'prompt-limit'"),
        ("a-claim = 3", "a-claim: must be a table, got 3"),
        (table() + "\n" + table(), "claims.toml is not valid TOML: "),
    ],
)  # fmt: skip
def test_what_cannot_be_a_claim_is_refused_with_the_nearest(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "claims.toml").write_text(text)
    with pytest.raises(InvalidError) as refused:
        claims(tmp_path / "claims.toml")
    assert told in str(refused.value)
