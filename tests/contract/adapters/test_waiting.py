"""Virtual waiting: what a client sleeps moves a clock, and nothing else changes."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from contract_tests.adapters.interface import Images, TooLate
from contract_tests.adapters.resolve import resolve
from tests.contract.adapters.conftest import NOWHERE, REQUEST, WITHIN, Resolve, Write

SLEEPERS = {
    "time.sleep": "time.sleep(3600)",
    "asyncio.sleep": "await asyncio.sleep(3600)",
    "anyio.sleep": "await anyio.sleep(3600)",
    "in a task": "await asyncio.gather(asyncio.sleep(1800), asyncio.sleep(1800))",
    "in a thread of asyncio": "await asyncio.to_thread(time.sleep, 3600)",
    "until a deadline": (
        "end = time.time() + 3600\n                while time.time() < end: time.sleep(end - time.time())"
    ),
}
CLIENT = """
    import anyio, asyncio, time
    def create(base_url, api_key, timeout):
        async def generate(request):
                {body}
                return [b"done"]
        return generate
"""


@pytest.mark.parametrize("body", SLEEPERS.values(), ids=SLEEPERS)
def test_sleeping_moves_the_clock(body: str, factory: Write, adapter: Resolve) -> None:
    slept: list[float] = []
    client = adapter(factory(CLIENT.format(body=body))).open(NOWHERE, "key", 1.0, sleep=slept.append)
    assert client.generate(REQUEST, within=WITHIN) == Images((b"done",))
    client.close()
    assert sum(slept) == pytest.approx(3600, rel=1e-3)


@pytest.mark.parametrize("name", ["time", "asyncio"])
def test_a_sleep_that_was_imported_by_name_moves_the_clock(name: str, factory: Write, adapter: Resolve) -> None:
    slept: list[float] = []
    spec = factory(f"""
        from {name} import sleep
        def create(base_url, api_key, timeout):
            async def generate(request):
                {"await " if name == "asyncio" else ""}sleep(3600)
                return [b"done"]
            return generate
    """)
    client = adapter(spec).open(NOWHERE, "key", 1.0, sleep=slept.append)
    assert client.generate(REQUEST, within=WITHIN) == Images((b"done",))
    client.close()
    assert slept == [3600]


def test_short_sleeps_and_those_for_ever_are_real(factory: Write, adapter: Resolve) -> None:
    slept: list[float] = []
    body = """
                await asyncio.sleep(0)
                await asyncio.sleep(0.001)
                time.sleep(0.001)
                task = asyncio.create_task(anyio.sleep_forever())
                await asyncio.sleep(0)
                task.cancel()"""
    client = adapter(factory(CLIENT.format(body=body))).open(NOWHERE, "key", 1.0, sleep=slept.append)
    assert client.generate(REQUEST, within=WITHIN) == Images((b"done",))
    client.close()
    assert slept == []


def test_a_timeout_is_not_shortened_by_sleeping(factory: Write, adapter: Resolve) -> None:
    body = """
                async with asyncio.timeout(60):
                    await asyncio.sleep(3600)"""
    client = adapter(factory(CLIENT.format(body=body))).open(NOWHERE, "key", 1.0, sleep=lambda _: None)
    assert client.generate(REQUEST, within=WITHIN) == Images((b"done",))
    client.close()


def test_other_threads_sleep_and_read_the_clock_as_ever(factory: Write, adapter: Resolve) -> None:
    slept: list[float] = []
    client = adapter(factory(CLIENT.format(body="time.sleep(3600)"))).open(NOWHERE, "key", 1.0, sleep=slept.append)
    before = time.monotonic()
    client.generate(REQUEST, within=WITHIN)
    other = threading.Thread(target=time.sleep, args=(0.06,))
    other.start()
    other.join()
    asyncio.run(asyncio.sleep(0.06))
    assert 0.1 < time.monotonic() - before < 1800
    client.close()
    assert slept == [3600]


def test_everything_is_put_back_in_any_order_of_closing(factory: Write, adapter: Resolve) -> None:
    real = (time.sleep, time.monotonic, time.time, time.perf_counter, asyncio.sleep, asyncio.tasks.sleep)
    spec = factory(CLIENT.format(body="pass"))
    first, second = (adapter(spec).open(NOWHERE, "key", 1.0, sleep=lambda _: None) for _ in range(2))
    assert time.sleep is not real[0]
    first.close()
    first.close()
    assert time.sleep is not real[0]
    second.close()
    assert (time.sleep, time.monotonic, time.time, time.perf_counter, asyncio.sleep, asyncio.tasks.sleep) == real
    assert all(getattr(module, "sleep", None) is not second for module in list(sys.modules.values()))


def test_nothing_is_replaced_for_a_client_that_waits_for_real() -> None:
    real = time.sleep
    found = resolve("reference")
    client = found.open(NOWHERE, "key", 1.0)
    assert time.sleep is real
    client.close()


def test_a_client_that_repeats_for_ever_ends_when_it_is_given_up(factory: Write, adapter: Resolve) -> None:
    spec = factory("""
        import threading, time
        class create:
            ended = threading.Event()
            def __init__(self, base_url, api_key, timeout): ...
            def generate(self, request):
                try:
                    while True: time.sleep(1)
                finally:
                    self.ended.set()
    """)
    found = adapter(spec)
    client = found.open(NOWHERE, "key", 1.0, sleep=lambda _: None)
    assert client.generate(REQUEST, within=0.05) == TooLate(0.05)
    assert found._factory.ended.wait(WITHIN)  # type: ignore[attr-defined]
    client.close()
