"""The summary of a run, and signals that come before there is a command."""

from __future__ import annotations

import os
import signal

import httpx
import pytest

from mock_server import MockServer
from mock_server.intercept.child import Child, signals_to
from mock_server.intercept.summary import duration, summarise, text


def test_outcomes_are_told_by_face_and_endpoint(http: httpx.Client) -> None:
    with MockServer() as server:
        poor = server.account(balance_usd=0.007)
        for _ in range(2):
            http.post(
                f"{server.url}/v1/image_generation",
                json={"model": "image-01", "prompt": "x", "n": 2},
                headers={"Authorization": f"Bearer {poor.api_key}"},
            )
        poor.add_fault("hang_up", times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            http.post(f"{server.url}/v1/image_generation", json={}, headers={"Authorization": f"Bearer {poor.api_key}"})
        http.get(f"{server.url}/nothing%01here")
        summary = summarise(server.state.exchanges(), server.state.accounts(), ["a:443", "b:80", "a:443"])
    assert text(summary, "it ended") == [
        "minimax-mock: it ended; 4 requests reached the emulator",
        "  minimax  generate         1 ok · 1 insufficient_balance · 1 invalid_params, cut off",
        "  other    /nothing%01here  1 HTTP 404",
        "  refused  a:443 (2), b:80",
        "  saved    2 images, $0.0070 at live prices, about 50 s of waiting",
    ]


def test_what_the_journal_forgot_is_not_hidden(http: httpx.Client) -> None:
    with MockServer() as server:
        for _ in range(3):
            http.get(f"{server.url}/nothing")
        exchanges = list(server.state.exchanges())[1:]
        lines = text(summarise(exchanges, [], []), "it ended")
    assert lines[0] == "minimax-mock: it ended; 3 requests reached the emulator"
    assert lines[-1] == "         and 1 that the journal has forgotten"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59.4, "59 s"), (100, "1 min 40 s"), (3600, "1 h 0 min"), (9000, "2 h 30 min")]
)
def test_durations_read_well(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_there_is_a_command_ends_the_run(sent: signal.Signals) -> None:
    found = signal.signal(sent, signal.SIG_DFL)  # whatever it is: nohup leaves SIGHUP ignored
    try:
        with pytest.raises(SystemExit) as ended, signals_to(Child()):
            os.kill(os.getpid(), sent)
        assert ended.value.code == 128 + sent
        assert signal.getsignal(sent) is signal.SIG_DFL
    finally:
        signal.signal(sent, found)
