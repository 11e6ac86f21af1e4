"""What any service can be asked, without faults: free questions first, then as few images as decide most."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from contract_tests.adapters.interface import Failure, Images, TooLate
from contract_tests.bench import Bench, Run, told
from contract_tests.checks import check
from contract_tests.observed import KEY_CODES, Observed, answered
from contract_tests.portrait import differences
from contract_tests.questions import Question, questions
from contract_tests.strategies import size_of
from contract_tests.targets.exchange import look
from contract_tests.targets.guard import shown
from contract_tests.targets.interface import CouldNotLookError
from contract_tests.test_request import check_sent, sent

FETCH_SECONDS = 30.0


@pytest.fixture(scope="module")
def observed(minimax_bench: Bench) -> Observed:
    """The questions that were asked already, with what came of them: none is paid twice."""
    return Observed(minimax_bench)


def asked(bench: Bench, case: str) -> list[Question]:
    """The questions of a case that the client can be asked."""
    return questions(case, bench.can_send, bench.face)


@check("service.wrong-key", claims=("bearer", "error-in-200"))
def test_wrong_key(bench: Bench, observed: Observed) -> None:
    """A wrong key is a failure, and where the client describes errors, one of authentication."""
    for question in asked(bench, "wrong-key"):
        run = observed.run(question)
        code = answered(run, own_key=False)["status_code"]
        if code == 0:
            raise CouldNotLookError("the service takes any key")
        said = run.failure(f"the key is wrong ({code})").description
        if said is not None and code in KEY_CODES:
            seen = {item.seen for item in bench.face.codes if item.code == code}
            assert said.code in {*seen, None}, f"{code} is described as {said.code}"
            assert said.category in {"auth", None}, f"a wrong key is called {said.category!r}"


def check_refused(observed: Observed, question: Question) -> None:
    """Raise `AssertionError` unless what is not valid failed, and went over the wire as it was asked, if at all."""
    run = observed.run(question)
    wrong = question.terms.only
    words = ", ".join(f"{field}={shown(value)}" for field, value in wrong.items())
    if run.generations:
        answer = answered(run)
        body = observed.bench.face.native(sent(run))
        altered = [field for field, value in wrong.items() if body.get(field) != value]
        assert not altered, f"{words} was asked for, and {altered[0]} sent as {shown(body.get(altered[0]))}"
        if answer["status_code"] == 0:
            raise CouldNotLookError(f"the service does not refuse {words}")
    run.failure(f"{words} is not valid")


@check("service.invalid-parameters", claims=("invalid-params",))
def test_invalid_parameters(bench: Bench, observed: Observed) -> None:
    """What the service refuses (2013) is a failure, and is never quietly altered into something that it accepts."""
    for question in asked(bench, "invalid-parameters"):
        check_refused(observed, question)


@check("service.too-many", claims=("invalid-params",), fields=("n",))
def test_too_many(bench: Bench, observed: Observed) -> None:
    """Ten images in one call are refused, and not quietly made nine."""
    for question in asked(bench, "too-many"):
        check_refused(observed, question)


def check_image(bench: Bench, run: Run) -> None:
    """Raise `AssertionError` unless the one image that was made was handed on, in the size that was asked for."""
    answer = answered(run)
    if answer["status_code"] != 0:
        raise CouldNotLookError(f"the service answered {answer['status_code']} (HTTP {answer['status']})")
    urls = bench.face.urls(json.loads(answer["response"]["body"]))
    if not urls and not answer["images"]:
        raise CouldNotLookError("the service made no image")
    wrong = _wrong(bench, run, urls)
    if wrong:
        fault = _fault_of_service(run, answer, urls)
        if fault:
            raise CouldNotLookError(f"{fault}; the client: {wrong}")
        raise AssertionError(wrong)


def _wrong(bench: Bench, run: Run, urls: list[str]) -> str:
    """What is wrong with what the client handed on; empty when nothing is."""
    if isinstance(run.outcome, Failure | TooLate):
        return f"the client failed where it should not: {told(run.outcome)}"
    images = run.outcome.images
    if len(images) != 1:
        return f"1 image was served, the client handed on {len(images)}"
    image = images[0]
    if isinstance(image, str):
        return "" if [image] == urls else f"the URL is not the one that was served: {image[:200]!r}"
    return _wrong_image(image, run, bench.adapter.image_format)


def _wrong_image(image: bytes, run: Run, converted: str | None) -> str:
    found, (width, height) = look(image), size_of(run.case.request)
    if found is None:
        return f"the {len(image)} bytes that the client handed on are no whole image"
    if (found.width, found.height) != (width, height):
        return f"asked for {width}x{height}, the image has {found.width}x{found.height}"
    wanted = (converted or "jpeg").lower().replace("jpg", "jpeg")
    return "" if found.format.lower() == wanted else f"the image is {found.format}, not {wanted.upper()}"


def _fault_of_service(run: Run, answer: dict[str, Any], urls: list[str]) -> str:
    """What was wrong with the image that was served, if anything: then the client is not to blame."""
    width, height = size_of(run.case.request)
    if urls:
        try:
            fetched = httpx.get(urls[0], timeout=FETCH_SECONDS, follow_redirects=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"the image host cannot be reached from here: {type(error).__name__}"
        found = look(fetched.content) if fetched.status_code == 200 else None
        is_like = (found.format, found.width, found.height) if found else None
    else:
        image = answer["images"][0]
        is_like = (image.get("format", "JPEG"), image.get("width"), image.get("height"))
    if is_like == ("JPEG", width, height):
        return ""
    shown = f"{is_like[0]} of {is_like[1]}x{is_like[2]}" if is_like and is_like[0] else "no image"
    return f"the service served {shown}"


@check("service.image-by-url", claims=("success-body", "sizes", "fields"), cost=1)
def test_image_by_url(bench: Bench, observed: Observed) -> None:
    """One image by URL: asked for as it should be, and handed on whole, as JPEG, in the exact size."""
    for question in asked(bench, "image-by-url"):
        run = observed.run(question)
        answered(run)
        check_sent(bench, run)
        check_image(bench, run)


@check("service.image-base64", claims=("base64", "sizes", "fields"), fields=("response_format",), cost=1)
def test_image_base64(bench: Bench, observed: Observed) -> None:
    """One image in the answer itself, in a size of its own: handed on decoded, byte for byte."""
    for question in asked(bench, "image-base64"):
        run = observed.run(question)
        answer = answered(run)
        check_sent(bench, run)
        check_image(bench, run)
        digests = {image.get("sha256") for image in answer["images"]} - {None}
        if digests and bench.adapter.image_format is None and isinstance(run.outcome, Images):
            same = {sha256(image).hexdigest() for image in run.outcome.images if isinstance(image, bytes)} == digests
            assert same, "the bytes of the image are not those that were served"


def check_same(bench: Bench, observed: Observed, case: str) -> None:
    """Raise `AssertionError` where the client does not behave as it does on the twin."""
    found = []
    for question in asked(bench, case):
        twin = observed.twin(question)
        run = observed.run(question)
        if run.generations:
            answered(run, own_key=question.key is None)
        found += differences(run, twin, bench.target.name)
    assert not found, "; ".join(found)


@check("both.wrong-key", level="SHOULD", claims=("bearer",), needs=("twin",))
def test_same_for_a_wrong_key(bench: Bench, observed: Observed) -> None:
    """With a wrong key the client does the same on the service as on the emulator."""
    check_same(bench, observed, "wrong-key")


@check("both.invalid-parameters", level="SHOULD", claims=("invalid-params",), needs=("twin",))
def test_same_for_invalid_parameters(bench: Bench, observed: Observed) -> None:
    """Asked for what is not valid, the client does the same on the service as on the emulator."""
    check_same(bench, observed, "invalid-parameters")


@check("both.too-many", level="SHOULD", claims=("invalid-params",), needs=("twin",), fields=("n",))
def test_same_for_too_many(bench: Bench, observed: Observed) -> None:
    """Asked for ten images, the client does the same on the service as on the emulator."""
    check_same(bench, observed, "too-many")


@check("both.image-by-url", level="SHOULD", claims=("success-body",), needs=("twin",), cost=1)
def test_same_for_an_image_by_url(bench: Bench, observed: Observed) -> None:
    """Asked for an image by URL, the client does the same on the service as on the emulator."""
    check_same(bench, observed, "image-by-url")


@check("both.image-base64", level="SHOULD", claims=("base64",), needs=("twin",), fields=("response_format",), cost=1)
def test_same_for_an_image_in_base64(bench: Bench, observed: Observed) -> None:
    """Asked for an image in base64, the client does the same on the service as on the emulator."""
    check_same(bench, observed, "image-base64")
