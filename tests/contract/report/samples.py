"""Reports made by hand: small ones for whole-document tests, and strategies for any report."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_tests.report.model import Report, Reproduction, Result

EXCHANGE: dict[str, Any] = {
    "id": "1",
    "method": "POST",
    "path": "/v1/image_generation",
    "status": 200,
    "status_code": 1008,
    "reason": "insufficient_balance",
    "faults": ["status_code"],
    "whole": True,
    "client_gone": False,
    "request": {
        "headers": [["host", "127.0.0.1:8484"], ["authorization", "Bearer <key sk-api*12345678>"]],
        "body": '{"model":"image-01","prompt":"<b>灯塔</b>"}',
    },
    "response": {
        "headers": [["content-type", "application/json; charset=utf-8"]],
        "body": '{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}',
    },
}
AGAIN = Reproduction(
    command="minimax-mock check acme:client --seed 12345 -k errors.status-inside-200",
    scenario={"rules": [{"fault": {"kind": "status_code", "code": 1008}}]},
    request={"model": "image-01", "prompt": "<b>灯塔</b>"},
    curl='curl http://127.0.0.1:8484/v1/image_generation -d \'{"prompt":"<b>灯塔</b>"}\'',
)
FAILED = Result(
    id="errors.status-inside-200",
    level="MUST",
    sentence="An error inside HTTP 200 is raised, never taken for success.",
    status="failed",
    reason="The client reported success with no images.",
    claims=("errors-come-with-200",),
    reproduce=AGAIN,
    exchanges=(EXCHANGE,),
    seconds=1.25,
    examples=7,
    profile="io",
)
REPORT = Report(
    client_name="acme-images",
    client_version="2.1.0",
    adapter="acme:client",
    target="emulator",
    profile="io",
    seed=12345,
    results=(
        Result("images.count", "MUST", "As many images as were asked for.", "passed", examples=60, profile="io"),
        Result(
            "errors.code-is-told", "SHOULD", "The error tells the code.", "failed", "The message had no code.",
            profile="io",
        ),
        FAILED,
        Result("images.seed", "SHOULD", "A seed is sent.", "skipped", "The client cannot send seed.", profile="io"),
    ),
    started="2026-11-21T16:39:19Z",
    seconds=21.4,
)  # fmt: skip

NASTY = (
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "' x=y",
    "]]>",
    "<!--",
    "</style><img src=//evil.example>",
    "&lt;b&gt; &amp;",
    "\x00\x08\x1b[2J\x9b31m\x7f",
    "\ud800",
    "a\udfffb",
    "\ufffe\uffff",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "水墨山水",
    "مرحبا بالعالم",
    "👩\u200d👩\u200d👧 🏴",
    "line\r\nbreak\rcarriage\ttab",
    "[bold]x[/bold]",
    "javascript:alert(1)",
    "https://evil.example/x.png",
    "@import url(//evil.example)",
    "%s {0} {{ x }}",
    "\ufeff",
)


def united(text: str) -> str:
    """`text` as JSON gives it back: two halves of a character that meet are one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def texts() -> st.SearchStrategy[str]:
    """Any text, half characters and controls included; shrinks to the empty one."""
    plain = st.text(st.characters(), max_size=30)
    mixed = st.lists(st.sampled_from(NASTY) | plain, max_size=3).map("".join)
    return (plain | mixed).map(united)


def values() -> st.SearchStrategy[Any]:
    """Whatever JSON can hold; shrinks to null."""
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts()
    return st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=8)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(texts(), inner, max_size=3)


def exchanges() -> st.SearchStrategy[dict[str, Any]]:
    """As the journal makes them with anything in them, or what no journal would make; shrinks to the latter."""
    headers = st.lists(st.lists(texts(), min_size=0, max_size=3), max_size=3) | objects(values()) | st.none()
    message = st.fixed_dictionaries({"headers": headers, "body": texts()}) | objects(values()) | values()
    journalled = st.fixed_dictionaries({
        "method": texts(), "path": texts(), "status": st.integers(), "status_code": st.integers() | st.none(),
        "reason": texts() | st.none(), "faults": st.lists(texts(), max_size=2), "whole": st.booleans(),
        "client_gone": st.booleans(), "request": message, "response": message,
    })  # fmt: skip
    return objects(values()) | journalled


def results() -> st.SearchStrategy[Result]:
    again = st.builds(Reproduction, texts(), objects(values()), objects(values()), texts())
    return st.builds(
        Result,
        id=st.sampled_from(["errors.a", "errors.b", "images.a", "wire"]) | texts(),
        level=st.sampled_from(["MUST", "SHOULD"]),
        sentence=texts(),
        status=st.sampled_from(["passed", "failed", "skipped", "error"]),
        reason=texts(),
        claims=st.lists(texts(), max_size=2).map(tuple),
        reproduce=st.none() | again,
        exchanges=st.lists(exchanges(), max_size=2).map(tuple),
        seconds=st.floats(0, 10_000),
        examples=st.integers(0, 10**6),
        profile=st.sampled_from(["", "io", "cn"]),
    )


def reports() -> st.SearchStrategy[Report]:
    """Any report; shrinks to one without results."""
    return st.builds(
        Report,
        client_name=texts(),
        client_version=st.none() | texts(),
        adapter=texts(),
        target=texts(),
        profile=st.sampled_from(["io", "cn"]) | texts(),
        seed=st.integers(),
        results=st.lists(results(), max_size=4).map(tuple),
        started=st.just("2026-11-21T16:39:19Z") | texts(),
        seconds=st.floats(0, 10_000),
        spent_usd=st.floats(0, 10),
    )
