"""A program that breaks the protocol is said to be wrong, and never looks like a client that fails."""

from __future__ import annotations

import re

import pytest

from contract_tests.adapters.interface import AdapterError, Images
from contract_tests.adapters.stdio import StdioAdapter
from tests.contract.adapters.conftest import NOWHERE, REQUEST, WITHIN, Resolve, Write


def problem_of(error: AdapterError, spec: str) -> str:
    return str(error).replace(repr(spec.removeprefix("stdio:")), "SPEC")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "the program SPEC ended with exit status 0, and said nothing on standard error"),
        (
            "sys.exit('no such\\nlanguage')",
            "the program SPEC ended with exit status 1:\nno such\nlanguage",
        ),
        ("os.abort()", "the program SPEC ended with signal SIGABRT, and said nothing on standard error"),
        (
            "print('Ready!', flush=True); hear()",
            "the program SPEC printed a line that is no JSON object: 'Ready!'; logs belong on standard error",
        ),
        (
            "print('[1]', flush=True); hear()",
            "the program SPEC printed a line that is no JSON object: '[1]'; logs belong on standard error",
        ),
        (
            "say(id=7, name='x'); hear()",
            'the program SPEC printed an answer to a question that is not open, id 7: \'{"id": 7, "name": "x"}\'; logs',
        ),
        ("greet(nam='x')", "the hello of the program SPEC: unknown 'nam'; did you mean 'name'? valid: 'id', 'name', "),
        ("say(id=hear()['id'], name=3)", "the hello of the program SPEC: name must be a text, got 3"),
        (
            "say(id=hear()['id'], unsupported=['sede'])",
            "the hello of the program SPEC: unsupported: unknown 'sede'; did you mean 'seed'? valid: 'model', ",
        ),
        (
            "greet(describes='yes')",
            "the hello of the program SPEC: describes must be true, false or nothing, got 'yes'",
        ),
    ],
    ids=range(10),
)
def test_a_wrong_start_is_said_at_once(source: str, problem: str, program: Write, adapter: Resolve) -> None:
    spec = program(source)
    with pytest.raises(AdapterError) as raised:
        adapter(spec)
    assert problem_of(raised.value, spec).startswith(problem)


def test_a_program_that_does_not_say_hello_is_not_waited_for(program: Write) -> None:
    spec = program("print('loading', file=sys.stderr, flush=True)\nthreading.Event().wait()")
    with pytest.raises(AdapterError) as raised:
        StdioAdapter(spec, startup=2.0)
    assert problem_of(raised.value, spec) == "the program SPEC did not answer hello within 2 s:\nloading"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("sys.exit(3)", "the program SPEC ended with exit status 3, and said nothing on standard error"),
        ("print('done', flush=True)", "the program SPEC printed a line that is no JSON object: 'done'; logs belong"),
        ("say(id=str(number), images=[])", "the program SPEC printed an answer to a question that is not open, id '2'"),
        ("say(images=[])", "the program SPEC printed an answer to a question that is not open, id None: "),
        (
            "say(id=number)",
            "the answer of the program SPEC must have either images or error, got {'id': 2}",
        ),
        (
            "say(id=number, images=[], error={})",
            "the answer of the program SPEC must have either images or error, got {'id': 2, 'images': [], 'error': {}}",
        ),
        (
            "say(id=number, image=[])",
            "the answer of the program SPEC: unknown 'image'; did you mean 'images'? valid: 'id', 'images', ",
        ),
        ("say(id=number, images=None)", "the answer of the program SPEC: images must be a list, got None"),
        (
            "say(id=number, images=['b25l'])",
            "the answer of the program SPEC: image 0 must be an object, got 'b25l'",
        ),
        (
            "say(id=number, images=[{'url': 'x', 'base64': ''}])",
            'the answer of the program SPEC: image 0 must be {"base64": "..."} or {"url": "..."}, got ',
        ),
        (
            "say(id=number, images=[{'base64': 'b25l', }, {'base64': 'data:image/jpeg;base64,b25l'}])",
            "the answer of the program SPEC: image 1 is no base64 (",
        ),
        (
            "say(id=number, images=[], failed='1')",
            "the answer of the program SPEC: failed must be a whole number of at least 0, or nothing, got '1'",
        ),
        ("say(id=number, error='x')", "the answer of the program SPEC: error must be an object, got 'x'"),
        (
            "say(id=number, error={'msg': 'x'})",
            "the answer of the program SPEC: error: unknown 'msg'; did you mean 'message'? valid: 'code', ",
        ),
        (
            "say(id=number, error={'category': 'money'})",
            "the answer of the program SPEC: error: category: unknown 'money'; did you mean 'content'? valid: ",
        ),
        (
            "say(id=number, error={'own': 1})",
            "the answer of the program SPEC: error: own must be true, false or nothing, got 1",
        ),
    ],
    ids=range(16),
)
def test_a_wrong_answer_is_said_to_be_wrong(answer: str, problem: str, program: Write, adapter: Resolve) -> None:
    spec = program(f"greet()\nnumber = hear()['id']\n{answer}\nhear()")
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError) as raised:
        client.generate(REQUEST, within=WITHIN)
    assert problem_of(raised.value, spec).startswith(problem)


def test_a_program_that_broke_is_started_again_for_the_next_call(program: Write, adapter: Resolve) -> None:
    spec = program("""
        greet()
        call = hear()
        if call["request"]["prompt"] == "die": sys.exit("broken")
        say(id=call["id"], images=[])
        hear()
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError, match=re.escape("ended with exit status 1:\nbroken")):
        client.generate({"prompt": "die"}, within=WITHIN)
    assert client.generate(REQUEST, within=WITHIN) == Images(())


def test_a_long_request_to_a_program_that_does_not_read_is_given_up(program: Write, adapter: Resolve) -> None:
    client = adapter(program("greet()\nthreading.Event().wait()")).open(NOWHERE, "key", 1.0)
    outcome = client.generate({"prompt": "x" * 1_000_000}, within=0.05)
    assert type(outcome).__name__ == "TooLate"
