"""How a command is filled in, and which commands are refused."""

from __future__ import annotations

import pytest

from contract_tests.adapters.interface import FIELDS, AdapterError
from contract_tests.adapters.placeholders import checked, fill, unsupported
from contract_tests.adapters.resolve import resolve


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("c {prompt}", "c|a 'cat'; rm"),
        ("c --prompt={prompt} -n {n}", "c|--prompt=a 'cat'; rm|-n|2"),
        ("c {n}x{n}/{out_dir}", "c|2x2//tmp/out"),
        ("c {prompt_optimizer} {subject_reference}", 'c|true|[{"type": "é"}]'),
        ("c --seed {seed} {n}", "c|2"),
        ("c --verbose --seed={seed} {n}", "c|--verbose|2"),
        ("c --verbose --seed={seed} {width} {n}", "c|--verbose|2"),
        ("c {seed}", "c"),
        ("c --size {width}x{n} {n}", "c|2"),
        ("c --n {n} {seed}", "c|--n|2"),
        ("c --format jpeg {seed}", "c|--format|jpeg"),
        ('c {{prompt}} ${prompt} {"a":1} {}', 'c|{prompt}|${prompt}|{"a":1}|{}'),
    ],
    ids=str,
)
def test_an_argument_without_a_value_is_left_out_with_its_option(words: str, filled: str) -> None:
    values = {
        "prompt": "a 'cat'; rm",
        "n": 2,
        "out_dir": "/tmp/out",
        "prompt_optimizer": True,
        "subject_reference": [{"type": "é"}],
    }
    assert fill(words.split(" "), values) == filled.split("|")


def test_a_field_without_a_placeholder_is_unsupported() -> None:
    assert unsupported(checked(["c", "{prompt}", "-n{n}", "{out_dir}"], "c")) == (frozenset(FIELDS) | {"timeout"}) - {
        "prompt",
        "n",
    }
    assert unsupported(checked(["c", "{request}", "{out_dir}"], "c")) == {"timeout"}
    assert unsupported(checked(["c", "{request_file}", "{timeout}", "{out_dir}"], "c")) == frozenset()


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        (
            "exec:sh {promt} {out_dir}",
            "placeholder of 'exec:sh {promt} {out_dir}': unknown 'promt'; did you mean 'prompt'? valid: 'model', ",
        ),
        (
            "exec:sh {n} {out_dir}",
            "'exec:sh {n} {out_dir}' has no {prompt}, {request} or {request_file}: ",
        ),
        ("exec:sh {prompt}", "'exec:sh {prompt}' has no {out_dir}: the images are taken from there"),
        (
            "exec:/bin/sh -c 'draw {prompt}' {out_dir}",
            "\"exec:/bin/sh -c 'draw {prompt}' {out_dir}\" lets sh read a prompt as program; write sh ",
        ),
    ],
    ids=range(4),
)
def test_a_wrong_command_is_refused(spec: str, problem: str) -> None:
    with pytest.raises(AdapterError) as raised:
        resolve(spec)
    assert str(raised.value).startswith(problem)
