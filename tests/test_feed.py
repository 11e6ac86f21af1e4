"""Watching the journal, without a server."""

from __future__ import annotations

import threading

from mock_server.feed import Cleared, Lost
from mock_server.journal import Exchange
from mock_server.memory_state import MemoryState
from mock_server.settings import Settings


def exchange(number: int) -> Exchange:
    return Exchange(number, "me", "me", "", "", 0.0, 0.0, 0.0, "GET", b"/", b"", b"", 200, b"", b"")


def test_a_watch_keeps_no_more_than_the_journal_can() -> None:
    state = MemoryState(Settings())
    woken: list[int] = []
    watch = state.watch(None, lambda: woken.append(1))
    for number in range(1, 40_001):
        state.append(exchange(number))
    state.clear_journal("me")
    state.append(exchange(40_001))
    assert len(woken) == 1
    assert len(watch._queue) == state._feed.backlog
    assert watch.take(10) == [Lost(40_000), Cleared(None), exchange(40_001)]
    assert watch.take(10) == []


def test_appending_from_any_thread_is_told_once() -> None:
    state = MemoryState(Settings())
    watch = state.watch("me", lambda: None)
    numbers = iter(range(1, 2001))
    lock = threading.Lock()

    def append() -> None:
        for _ in range(500):
            with lock:
                number = next(numbers)
            state.append(exchange(number))

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    told: list[int] = []
    while len(told) < 2000:
        told += [item.id for item in watch.take(64) if isinstance(item, Exchange)]
    for thread in threads:
        thread.join()
    watch.close()
    assert sorted(told) == list(range(1, 2001))
    assert not state._feed.watches


def test_a_watcher_whose_loop_is_gone_does_not_break_the_journal() -> None:
    state = MemoryState(Settings())

    def gone() -> None:
        raise RuntimeError("Event loop is closed")

    state.watch(None, gone)
    state.append(exchange(1))
    assert [item.id for item in state.exchanges()] == [1]
