"""A wrong adapter in Python is said to be wrong, and never looks like a client that fails."""

from __future__ import annotations

import re

import pytest

from contract_tests.adapters.interface import AdapterError
from tests.contract.adapters.conftest import NOWHERE, REQUEST, WITHIN, Resolve, Write

HEAD = "def create(base_url, api_key, timeout):\n    return lambda request: []\n"


def problem_of(error: AdapterError, spec: str) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", str(error).replace(spec, "SPEC"))


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("create = 3", "the factory 'SPEC' is no function, but int"),
        (
            "def create(url, key): ...",
            "the factory 'SPEC' must take (base_url, api_key, timeout), by these names; it has (url, key)",
        ),
        (
            f"{HEAD}create.unsupported = {{'sede'}}",
            "the factory 'SPEC': unsupported: unknown 'sede'; did you mean 'seed'? valid: 'model', 'prompt', ",
        ),
        (
            f"{HEAD}create.unsupported = 'seed'",
            "the factory 'SPEC': unsupported must be a set or a list of fields, got 'seed'",
        ),
        (f"{HEAD}create.unsupported = [3]", "the factory 'SPEC': unsupported: unknown 3; valid: 'model'"),
        (f"{HEAD}create.describe = 'x'", "the factory 'SPEC': describe must be a function of the error"),
        (f"{HEAD}create.name = 3", "the factory 'SPEC': name must be a text, got 3"),
        (f"{HEAD}create.version = 1.0", "the factory 'SPEC': version must be a text, got 1.0"),
        (f"{HEAD}create.image_format = b'png'", "the factory 'SPEC': image_format must be a text, got b'png'"),
    ],
    ids=range(9),
)
def test_a_wrong_factory_is_refused_at_once(source: str, problem: str, factory: Write, adapter: Resolve) -> None:
    spec = factory(source)
    with pytest.raises(AdapterError) as raised:
        adapter(spec)
    assert problem_of(raised.value, spec).startswith(problem)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("raise RuntimeError('no network')", "the factory 'SPEC' raised RuntimeError: no network\nTraceback"),
        ("raise SystemExit", "the factory 'SPEC' raised SystemExit\nTraceback"),
        (
            "return None",
            "the factory 'SPEC' must return a function generate(request), or an object that has one; got None",
        ),
        (
            "return lambda: []",
            "the function that the factory 'SPEC' returned must take one argument, the request; it has ()",
        ),
        (
            "return lambda prompt, n: []",
            "the function that the factory 'SPEC' returned must take one argument, the request; it has (prompt, n)",
        ),
    ],
    ids=range(5),
)
def test_a_factory_that_makes_no_client_is_said_to_be_wrong(
    body: str, problem: str, factory: Write, adapter: Resolve
) -> None:
    spec = factory(f"def create(base_url, api_key, timeout):\n    {body}")
    with pytest.raises(AdapterError) as raised:
        adapter(spec).open(NOWHERE, "key", 1.0)
    assert problem_of(raised.value, spec).startswith(problem)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("None", " must return a list of images, or {'images': [...], 'failed': k}; got None"),
        (
            "iter([])",
            " must return a list of images, or {'images': [...], 'failed': k}; got <list_iterator object>",
        ),
        ("b'x'", " must return a list of images, or {'images': [...], 'failed': k}; got b'x'"),
        ("'http://x/'", " must return a list of images, or {'images': [...], 'failed': k}; got 'http://x/'"),
        ("[b'x', None]", ": image 1 must be bytes, or a URL that the client leaves to its user; got None"),
        ("[[b'x']]", ": image 0 must be bytes, or a URL that the client leaves to its user; got [b'x']"),
        ("{'image': []}", ": unknown 'image'; did you mean 'images'? valid: 'images', 'failed'"),
        ("{'failed': 1}", " returned an object without 'images': {'failed': 1}"),
        ("{'images': None}", " must return a list of images, or {'images': [...], 'failed': k}; got None"),
        ("{'images': [], 'failed': '1'}", ": failed must be a whole number of at least 0, or nothing, got '1'"),
        ("{'images': [], 'failed': -1}", ": failed must be a whole number of at least 0, or nothing, got -1"),
        ("{'images': [], 'failed': True}", ": failed must be a whole number of at least 0, or nothing, got True"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_wrong_result_is_said_to_be_wrong(
    kind: str, value: str, problem: str, factory: Write, adapter: Resolve
) -> None:
    spec = factory(f"""
        def create(base_url, api_key, timeout):
            {kind} generate(request):
                return {value}
            return generate
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError) as raised:
        client.generate(REQUEST, within=WITHIN)
    client.close()
    assert problem_of(raised.value, spec) == f"generate() of the factory 'SPEC'{problem}"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("'1008'", " must be an object, got '1008'"),
        ("{'codes': 1}", ": unknown 'codes'; did you mean 'code'? valid: 'code', 'category', 'message', 'retryable'"),
        ("{'code': '1008'}", ": code must be a whole number or nothing, got '1008'"),
        ("{'code': True}", ": code must be a whole number or nothing, got True"),
        ("{'category': 'ratelimit'}", ": category: unknown 'ratelimit'; did you mean 'rate_limit'? valid: 'auth', "),
        ("{'category': 3}", ": category must be a text, got 3"),
        ("{'message': ValueError('x')}", ": message must be a text, got ValueError('x')"),
        ("{'retryable': 'no'}", ": retryable must be true, false or nothing, got 'no'"),
        ("error.code", " raised AttributeError: 'RuntimeError' object has no attribute 'code', for RuntimeError: "),
    ],
    ids=str,
)
def test_a_wrong_description_is_said_to_be_wrong(said: str, problem: str, factory: Write, adapter: Resolve) -> None:
    spec = factory(f"""
        def create(base_url, api_key, timeout):
            def generate(request):
                raise RuntimeError("broke")
            return generate
        create.describe = lambda error: {said}
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError) as raised:
        client.generate(REQUEST, within=WITHIN)
    client.close()
    assert problem_of(raised.value, spec).startswith(f"describe() of the factory 'SPEC'{problem}")


@pytest.mark.parametrize("name", ["close", "aclose"])
def test_a_close_that_fails_is_said_so(name: str, factory: Write, adapter: Resolve) -> None:
    spec = factory(f"""
        class create:
            def __init__(self, base_url, api_key, timeout): ...
            def generate(self, request): return []
            {"async " if name == "aclose" else ""}def {name}(self): raise OSError("still busy")
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with pytest.raises(AdapterError) as raised:
        client.close()
    assert problem_of(raised.value, spec) == "closing the client of the factory 'SPEC' raised OSError: still busy"
