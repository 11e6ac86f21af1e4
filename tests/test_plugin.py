"""The pytest plugin, as another project uses it."""

from __future__ import annotations

import pytest

PROGRAM = """
import httpx
import pytest

def call(account, **fields):
    headers = {"Authorization": f"Bearer {account.api_key}"}
    body = {"model": "image-01", "prompt": "x"} | fields
    with httpx.Client(trust_env=False) as client:
        return client.post(account.base_url() + "/v1/image_generation", json=body, headers=headers).json()

def test_images_are_made(minimax_mock):
    assert call(minimax_mock)["metadata"]["success_count"] == "1"
    assert len(minimax_mock.journal()) == 1

def test_an_account_is_fresh(minimax_mock, minimax_mock_server):
    assert minimax_mock.journal() == []
    assert len(minimax_mock_server.journal()) == 1

@pytest.mark.minimax_mock(balance_usd=0)
def test_the_marker_sets_the_account_up(minimax_mock):
    assert call(minimax_mock)["base_resp"]["status_code"] == 1008

@pytest.mark.minimax_mock(balance_usd=0, rpm=1)
class TestGroup:
    @pytest.mark.minimax_mock(balance_usd=1)
    def test_the_nearest_marker_wins(self, minimax_mock):
        assert [call(minimax_mock)["base_resp"]["status_code"] for _ in range(2)] == [0, 1002]

def test_time_can_be_moved(minimax_mock):
    url = call(minimax_mock)["data"]["image_urls"][0]
    minimax_mock.advance(24 * 3600 + 1)
    assert httpx.get(url, trust_env=False).status_code == 403
"""


def run(pytester: pytest.Pytester, program: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(program)
    return pytester.runpytest_subprocess("-q", "--strict-markers", "-p", "no:cacheprovider", *options)


def test_the_fixtures_and_the_marker_work_as_documented(pytester: pytest.Pytester) -> None:
    run(pytester, PROGRAM).assert_outcomes(passed=5)


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        ("balence_usd=1", "*'balence_usd' is not an account setting; did you mean 'balance_usd'?*"),
        ("rpm=-1", "*rpm must be from 0 to 1e+09, got -1*"),
        ("'1002'", "*the minimax_mock marker takes settings by name only, got ('1002',)*"),
    ],
)
def test_a_wrong_marker_is_refused(pytester: pytest.Pytester, marker: str, complaint: str) -> None:
    program = f"import pytest\n@pytest.mark.minimax_mock({marker})\ndef test(minimax_mock): pass"
    result = run(pytester, program)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([complaint])


def test_a_run_that_does_not_use_it_starts_no_server(pytester: pytest.Pytester) -> None:
    program = "import sys\ndef test(): assert 'mock_server.client' not in sys.modules and 'uvicorn' not in sys.modules"
    run(pytester, program).assert_outcomes(passed=1)
