"""Errors are errors: inside HTTP 200, as HTML, or as nothing at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_tests.adapters.interface import Failure
from contract_tests.bench import Bench, Rule
from contract_tests.checks import check
from contract_tests.codes import Code
from contract_tests.strategies import plain

GENERATE = {"endpoint": "generate"}


def refusal(code: int, **fields: Any) -> dict[str, Any]:
    """A rule that refuses the generation."""
    return {"when": GENERATE, "fault": {"kind": "status_code", "code": code} | fields}


@check("errors.inside-200", claims=("error-in-200",), needs=("injection",))
def test_inside_200(bench: Bench) -> None:
    """Every status code other than 0 is a failure, although HTTP says 200, under every profile."""

    @bench.explore(st.sampled_from(bench.face.codes), st.sampled_from(bench.profiles), share=2)
    def _(code: Code, profile: Any) -> None:
        run = bench.call(plain(bench.can_send), refusal(code.code), profile=profile)
        run.failure(f"the service refused the call with {code.code}")


@check("errors.own", claims=("error-in-200", "error-data"), needs=("injection",))
def test_own(bench: Bench) -> None:
    """A refusal ends in an error of the client's own, whether `data` is absent, null or empty in it."""

    @bench.explore(st.sampled_from(bench.face.codes), st.sampled_from(["absent", "null", "empty_object"]))
    def _(code: Code, data: str) -> None:
        run = bench.call(plain(bench.can_send), refusal(code.code), profile={"error_data": data})
        failure = run.failure(f"the service refused the call with {code.code}")
        escaped = f"an error escaped that is not the client's own: {failure.kind}: {failure.message}"
        assert failure.own is not False, escaped


@check("errors.code-over-images", claims=("error-in-200",), needs=("injection",))
def test_code_over_images(bench: Bench) -> None:
    """The status code decides, not whether there are images: an error with images in it is an error."""
    for code in (1000, 1026, 1033):
        fault = {"kind": "set_field", "path": "base_resp", "value": {"status_code": code, "status_msg": "system error"}}
        for response_format in ("url", "base64"):
            request = plain(bench.can_send, response_format=response_format)
            bench.call(request, {"when": GENERATE, "fault": fault}).failure(f"the status code is {code}")


@check("errors.described", claims=("error-in-200",), needs=("injection", "describes"))
def test_described(bench: Bench) -> None:
    """Code, message and kind of a refusal survive: a rate limit is no content filter, and no generic error."""
    for code in bench.face.codes:
        words = f"in the words of the service: {code.code * 7}"
        run = bench.call(plain(bench.can_send), refusal(code.code, message=words))
        said = run.failure(f"the status code is {code.code}").description
        assert said is not None, f"nothing is said about {code.code}"
        if said.category == "timeout" and code.retryable and len(run.generations) > 1:
            continue  # its time was over while it still tried: that is what it must say
        told = said.code == code.seen or (said.code is None and f"{code.seen}" in said.message.replace(words, ""))
        assert told, f"the code {code.code} is lost: it is described as {said.code}, {said.message!r}"
        assert words in said.message, f"the message of {code.code} is lost: {said.message!r}"
        right = said.category is None or said.category in code.categories
        assert right, f"{code.code} is called {said.category!r}, not {code.categories[0]!r}"


@check("errors.bad-base64", claims=("base64",), needs=("injection",), fields=("response_format",))
def test_bad_base64(bench: Bench) -> None:
    """Where base64 should be and is not, the call has failed."""
    for rubbish in ("%%% not base64 %%%", "/9j/4AA*QSkZJRg", "/9j/4AAQSkZJ\nRg=?", ""):
        fault = {"kind": "set_field", "path": bench.face.base64_path, "value": rubbish}
        request = plain(bench.can_send, response_format="base64")
        bench.call(request, unreadable(fault)).failure(f"the image was {rubbish!r}")


@check("errors.message", level="SHOULD", claims=("error-in-200",), needs=("injection",))
def test_message(bench: Bench) -> None:
    """The service's own words reach the user, or at least its code does."""
    for code in (code for code in bench.face.codes if code.code in {1000, 1008, 1026, 2013}):
        words = f"in words of its own: {code.code * 7}"
        run = bench.call(plain(bench.can_send), refusal(code.code, message=words))
        failure = run.failure(f"the status code is {code.code}")
        described = failure.description.message if failure.description else ""
        said = f"{failure.message} {described}"
        told = words in f"{said} {failure.detail}" or str(code.seen) in said
        assert told, f"neither code nor words of {code.code} are told: {failure.message!r}"


@check("errors.retryable", level="SHOULD", claims=("error-in-200",), needs=("injection", "describes"))
def test_retryable(bench: Bench) -> None:
    """What the client says of trying again agrees with the documentation."""
    for code in bench.face.codes:
        failure = bench.call(plain(bench.can_send), refusal(code.code)).failure(f"the status code is {code.code}")
        said = failure.description.retryable if failure.description else None
        assert said in {code.retryable, None}, f"{code.code} is called {'retryable' if said else 'final'}"


def page(status: int, body: str, content_type: str = "application/json") -> dict[str, Any]:
    """An answer of something in between."""
    return {"kind": "http_status", "status": status, "body": body, "content_type": content_type}


BROKEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("502 with a page of HTML", {"kind": "http_status", "status": 502}),
    ("500 without a body", page(500, "")),
    ("504 as text", page(504, "stream timeout", "text/plain")),
    ("503 with JSON of somebody else", page(503, '{"message":"no upstream"}')),
    ("404 page not found", page(404, "404 page not found", "text/plain")),
    ("200 with a page of HTML", {"kind": "http_status", "status": 200}),
    ("200 without a body", {"kind": "empty_body"}),
    ("half of the JSON", {"kind": "malformed_json"}),
    ("JSON with a comma too many", {"kind": "malformed_json", "form": "trailing_comma"}),
    ("a list in place of an object", page(200, "[]")),
    ("null in place of an object", page(200, "null")),
    ("data null with status code 0", {"kind": "null_data"}),
    ("no data with status code 0", {"kind": "drop_field", "path": "data"}),
    ("an object with an id and nothing else", page(200, '{"id":"0702dfc1620e392110f59997b3a87573"}')),
)


def unreadable(fault: dict[str, Any]) -> Rule:
    """A rule that makes every answer to a generation that."""
    return {"when": GENERATE, "fault": fault}


@check("errors.unreadable", claims=("gateway-errors",), needs=("injection",))
def test_unreadable(bench: Bench) -> None:
    """An answer that is none (HTML, nothing, half of the JSON) is a failure."""
    for words, fault in BROKEN:
        bench.call(plain(bench.can_send), unreadable(fault)).failure(f"the answer was {words}")


@check("errors.unreadable-own", level="SHOULD", claims=("gateway-errors",), needs=("injection",))
def test_unreadable_own(bench: Bench) -> None:
    """An answer that is none ends in an error of the client's own, not in a parser's traceback."""
    for words, fault in BROKEN:
        outcome = bench.call(plain(bench.can_send), unreadable(fault)).outcome
        if isinstance(outcome, Failure):
            assert outcome.own is not False, f"{words}: {outcome.kind}: {outcome.message}"
