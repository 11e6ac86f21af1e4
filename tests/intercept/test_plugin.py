"""The redirection for the running process, and the guard, as another project's tests use them."""

from __future__ import annotations

import pytest

REDIRECTED = """
import os, subprocess, sys
import http.client, urllib.request, json
import httpx, pytest, requests

URL = "https://api.minimax.io/v1/image_generation"
BODY = {"model": "image-01", "prompt": "x"}

def program():
    headers = {"Authorization": "Bearer " + os.environ["MINIMAX_API_KEY"]}
    return requests.post(URL, json=BODY, headers=headers).json()["data"]["image_urls"][0]

@pytest.mark.minimax_mock(redirect=True)
def test_a_program_with_a_constant_host(minimax_mock):
    assert requests.get(program()).content[:2] == b"\\xff\\xd8"
    assert httpx.get("https://fal.run/nothing").status_code == 405
    assert [exchange["endpoint"] for exchange in minimax_mock.journal()] == ["generate", "download"]

@pytest.mark.minimax_mock(redirect=True, balance_usd=0)
class TestGroup:
    def test_settings_count_too(self, minimax_mock):
        headers = {"Authorization": "Bearer " + os.environ["FAL_KEY"]}
        assert httpx.post(URL, json=BODY, headers=headers).json()["base_resp"]["status_code"] == 1008

    @pytest.mark.minimax_mock(redirect=False)
    def test_the_nearest_marker_wins(self, minimax_mock):
        assert "MINIMAX_MOCK_REDIRECT" not in os.environ

@pytest.mark.minimax_mock(redirect=True)
def test_programs_that_are_started_are_redirected_too(minimax_mock):
    code = "import urllib.request as u; print(u.urlopen('https://api.minimax.io/_mock/health').status)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "200\\n"

def test_everything_is_as_before(minimax_mock):
    assert os.environ["MINIMAX_API_KEY"] == "the user's own"
    assert "PYTHONPATH" not in os.environ or "python_hook" not in os.environ["PYTHONPATH"]
    for method in (http.client.HTTPConnection.connect, http.client.HTTPSConnection.connect):
        assert method.__code__.co_filename == http.client.__file__
    assert "minimax_mock" not in httpx.HTTPTransport.__module__
    assert not [finder for finder in sys.meta_path if "minimax_mock" in type(finder).__module__]
"""


def run(pytester: pytest.Pytester, program: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(program)
    return pytester.runpytest_subprocess("-q", "--strict-markers", "-p", "no:cacheprovider", *options)


def test_a_test_can_redirect_its_process(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIMAX_API_KEY", "the user's own")
    run(pytester, REDIRECTED).assert_outcomes(passed=5)


OFFLINE = """
import asyncio, socket, urllib.request
import pytest

def quiet_call():
    try:
        urllib.request.urlopen("https://api.minimax.io/v1/image_generation")
    except OSError:
        pass

{mark}
def test_that_calls_the_live_service_and_says_nothing():
    quiet_call()

{mark}
def test_that_does_so_in_a_task():
    async def look():
        try:
            await asyncio.get_running_loop().getaddrinfo("FAL.run.", 443)
        except OSError:
            pass
    asyncio.run(look())

{mark}
def test_that_reaches_this_machine_only():
    socket.getaddrinfo("localhost", 80)

{mark}
@pytest.mark.minimax_mock(redirect=True)
def test_that_is_redirected(minimax_mock):
    urllib.request.urlopen("https://api.minimax.io/_mock/health").read()

{mark}
@pytest.mark.minimax_mock(redirect=True)
def test_that_gets_round_the_redirection(minimax_mock):
    with pytest.raises(OSError, match="not redirected"):
        socket.create_connection(("fal.run", 443))

@pytest.fixture
def careless():
    quiet_call()

{mark}
def test_whose_fixture_calls(careless):
    pass
"""


@pytest.mark.parametrize("everywhere", [False, True], ids=["marker", "ini"])
def test_a_test_that_tries_to_reach_a_live_host_fails(pytester: pytest.Pytester, everywhere: bool) -> None:
    mark = "" if everywhere else "@pytest.mark.minimax_mock_offline"
    options = ["-o", "minimax_mock_offline=true"] if everywhere else []
    result = run(pytester, OFFLINE.replace("{mark}", mark), *options)
    result.assert_outcomes(passed=2, failed=3, errors=1)
    told = "*the test tried to reach {}; @pytest.mark.minimax_mock(redirect=True) with the fixture minimax_mock sends *"
    result.stdout.fnmatch_lines([told.format("api.minimax.io"), told.format("fal.run")])


def test_a_wrong_redirect_is_refused(pytester: pytest.Pytester) -> None:
    program = "import pytest\n@pytest.mark.minimax_mock(redirect='yes')\ndef test(minimax_mock): pass"
    result = run(pytester, program)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*redirect of the minimax_mock marker is True or False, got 'yes'*"])
