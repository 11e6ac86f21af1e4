"""``claims`` lists what is known of the live service, and explains one of it."""

from __future__ import annotations

import pytest

from mock_server.claims import claims
from tests.commands.command import run

CLAIMS = claims()


def test_every_claim_is_listed_in_the_order_of_the_file() -> None:
    head, *rows = run("claims").rows
    assert head == ["id", "face", "grade", "to look again", "the live service"]
    assert [row[0] for row in rows] == list(CLAIMS)
    assert rows[0] == ["error-in-200", "minimax", "recorded", "free", CLAIMS["error-in-200"].says]


@pytest.mark.parametrize(
    ("options", "face", "grade"),
    [(["--face", "fal"], "fal", None), (["--grade", "conflicting"], None, "conflicting"),
     (["--face", "openai", "--grade", "assumed"], "openai", "assumed")],
)  # fmt: skip
def test_a_face_and_a_grade_can_be_chosen(options: list[str], face: str | None, grade: str | None) -> None:
    expected = [item.id for item in CLAIMS.values() if face in {None, item.face} and grade in {None, item.grade}]
    assert [row[0] for row in run("claims", *options).rows[1:]] == expected
    assert 0 < len(expected) < len(CLAIMS)
    assert [item["id"] for item in run("claims", *options, "--json").json["claims"]] == expected


def test_json_has_everything() -> None:
    said = {item["id"]: item for item in run("claims", "--json").json["claims"]}
    assert list(said) == list(CLAIMS)
    claim = CLAIMS["string-counts"]
    assert said["string-counts"] == {
        "id": "string-counts", "says": claim.says, "face": "minimax", "grade": claim.grade, "source": claim.source,
        "date": "2026-08-19", "cost": "1 image", "switch": "counts", "reasons": [], "wordings": [],
        "tests": list(claim.tests), "checks": ["success.spellings"],
    }  # fmt: skip
    assert said["string-counts"] == run("claims", "show", "string-counts", "--json").json


def test_one_claim_is_explained() -> None:
    rows = run("claims", "show", "wording-n").rows
    claim = CLAIMS["wording-n"]
    assert ["says", claim.says] in rows
    assert ["wordings", "n"] in rows
    assert ["tests", claim.tests[0]] in rows
    assert not [row for row in rows if row[0] in {"switch", "reasons", "checks"}]
    said = run("claims", "show", "failed-count").out
    for check in ("blocked.kept", "blocked.all"):
        assert (check in said) == (check == "blocked.kept")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["show", "string-count"],
            "no claim 'string-count'; did you mean 'string-counts'? `minimax-mock claims` lists",
        ),
        (["show", "%"], "no claim '%'; `minimax-mock claims` lists all "),
        (["--grade", "recordet"], "'recordet' is not one of 'recorded', 'documented', 'assumed', 'conflicting'"),
        (["--face", "native"], "'native' is not one of 'minimax', 'fal', 'openai'"),
        (["--face", "fal", "show", "seed"], "--face and --grade choose what is listed"),
        (["shw"], "no command 'shw'; did you mean 'show'?"),
    ],
)
def test_a_wrong_wish_is_refused(arguments: list[str], told: str) -> None:
    result = run("claims", *arguments)
    assert (result.code, result.out) == (2, "")
    assert told in result.err
