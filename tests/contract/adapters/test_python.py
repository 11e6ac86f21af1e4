"""Clients in Python: what they return and raise, at once and concurrently, and those that do not come back."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from contract_tests.adapters.interface import Description, Failure, Images, TooLate
from tests.contract.adapters.conftest import NOWHERE, REQUEST, WITHIN, Open, Resolve, Write


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize(
    ("value", "images"),
    [
        ("[b'one', bytearray(b'two')]", Images((b"one", b"two"))),
        ("('http://host/a?b=%2F',)", Images(("http://host/a?b=%2F",))),
        ("[]", Images(())),
        ("{'images': [b'one'], 'failed': 2}", Images((b"one",), 2)),
        ("{'images': [b'one']}", Images((b"one",))),
    ],
    ids=str,
)
def test_what_a_client_returns_is_handed_on(
    kind: str, value: str, images: Images, factory: Write, adapter: Resolve
) -> None:
    spec = factory(f"""
        def create(base_url, api_key, timeout):
            {kind} generate(request):
                assert request == {REQUEST}
                request.clear()
                return {value}
            return generate
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    request = dict(REQUEST)
    assert client.generate(request, within=WITHIN) == images
    assert request == REQUEST
    client.close()


def test_the_attributes_of_the_factory_are_those_of_the_adapter(factory: Write, adapter: Resolve) -> None:
    spec = factory("""
        def create(base_url, api_key, timeout):
            return lambda request: []
        create.name, create.version, create.unsupported, create.image_format = "mine", "2.1", ["seed"], "png"
        create.describe = lambda error: None
    """)
    found = adapter(spec)
    assert (found.name, found.version, found.image_format, found.describes) == ("mine", "2.1", "png", True)
    assert found.unsupported == {"seed"}
    assert found.process_ids == (os.getpid(),)


def test_a_factory_may_say_nothing_of_itself(factory: Write, adapter: Resolve) -> None:
    spec = factory("create = lambda base_url, api_key, timeout: lambda request: []")
    found = adapter(spec)
    assert (found.spec, found.name, found.version, found.image_format) == (spec, spec, None, None)
    assert (found.unsupported, found.describes) == (frozenset(), False)


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_an_error_is_a_failure_with_its_description(kind: str, factory: Write, adapter: Resolve) -> None:
    spec = factory(f"""
        class ApiError(Exception): code = 1008
        def create(base_url, api_key, timeout):
            {kind} generate(request):
                raise ApiError("no money")
            return generate
        create.describe = lambda error: dict(code=error.code, category="balance", message=str(error), retryable=False)
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    failure = client.generate(REQUEST, within=WITHIN)
    client.close()
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.message, failure.own) == ("ApiError", "no money", True)
    assert failure.description == Description(1008, "balance", "no money", False)
    assert 'raise ApiError("no money")' in failure.detail


def test_a_description_is_not_asked_of_errors_that_escaped(factory: Write, adapter: Resolve) -> None:
    spec = factory("""
        def create(base_url, api_key, timeout):
            return lambda request: {}["data"]
        create.describe = lambda error: {"code": error.code}
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    failure = client.generate(REQUEST, within=WITHIN)
    client.close()
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.own, failure.description) == ("KeyError", False, Description())


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("error", ["SystemExit(2)", "KeyboardInterrupt()", "GeneratorExit()"])
def test_a_client_that_wants_to_end_the_run_ends_its_call(
    kind: str, error: str, factory: Write, adapter: Resolve
) -> None:
    spec = factory(f"""
        def create(base_url, api_key, timeout):
            {kind} generate(request):
                raise {error}
            return generate
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    for _ in range(2):
        failure = client.generate(REQUEST, within=WITHIN)
        assert isinstance(failure, Failure)
        assert (failure.kind, failure.own) == (error.partition("(")[0], False)
    client.close()


def test_a_task_beside_the_call_does_not_end_the_loop(factory: Write, adapter: Resolve) -> None:
    spec = factory("""
        import asyncio
        def create(base_url, api_key, timeout):
            async def leave(): raise SystemExit(2)
            async def generate(request):
                task = asyncio.create_task(leave())
                await asyncio.wait([task])
                return [b"still here"]
            return generate
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    assert client.generate(REQUEST, within=WITHIN) == Images((b"still here",))
    client.close()


ALL_AT_ONCE = """
    import {module}
    class create:
        made = 0
        def __init__(self, base_url, api_key, timeout):
            type(self).made += 1
            self.barrier = {module}.Barrier(3)
        {kind} generate(self, request):
            {wait}self.barrier.wait()
            return [str(self.made)]
"""


@pytest.mark.parametrize(
    ("module", "kind", "wait"), [("threading", "def", ""), ("asyncio", "async def", "await ")], ids=["sync", "async"]
)
def test_calls_of_one_client_are_concurrent(
    module: str, kind: str, wait: str, factory: Write, adapter: Resolve
) -> None:
    spec = factory(ALL_AT_ONCE.format(module=module, kind=kind, wait=wait))
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: client.generate(REQUEST, within=WITHIN), range(3)))
    client.close()
    assert outcomes == [Images(("1",))] * 3


STUCK = {
    "sync": "def generate(self, request):\n                if self.number == 1: threading.Event().wait()",
    "async": "async def generate(self, request):\n                if self.number == 1: await asyncio.Event().wait()",
    "async that blocks": (
        "async def generate(self, request):\n                if self.number == 1: threading.Event().wait()"
    ),
    "busy": "def generate(self, request):\n                while self.number == 1: pass",
    "stubborn": (
        "async def generate(self, request):\n"
        "                while self.number == 1:\n"
        "                    try: await asyncio.Event().wait()\n"
        "                    except asyncio.CancelledError: break"
    ),
}


@pytest.mark.parametrize("body", STUCK.values(), ids=STUCK)
def test_a_call_that_does_not_come_back_is_given_up_and_the_next_gets_a_fresh_client(
    body: str, factory: Write, adapter: Resolve
) -> None:
    spec = factory(f"""
        import asyncio, threading
        class create:
            made = 0
            def __init__(self, base_url, api_key, timeout):
                type(self).made += 1
                self.number = type(self).made
            {body}
                return [str(self.number)]
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    assert client.generate(REQUEST, within=0.05) == TooLate(0.05)
    assert client.generate(REQUEST, within=WITHIN) == Images(("2",))
    assert client.generate(REQUEST, within=WITHIN) == Images(("2",))
    client.close()


def test_a_call_that_was_given_up_stops_calling(factory: Write, adapter: Resolve) -> None:
    spec = factory("""
        import threading
        class create:
            ended = threading.Event()
            def __init__(self, base_url, api_key, timeout): ...
            def generate(self, request):
                try:
                    while True:
                        try: raise OSError
                        except Exception: pass
                finally:
                    self.ended.set()
    """)
    found = adapter(spec)
    client = found.open(NOWHERE, "key", 1.0)
    assert client.generate(REQUEST, within=0.05) == TooLate(0.05)
    ended: threading.Event = found._factory.ended  # type: ignore[attr-defined]
    assert ended.wait(WITHIN)
    client.close()


def test_a_factory_may_be_asynchronous_and_is_closed(factory: Write, adapter: Resolve) -> None:
    spec = factory("""
        import asyncio
        class Client:
            def __init__(self): self.loop = asyncio.get_running_loop()
            async def generate(self, request): return [str(self.loop is asyncio.get_running_loop())]
            async def aclose(self): print("closed")
        async def create(base_url, api_key, timeout):
            return Client()
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0)
    assert client.generate(REQUEST, within=WITHIN) == Images(("True",))
    client.close()


def test_a_real_client_is_driven(factory: Write, opened: Open) -> None:
    client = opened(
        factory("""
        import base64, httpx
        class create:
            def __init__(self, base_url, api_key, timeout):
                headers = {"Authorization": f"Bearer {api_key}"}
                self.http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=timeout)
                self.aclose = self.http.aclose
            async def generate(self, request):
                answer = await self.http.post("/v1/image_generation", json=request | {"response_format": "base64"})
                return [base64.b64decode(item) for item in answer.json()["data"]["image_base64"]]
    """)
    )
    outcome = client.generate(REQUEST | {"n": 2}, within=WITHIN)
    assert isinstance(outcome, Images)
    assert [image[:3] for image in outcome.images if isinstance(image, bytes)] == [b"\xff\xd8\xff"] * 2
