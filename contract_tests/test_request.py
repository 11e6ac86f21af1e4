"""What goes over the wire: exactly what was asked."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from contract_tests.adapters.interface import Images
from contract_tests.bench import Bench, Case, Run
from contract_tests.checks import check
from contract_tests.strategies import DATA_URL, STYLES, TRICKY, plain, requests

NEUTRAL: dict[str, Any] = {
    "n": 1, "prompt_optimizer": False, "aigc_watermark": False, "aspect_ratio": "1:1", "style": None, "seed": None,
    "width": None, "height": None, "subject_reference": None,
}  # fmt: skip
"""What a client may say without having been asked to, because it is what silence means (documented defaults)."""


BOUNDARIES: tuple[dict[str, Any], ...] = (
    {"seed": 0}, {"seed": -1}, {"seed": 2**63 - 1}, {"n": 1}, {"n": 9}, {"prompt_optimizer": False},
    {"prompt_optimizer": True, "aigc_watermark": False}, {"aspect_ratio": "1:1"}, {"width": 512, "height": 2048},
    {"response_format": "base64"}, {"model": "image-01-live", "style": {"style_type": STYLES[0], "style_weight": 0.5}},
)  # fmt: skip
"""Values that a client may take for "not given", or for too much, or never have heard of."""


def sent(run: Run) -> dict[str, Any]:
    """The body of the first generation that went over the wire."""
    assert run.generations, "nothing was sent to the service"
    body = run.generations[0]["request"].get("body", "")
    try:
        said = json.loads(body)
    except ValueError:
        raise AssertionError(f"the body is not JSON: {body[:200]!r}") from None
    assert isinstance(said, dict), f"the body is not an object: {body[:200]!r}"
    return said


def check_sent(bench: Bench, run: Run) -> None:
    """Raise `AssertionError` unless all that was asked for was sent, and nothing that changes the result."""
    body = bench.face.native(sent(run))
    for field, value in run.case.request.items():
        if field == "model" and not bench.can_send("model"):
            continue
        if field == "subject_reference":
            same = _references(body.get(field)) == _references(value)
            assert same, f"{field} was sent as {str(body.get(field))[:200]}"
            continue
        assert field in body, f"{field} was asked for, and not sent"
        same = type(body[field]) is type(value) and body[field] == value
        assert same, f"{field} was asked for as {value!r}, and sent as {body[field]!r}"
    for field, value in body.items():
        asked = field in run.case.request or field in {"model", "response_format"}
        neutral = field in NEUTRAL and value in (NEUTRAL[field], None)
        assert asked or neutral, f"{field}={value!r} was sent, and not asked for"


def _references(value: Any) -> Any:
    """References without their data, which the journal keeps as a digest."""
    return [_reference(item) for item in value] if isinstance(value, list) else value


def _reference(item: Any) -> Any:
    if not isinstance(item, dict) or not str(item.get("image_file", "")).startswith("data:"):
        return item
    return item | {"image_file": "data:"}


@check("request.as-asked", claims=("fields",), needs=("injection",))
def test_as_asked(bench: Bench) -> None:
    """What was asked for goes over the wire, every field as it is; nothing is added, dropped or clamped."""

    for fields in BOUNDARIES:
        check_sent(bench, bench.call(plain(bench.can_send, **fields)))

    @bench.explore(requests(bench.can_send))
    def _(request: dict[str, Any]) -> None:
        check_sent(bench, bench.call(request))


@check("request.nothing-kept", claims=("fields",), needs=("injection",))
def test_nothing_kept(bench: Bench) -> None:
    """A call has nothing of the call before it."""
    account = bench.target.account()
    client = bench.open(account)
    full: dict[str, Any] = {"n": 2, "seed": 5, "aspect_ratio": "16:9", "prompt_optimizer": True, "aigc_watermark": True}
    bodies: list[dict[str, Any]] = []
    try:
        for fields in ({}, full, {}):
            account.forget()
            bodies.append(sent(bench.ask(client, account, Case(plain(bench.can_send, **fields)))))
    finally:
        client.close()
    first, before, again = bodies
    kept = [field for field, value in again.items() if field not in first or first[field] != value]
    kept += [field for field in first if field not in again]
    shown = ", ".join(f"{field} ({before.get(field)!r} in the call before it)" for field in kept)
    assert not kept, f"the same was asked for before and after another call, and sent differently: {shown}"


@check("request.unicode", claims=("fields",), needs=("injection",))
def test_unicode(bench: Bench) -> None:
    """Prompts in any script arrive as they were given: no normalisation, no lost emoji, no trimmed blanks."""
    letters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="[]")

    for prompt in TRICKY:
        _check_prompt(bench, prompt)

    @bench.explore(st.text(letters, min_size=1, max_size=30).filter(lambda text: bool(text.strip())))
    def _(prompt: str) -> None:
        _check_prompt(bench, prompt)


def _check_prompt(bench: Bench, prompt: str) -> None:
    run = bench.call(plain(bench.can_send) | {"prompt": prompt})
    assert sent(run).get("prompt") == prompt, f"the prompt {prompt!r} was sent as {sent(run).get('prompt')!r}"


@check("request.long-prompt", claims=("prompt-limit",), needs=("injection",))
def test_long_prompt(bench: Bench) -> None:
    """A prompt up to the limit is sent whole; one that is too long is refused or sent whole, never cut."""
    for length in (1, 1499, 1500, 1501, 4000):
        prompt = ("a red fox in the snow " * 200)[: length - 1] + "x"
        run = bench.call(plain(bench.can_send) | {"prompt": prompt})
        if length < 1500 or run.generations:
            assert sent(run).get("prompt") == prompt, f"a prompt of {length} characters was not sent whole"


@check("request.headers", claims=("bearer",), needs=("injection",))
def test_headers(bench: Bench) -> None:
    """The key is sent in the dialect's scheme (Bearer, fal: Key), the body as application/json, by POST."""
    run = bench.call(plain(bench.can_send))
    assert run.generations, "nothing was sent to the service"
    headers = {name.lower(): value for name, value in run.generations[0]["request"]["headers"]}
    authorization = headers.get("authorization", "")
    scheme, _, token = authorization.partition(" ")
    right = scheme.lower() == bench.face.scheme and token.startswith("<key ")
    assert right, f"Authorization is {authorization!r}"
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    assert media_type == "application/json", f"Content-Type is {headers.get('content-type')!r}"


@check("request.key-nowhere-else", claims=("bearer",), needs=("injection",))
def test_key_nowhere_else(bench: Bench) -> None:
    """The API key goes to the API, in its header, and nowhere else: not in a URL, a body, or to the image host."""
    for response_format in ("url", "base64"):
        run = bench.call(plain(bench.can_send, response_format=response_format, n=2))
        leaks = [item["message"] for item in run.account.findings() if item["rule"].startswith("key-")]
        assert not leaks, leaks[0]


@check("request.reference", claims=("subject-reference",), needs=("injection",), fields=("subject_reference",))
def test_reference(bench: Bench) -> None:
    """A subject reference is a list of objects with type and image_file, by URL or as a data URL."""
    for file in ("https://example.com/face.jpg", DATA_URL):
        run = bench.call(plain(bench.can_send) | {"subject_reference": [{"type": "character", "image_file": file}]})
        check_sent(bench, run)
        run.images()


@check("request.refused-is-told", claims=("invalid-params",), needs=("injection",))
def test_refused_is_told(bench: Bench) -> None:
    """What the service would refuse (2013) is refused, by the client or by the service, never quietly altered."""
    for wrong in bench.face.refused:
        if not all(bench.can_send(field) for field in wrong):
            continue
        run = bench.call(plain(bench.can_send) | wrong)
        asked = ", ".join(f"{field}={str(value)[:20]!r}" for field, value in wrong.items())
        got = len(run.outcome.images) if isinstance(run.outcome, Images) else 0
        run.failure(f"{asked} is not valid (it got {got} images for something else)")
