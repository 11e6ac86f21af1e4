"""An exchange as text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.report import wire
from contract_tests.report.legible import legible
from tests.contract.report.samples import EXCHANGE, exchanges, texts, values

REQUEST = """\
POST /v1/image_generation
host: 127.0.0.1:8484
authorization: Bearer <key sk-api*12345678>

{
  "model": "image-01",
  "prompt": "<b>灯塔</b>"
}"""


def test_a_message_has_start_headers_and_indented_body() -> None:
    assert wire.request(EXCHANGE) == REQUEST
    assert wire.response(EXCHANGE).splitlines()[:4] == ["200", "content-type: application/json; charset=utf-8", "", "{"]
    assert wire.title(EXCHANGE) == "POST /v1/image_generation → HTTP 200, status_code 1008 (insufficient_balance)"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"base_resp":{"status_code":1000}}', "HTTP 200, status_code 1000"),
        ('{"base_resp":{"status_code":1008}}', "HTTP 200, status_code 1008 (insufficient_balance)"),
        ('{"base_resp":null}', "HTTP 200"),
        ("<html>", "HTTP 200"),
    ],
)
def test_the_code_is_that_of_the_body_whatever_was_decided(body: str, shown: str) -> None:
    assert wire.answered(EXCHANGE | {"response": {"headers": [], "body": body}}) == shown


def test_what_the_bytes_do_not_show_is_told() -> None:
    cut = EXCHANGE | {"faults": ["cut_body", "my outage"], "whole": False, "client_gone": True, "status": 0}
    assert wire.notes(cut) == [
        "Injected: cut_body, my outage.",
        "The answer was cut off, or never sent, on purpose.",
        "The client left before it had the whole answer.",
    ]
    assert wire.response(cut).startswith("no answer\n")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"a":1.50,"a":1e2,"b":"\\u706f \\" {[,"}', '{\n  "a": 1.50,\n  "a": 1e2,\n  "b": "\\u706f \\" {[,"\n}'),
        ("[ ]", "[]"),
        ('{"a":[1,{}]}', '{\n  "a": [\n    1,\n    {}\n  ]\n}'),
        ('"text"', '"text"'),
        ('{"cut', '{"cut'),
        ("<xml/>", "<xml/>"),
        ("[" * 100_000, "[" * 100_000),
        ("", ""),
    ],
)
def test_json_is_indented_and_nothing_else_changed(body: str, shown: str) -> None:
    assert wire.indented(body) == shown


@given(values(), st.sampled_from([None, 1]), st.booleans())
def test_indented_json_is_the_same_json(value: object, indent: int | None, ascii_only: bool) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert json.loads(wire.indented(body)) == value
    if value and isinstance(value, dict | list) and not ascii_only:
        assert wire.indented(body) == json.dumps(value, ensure_ascii=False, indent=2)


@given(exchanges())
def test_no_exchange_is_too_odd_to_show(exchange: dict[str, object]) -> None:
    for shown in (wire.title(exchange), wire.request(exchange), wire.response(exchange), *wire.notes(exchange)):
        assert isinstance(shown, str)
    assert list(wire.brief(exchange))


@given(texts())
def test_legible_text_has_nothing_unseen_and_stays_so(text: str) -> None:
    shown = legible(text)
    shown.encode()
    assert legible(shown) == shown
    assert not any(character < " " and character not in "\t\n" for character in shown)


def test_readable_text_stays_as_it_is() -> None:
    for text in ("水墨山水", "مرحبا بالعالم", "👩‍👩‍👧", "a\tb\nc", "<script>"):
        assert legible(text) == text
