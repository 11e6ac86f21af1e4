"""index.html: one page that shows a report, whatever is in it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from msgspec import structs

from contract_tests.report.legible import legible
from contract_tests.report.model import Report, Result
from contract_tests.report.page import html
from contract_tests.report.sections import LONGEST
from tests.contract.report.reading import Page, check
from tests.contract.report.samples import AGAIN, EXCHANGE, FAILED, NASTY, REPORT, reports

SHOWN = """\
acme-images 2.1.0: contract report
To the results
Contract tests of MiniMax image generation
acme-images 2.1.0
1 MUST check failed.
1 passed,
2 failed (1 MUST),
1 skipped,
0 errors
Adapter
acme:client
Target
emulator
Profile
io
Seed
12345
Started
2026-11-21 16:39 UTC
Took
21 s
Failed (2)
errors.status-inside-200
MUST
✗ failed
An error inside HTTP 200 is raised, never taken for success.
The client reported success with no images.
Smallest request that shows it
{
  "model": "image-01",
  "prompt": "<b>灯塔</b>"
}
Scenario
rules:
- fault:
    kind: status_code
    code: 1008
On the wire
1. POST /v1/image_generation → HTTP 200, status_code 1008 (insufficient_balance)
Injected: status_code.
The client sent
POST /v1/image_generation
host: 127.0.0.1:8484
authorization: Bearer <key sk-api*12345678>

{
  "model": "image-01",
  "prompt": "<b>灯塔</b>"
}
The service answered
200
content-type: application/json; charset=utf-8

{
  "base_resp": {
    "status_code": 1008,
    "status_msg": "insufficient balance"
  }
}
See it again
The check, with this seed
minimax-mock check acme:client --seed 12345 -k errors.status-inside-200
The request alone, by hand
curl http://127.0.0.1:8484/v1/image_generation -d '{"prompt":"<b>灯塔</b>"}'
Rests on\x20
errors-come-with-200
errors.code-is-told
SHOULD
✗ failed
The error tells the code.
The message had no code.
Passed and skipped
images
Passed and skipped: images
Check
Level
Outcome
images.count
As many images as were asked for.
MUST
✓ passed
60 cases
images.seed
A seed is sent.
SHOULD
– skipped
The client cannot send seed.
MUST
 is wrong against the live service too: money, keys, images or calls are lost.\x20
SHOULD
 may be meant so; it never fails a run. A skipped check has a reason, and is not held against the client.
For programs: report.json, beside this page."""


def test_a_report_reads_from_the_worst_to_the_rest() -> None:
    page = Page(html(REPORT))
    check(page)
    assert "\n".join(text.strip("\n") for text in page.texts if text.strip()) == SHOWN


def test_the_page_allows_itself_nothing_but_its_own_style() -> None:
    page = Page(html(REPORT))
    digest = b64encode(sha256(page.style.encode()).digest()).decode()
    (policy,) = [
        values["content"] for _, values in page.elements if values.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@given(reports())
def test_any_report_is_a_page_with_nothing_of_the_clients_making(report: Report) -> None:
    source = html(report)
    source.encode()
    page = Page(source)
    check(page)
    for text in (report.adapter, report.target, *(result.sentence for result in report.results)):
        assert legible(text) in page.text


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_is_shown_as_text_wherever_it_comes_from(text: str) -> None:
    again = structs.replace(AGAIN, command=text, curl=text, request={text: text}, scenario={text: [text]})
    headers = {"headers": [[text, text]], "body": text}
    exchange = EXCHANGE | {"method": text, "path": text, "faults": [text], "request": headers, "response": headers}
    told = structs.replace(
        FAILED, id=f"errors.{text}", sentence=text, reason=text, claims=(text,), reproduce=again, exchanges=(exchange,)
    )
    skipped = Result(text, "MUST", text, "skipped", text, profile=text)
    report = structs.replace(
        REPORT, client_name=text, client_version=text, adapter=text, target=text, profile=text, started=text,
        results=(told, skipped),
    )  # fmt: skip
    page = Page(html(report))
    check(page)
    assert page.text.count(legible(text)) >= 12


def test_a_long_body_is_cut_and_says_so() -> None:
    long = EXCHANGE | {"response": {"headers": [], "body": "<i>" * 350_000}}
    source = html(structs.replace(REPORT, results=(structs.replace(FAILED, exchanges=(long,)),)))
    assert len(source) < 6 * LONGEST
    assert "… (and 1,030,005 more characters)" in Page(source).text


def test_checks_under_several_profiles_stand_apart() -> None:
    both = tuple(structs.replace(FAILED, profile=name) for name in ("io", "cn"))
    page = Page(html(structs.replace(REPORT, results=both)))
    check(page)
    assert [name for name in page.values("id") if "status" in name] == [FAILED.id, f"{FAILED.id}~2"]
    assert len(re.findall("under profile", page.text)) == 1


def test_one_exchange_is_open_and_of_several_each_is_closed() -> None:
    for exchanges, opened in ([(EXCHANGE,), 1], [(EXCHANGE, EXCHANGE), 0]):
        page = Page(html(structs.replace(REPORT, results=(structs.replace(FAILED, exchanges=exchanges),))))
        assert len(page.values("open")) == opened
