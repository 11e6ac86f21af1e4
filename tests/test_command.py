"""The command line, run as its users run it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

COMMAND = [sys.executable, "-m", "mock_server"]
ENV = {name: value for name, value in os.environ.items() if not name.startswith("MINIMAX_MOCK_")}


@contextmanager
def serving(*options: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server and its first line of output."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV | env
    )
    assert process.stdout
    try:
        ready, _, _ = select.select([process.stdout], [], [], 30)
        yield process, process.stdout.readline() if ready else ""
    finally:
        process.kill()
        process.communicate()


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=ENV | env, timeout=60, check=False)


def generate(url: str, **fields: object) -> dict[str, dict[str, object]]:
    body = {"model": "image-01", "prompt": "x"} | fields
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"{url}/v1/image_generation", json=body, headers={"Authorization": "Bearer k"})
    return dict(answer.json())


def test_serve_prints_one_line_when_it_can_answer() -> None:
    with serving("--port", "0") as (_, line):
        assert line.startswith("minimax-mock ready: http://127.0.0.1:")
        assert generate(line.split()[-1])["base_resp"]["status_code"] == 0


def test_serve_prints_json_on_request() -> None:
    with serving("--port", "0", "--json") as (process, line):
        event = json.loads(line)
        assert list(event) == ["event", "url", "admin_url", "tls_url", "ca_file", "pid"]
        assert (event["event"], event["pid"]) == ("ready", process.pid)
        assert event["admin_url"] == event["url"] + "/_mock/"
        assert httpx.get(event["admin_url"] + "health", trust_env=False).json()["status"] == "ok"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(sent: signal.Signals) -> None:
    with serving("--port", "0") as (process, line):
        generate(line.split()[-1])
        process.send_signal(sent)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in errors


def test_options_come_from_the_environment_too() -> None:
    with serving(MINIMAX_MOCK_PORT="0", MINIMAX_MOCK_PROFILE="counts-as-integers", MINIMAX_MOCK_NO_ADMIN="true") as (
        _,
        line,
    ):
        url = line.split()[-1]
        assert generate(url)["metadata"]["success_count"] == 1
        assert httpx.get(f"{url}/_mock/health", trust_env=False).status_code == 404


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "0 picks a free one" in result.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--profile", "oi"], "unknown profile 'oi'; did you mean 'io'?"),
        (["--latency", "slow"], "latency cannot be 'slow'"),
        (["--port", "70000"], "port must be from 0 to 65535, got 70000"),
        (["--keys", "strict"], "give --accounts FILE"),
        (["--accounts", "/nowhere.yaml"], "cannot read the accounts file '/nowhere.yaml'"),
        (["--public-url", "mock.example"], "public_url must be an http or https origin"),
        (["--prot", "1"], "--port"),
        (["--tls-port", "9443"], "tls_port 9443 is for --tls, which is not given"),
        (["--admin-hosts", "http://mock.example"], "without scheme and port; got 'http://mock.example'"),
        (["--admin-token", "short"], "admin_token must be 8 to 200 of"),
        (["--region", "us"], "'us' is not one of 'io', 'cn'"),
    ],
    ids=str,
)
def test_a_wrong_option_is_refused(options: list[str], complaint: str) -> None:
    result = run("serve", *options)
    assert result.returncode == 2
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        (["--host", "0.0.0.0"], True),
        (["--host", "::"], True),
        (["--host", "0.0.0.0", "--no-admin"], False),
        (["--host", "0.0.0.0", "--admin-token", "long-enough"], False),
        (["--host", "127.0.0.9"], False),
        (["--host", "localhost"], False),
        (["--host", "::1"], False),
    ],
    ids=str,
)
def test_who_else_can_reach_it_is_told(options: list[str], warned: bool) -> None:
    with serving("--port", "0", *options) as (process, line):
        assert line.startswith("minimax-mock ready: ")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert ("warning: listening on" in errors) == warned
    assert "long-enough" not in errors
    if warned:
        assert "--admin-token keeps others out, --no-admin turns it off" in errors


def test_help_teaches_every_setting() -> None:
    from mock_server.core.profile import PROFILES
    from mock_server.settings import FIELDS

    text = run("serve", "--help", COLUMNS="100").stdout
    for name in FIELDS:
        assert f"--{name.replace('_', '-')}" in text, name
    for name in PROFILES:
        assert name in text
    assert "curl" in text


def test_codes_and_profiles_are_listed() -> None:
    codes = json.loads(run("codes", "--json").stdout)
    assert {row["code"] for row in codes["codes"]} >= {
        1000,
        1001,
        1002,
        1004,
        1008,
        1024,
        1026,
        1027,
        1033,
        2013,
        2049,
        2056,
    }
    assert all(row["source"] and row["grade"] for row in codes["codes"] + codes["invalid_params"])
    assert codes["codes"][4]["claim"] == "refusal-rate-limited"
    assert [row["rule"] for row in codes["invalid_params"] if row["claim"] is None] == ["magic_prompt"]
    table = run("codes").stdout
    assert "rate limit exceeded(RPM)" in table
    assert "toolkit-docs" in run("profiles").stdout
    profiles = json.loads(run("profiles", "--json").stdout)
    assert profiles["profiles"]["cn"]["live_model_21_9"] == "refused"
    assert {row["field"]: (row["grade"], row["claim"]) for row in profiles["switches"]}["counts"] == (
        "recorded", "string-counts"
    )  # fmt: skip


def test_the_real_latency_is_not_waited_for_by_a_stop(tmp_path: Path) -> None:
    with serving("--port", "0", "--latency", "realistic") as (process, line):
        url = httpx.URL(line.split()[-1])
        body = b'{"model":"image-01","prompt":"x"}'
        with socket.create_connection((url.host, url.port or 0)) as raw:
            raw.sendall(
                b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            raw.settimeout(0.3)
            with pytest.raises(TimeoutError):
                raw.recv(1)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=15)
            assert process.returncode == 0
