"""Reference replacement keeps identities, and the comparison names what broke."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contract_tests.exchanges.comparison import Difference, differences, differences_of_run
from contract_tests.exchanges.format import Exchange, FormatError, Provenance, Request, Response, parsed, read, text
from contract_tests.exchanges.replacement import References

FILE = Path(__file__).parent.parent / "fixtures" / "exchanges" / "minimax" / "accepted-headers.json"
HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
KEYS = st.from_regex(r"sk-api-[A-Za-z0-9]{8,20}", fullmatch=True)
STORE = "http://hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com/image_inference_output%2Ftalkie%2Fprod%2Fimg"


def answer(**changes: Any) -> Exchange:
    """A success of 2026-04-29, with some of its values changed; of the headers by ``headers``."""
    values = {
        "id": "06407ea121ddc267a22ca62c3e0a6997", "key": "sk-api-one-two-three", "signature": "q%2FsQ%3D",
        "uuid": "80ac9c04-023e-45da-a660-eb04ca9c9670", "expires": "1777507617",
    } | changes  # fmt: skip
    query = f"Expires={values['expires']}&OSSAccessKeyId=LTAI5tMock&Signature={values['signature']}"
    url = f"{STORE}%2F2026-04-29%2F{values['uuid']}_aigc.jpeg?{query}"
    headers = {
        "Trace-Id": values["id"], "Minimax-Request-Id": "13b28894ff08a8a99d16caf17d41d783",
        "alb_receive_time": "1777421217.378", "X-Mm-Request-Id": "2024530792255857454_17774212171z9k8v",
    } | values.get("headers", {})  # fmt: skip
    body = {
        "id": values["id"],
        "data": {"image_urls": [url]},
        "metadata": {"failed_count": "0", "success_count": "1"},
        "base_resp": {"status_code": 0, "status_msg": "success"},
    } | values.get("body", {})
    prompt = f"draw {values['key']}"
    request = Request(
        method="POST", host="api.minimax.io", path="/v1/image_generation",
        headers=(("Authorization", f"Bearer {values['key']}"),), body={"model": "image-01", "prompt": prompt},
    )  # fmt: skip
    return Exchange("t", Provenance("recorded", "s"), request, Response(200, tuple(headers.items()), body))


LATER = 0x0751CAFE + 1_672_531_200
OTHER = {
    "id": "0751cafe" + "ab" * 12, "key": "sk-api-another-one", "signature": "zz%2B%3D",
    "uuid": "11111111-2222-4333-8444-555555555555", "expires": str(LATER + 86_400),
    "headers": {
        "Minimax-Request-Id": "f" * 32, "alb_receive_time": str(LATER + 0.5),
        "X-Mm-Request-Id": f"1789285952191952471_{LATER}2z30hy",
    },
}  # fmt: skip


def test_another_call_at_another_time_by_somebody_else_is_the_same() -> None:
    assert differences(answer(), answer(**OTHER)) == []


MUTANTS = {
    "the trace is not the id": ({"headers": {"Trace-Id": "06407ea1" + "0" * 24}}, "$.response.body.id", "reference"),
    "request id and trace swapped": (
        {"headers": {"Trace-Id": "13b28894ff08a8a99d16caf17d41d783",
                     "Minimax-Request-Id": "06407ea121ddc267a22ca62c3e0a6997"}},
        "$.response.body.id", "reference",
    ),
    "the id is of another time": ({"id": "03ff3cd0820949eb8a410056b5f21d38"}, "$.response.body.id", "reference"),
    "the id is too short": ({"body": {"id": "06407ea121ddc267"}}, "$.response.body.id", "reference"),
    "the address lives twelve hours": ({"expires": "1777464417"}, "$.response.body.data.image_urls[0]", "reference"),
    "counts as integers": (
        {"body": {"metadata": {"failed_count": 0, "success_count": 1}}},
        "$.response.body.metadata.success_count", "type",
    ),
    "counts the other way round": (
        {"body": {"metadata": {"success_count": "1", "failed_count": "0"}}}, "$.response.body.metadata", "order",
    ),
    "a field too much": (
        {"body": {"data": {"image_urls": [], "more": None}}}, "$.response.body.data.more", "unexpected",
    ),
    "a field too few": ({"body": {"base_resp": {"status_code": 0}}}, "$.response.body.base_resp.status_msg", "missing"),
    "another message": (
        {"body": {"base_resp": {"status_code": 0, "status_msg": "ok"}}},
        "$.response.body.base_resp.status_msg", "value",
    ),
    "a code that is true": (
        {"body": {"base_resp": {"status_code": False, "status_msg": "success"}}},
        "$.response.body.base_resp.status_code", "type",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "what"), MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_is_told_by_its_path(changes: dict[str, Any], path: str, what: str) -> None:
    found = differences(answer(), answer(**changes))
    assert (path, what) in [(one.path, one.what) for one in found], found


def test_a_missing_header_and_another_status_are_told() -> None:
    expected = read(FILE)
    response = structs.replace(expected.response, headers=expected.response.headers[1:], status=201)
    found = differences(expected, structs.replace(expected, response=response))
    assert [(one.path, one.what) for one in found] == [
        ("$.response.status", "value"), ("$.response.headers.trace-id", "missing"),
    ]  # fmt: skip
    assert str(found[0]) == "$.response.status: value: expected 200, observed 201"


def test_a_length_is_that_of_the_body_without_white_space() -> None:
    def said(length: int) -> Exchange:
        return answer(headers={"Content-Length": str(length)})

    body = answer().response.body
    right = len(json.dumps(body, separators=(",", ":")))
    assert differences(said(right), said(right)) == []
    found = differences(said(right), said(right + 9))
    assert found == [
        Difference("$.response.headers.Content-Length", "value", '"<body-length>"', json.dumps(str(right + 9)))
    ]  # fmt: skip


@given(one=HEX, other=HEX)
def test_equal_ids_stay_equal_and_different_ones_differ(one: str, other: str) -> None:
    references = References()
    path = "response.body.id"
    for value in (one, other, one):
        references.register(path, value)
    first, second = references.replaced(path, one), references.replaced(path, other)
    assert (first == second) == (one == other)
    assert first == "<id:1>"
    assert references.everywhere(f"of {one}, and {other}") == f"of {first}, and {second}"


@pytest.mark.parametrize("first", ["q%2FsQssM9oJlMCfj%3D", "q/sQssM9oJlMCfj="])
def test_a_value_is_one_in_an_address_and_in_a_text(first: str) -> None:
    references = References()
    for signature in (first, "q%2FsQssM9oJlMCfj%3D"):
        references.register("request.path", f"/x?OSSAccessKeyId=LTAI5tMock&Signature={signature}")
    text = "<SignatureProvided>q/sQssM9oJlMCfj=</SignatureProvided>"
    assert references.replaced("response.body", text) == "<SignatureProvided><signature:1></SignatureProvided>"
    assert references.everywhere("q/sQssM9oJlMCfj= and q%2FsQssM9oJlMCfj%3D") == "<signature:1> and <signature:1>"


@given(key=KEYS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_value_is_replaced_within_any_text(key: str, before: str, after: str) -> None:
    references = References()
    references.register("request.headers.authorization", f"Bearer {key}")
    assert key not in references.everywhere(f"{before}{key}{after}").replace("<key:1>", "")


@given(order=st.permutations(range(4)), keys=st.lists(KEYS, min_size=4, max_size=4, unique=True))
def test_a_key_that_changes_within_a_run_is_found(order: list[int], keys: list[str]) -> None:
    run = [answer(key=f"sk-api-first-key-{number}") for number in (0, 1, 2, 3)]
    same = [answer(key=keys[number]) for number in (0, 1, 2, 3)]
    assert differences_of_run(list(zip(run, same, strict=True))) == []
    echoed = [structs.replace(one, response=structs.replace(one.response, body={"said": one.request.body["prompt"]}))
              for one in run]  # fmt: skip
    others = [structs.replace(one, response=structs.replace(one.response, body={"said": f"draw {keys[order[number]]}"}))
              for number, one in enumerate(same)]  # fmt: skip
    found = differences_of_run(list(zip(echoed, others, strict=True)))
    wrong = [f"$[{number}].response.body.said" for number in range(4) if order[number] != number]
    assert [one.path for one in found] == wrong


TEXT = st.characters()
"""Lone surrogates too: JSON can have them, and UTF-8 cannot."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(TEXT, max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(body=st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_body_is_read_as_it_was_written_and_is_no_different_from_itself(body: dict[str, Any]) -> None:
    exchange = answer()
    exchange = structs.replace(exchange, response=structs.replace(exchange.response, body=body))
    again = parsed(text(exchange).encode("utf-8", "surrogatepass"))
    assert again == exchange
    assert text(again) == text(exchange)
    assert differences(exchange, again) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"respnse": {}}, "unknown field 'respnse'; did you mean 'response'?"),
        ({"request": {"method": "GET"}}, "request: needs 'path'"),
        ({"response": {"status": "200"}}, "response.status: Expected `int`, got `str`"),
        ({"response": {"status": 200, "haeders": []}}, "response: unknown field 'haeders'; did you mean 'headers'?"),
        ({"provenance": {"kind": "invented", "source": "s"}}, "provenance.kind: Invalid enum value 'invented'"),
        ({"provenance": {"kind": "recorded", "source": "s", "date": "today"}}, "provenance.date: Invalid"),
        ({"given": {"scenaro": "x"}}, "given: unknown field 'scenaro'; did you mean 'scenario'?"),
        ({"images": [{"format": "JPEG", "widht": 1}]}, "images[0]: unknown field 'widht'; did you mean 'width'?"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_by_file_and_field(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(json.loads(FILE.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(FormatError) as error:
        read(file)
    assert str(error.value).startswith(f"wrong.json: {problem}")


def test_a_field_that_is_there_twice_and_what_is_no_json_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    for content, problem in (('{"title": "a", "title": "b"}', "'title' is there twice"), ("{", "Expecting property")):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(FormatError, match=f"wrong.json: not JSON: {problem}"):
            read(file)
    with pytest.raises(FormatError, match=r"none.json: No such file"):
        read(tmp_path / "none.json")
