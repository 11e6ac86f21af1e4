"""Unmodified programs with constant hosts, by each way that can."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest

from mock_server.intercept.environment import PYTHON_HOOK
from tests.intercept.command import python, run

LIBRARIES = ["urllib", "requests", "httpx", "httpx-async", "aiohttp", "uvloop"]
WAYS = ["env", "proxy", "sandbox"]


@pytest.mark.parametrize("via", WAYS)
def test_every_library_makes_an_image_and_downloads_it(via: str) -> None:
    result = run(*python("libraries.py", *LIBRARIES), via=via)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [f"{name} ffd8 True" for name in LIBRARIES]
    number = len(LIBRARIES) + 1  # uvloop makes two
    assert f"{2 * number} requests reached the emulator" in result.stderr
    assert f"  minimax  generate  {number} ok\n  minimax  download  {number} ok\n" in result.stderr
    assert f"  saved    {number} images, $0.0245 at live prices, about 2 min 55 s of waiting\n" in result.stderr


@pytest.mark.parametrize("library", ["http.client", "urllib3", "httpcore", "aiohttp"])
def test_verbose_names_what_is_redirected_and_by_what(library: str) -> None:
    used = {"http.client": "urllib", "urllib3": "requests", "httpcore": "httpx", "aiohttp": "aiohttp"}[library]
    result = run("-v", *python("libraries.py", used))
    lines = [line for line in result.stderr.splitlines() if "->" in line]
    hosts = ["api.minimax.io", "hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com"]
    assert [line.split()[1] for line in lines] == hosts
    assert all(line.startswith("minimax-mock: ") and line.endswith(f"({library})") for line in lines)


@pytest.mark.parametrize(("via", "options"), [("env", []), ("proxy", []), ("sandbox", []), ("sandbox", ["--resolve"])])
def test_a_client_that_refuses_private_addresses_gets_its_image(via: str, options: list[str]) -> None:
    result = run(*python("cautious.py", *options), via=via)
    assert (result.returncode, result.stdout) == (0, "ffd8\n"), result.stderr


CURL = """
set -eu
answer=$(curl -sS --fail https://api.minimax.io/v1/image_generation -H "Authorization: Bearer $MINIMAX_API_KEY" \
  -H 'Content-Type: application/json' -d '{"model":"image-01","prompt":"x"}')
url=${answer#*image_urls\\":[\\"}; url=$(printf '%b' "${url%%\\"*}" | sed 's/\\\\u0026/\\&/g')
curl -sS --fail "$url" | head -c 3 | od -An -tx1
"""


@pytest.mark.parametrize("via", ["proxy", "sandbox"])
def test_curl_needs_no_option(via: str) -> None:
    result = run("--", "bash", "-c", CURL, via=via)
    assert (result.returncode, result.stdout) == (0, " ff d8 ff\n"), result.stderr


CONNECT = """
import errno, socket, sys, time
for address in sys.argv[1:]:
    began = time.monotonic()
    try:
        socket.create_connection((address, 443), timeout=60)
    except OSError as error:
        print(address, errno.errorcode.get(error.errno, error.errno < 0), time.monotonic() - began < 5)
"""


def test_in_the_sandbox_nothing_else_is_reachable_and_that_is_told_at_once() -> None:
    addresses = ["1.1.1.1", "10.0.0.1", "44.128.7.2", "2606:4700::1111"]
    result = run("--", "python3", "-c", CONNECT, *addresses, "example.com", via="sandbox")
    expected = [*(f"{address} ENETUNREACH True" for address in addresses), "example.com True True"]  # an EAI_ error
    assert result.stdout.splitlines() == expected, result.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://example.com/", "CONNECT tunnel failed, response 403"),
        ("http://192.0.2.1/", "192.0.2.1 is not a host of the service; minimax-mock run --passthrough lets others"),
    ],
)
def test_the_proxy_refuses_other_hosts_at_once(url: str, said: str) -> None:
    result = run("--", "curl", "-sS", "--max-time", "20", url, via="proxy")
    assert said in result.stdout + result.stderr
    assert f"  refused  {url.split('/')[2]}:{443 if url.startswith('https') else 80}" in result.stderr


@pytest.mark.parametrize("via", ["env", "proxy"])
def test_this_machine_stays_reachable(via: str, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("served here", encoding="ascii")
    serve = ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().split()[5]
            program = "import urllib.request as u, sys; print(u.urlopen(sys.argv[1]).read().decode())"
            result = run("--", "python3", "-c", program, f"http://127.0.0.1:{port}/page", via=via)
            assert result.stdout == "served here\n", result.stderr
        finally:
            process.terminate()


def test_a_program_that_hides_its_connections_is_refused_and_not_let_out() -> None:
    program = "import socket; socket.create_connection(('api.minimax.io', 443))"
    result = run("--", "python3", "-c", program)
    assert result.returncode == 1
    assert "what connects to api.minimax.io opens connections in a way that is not redirected" in result.stderr
    assert "--via proxy or --via sandbox can" in result.stderr


def test_a_sitecustomize_of_the_users_own_is_run_too(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.theirs = __file__", encoding="ascii")
    program = "import sys, sitecustomize, urllib.request as u; print(theirs, sitecustomize.__file__, sys.path)"
    result = run("--", "python3", "-c", program, PYTHONPATH=f"{tmp_path}:{Path.cwd()}")
    theirs, name, path = result.stdout.split(" ", 2)
    assert (theirs, name) == (str(tmp_path / "sitecustomize.py"),) * 2
    assert str(tmp_path) in path
    assert "python_hook" not in path


@pytest.mark.parametrize("file", sorted(PYTHON_HOOK.glob("*.py")), ids=lambda file: file.name)
def test_the_hook_is_of_the_oldest_python_that_it_is_for(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_hook_that_cannot_be_installed_ends_the_program() -> None:
    spoil = "env MINIMAX_MOCK_REDIRECT=127.0.0.1:port python3 -c 'print(1)'"
    result = run("--", "bash", "-c", spoil)
    assert (result.returncode, result.stdout) == (1, "")
    assert "minimax-mock: cannot redirect this program: ValueError(" in result.stderr


def test_the_sandbox_shows_the_commands_own_world(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="ascii")
    program = "import os, json; print(json.dumps([os.getuid(), os.getgid(), os.getcwd(), open('file').read()]))"
    result = run("--", "python3", "-c", program, via="sandbox", cwd=tmp_path)
    assert json.loads(result.stdout) == [os.getuid(), os.getgid(), str(tmp_path), "mine"], result.stderr
