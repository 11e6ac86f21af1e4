"""A profile as a file: what it says holds for every account, and what is wrong with it is told."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mock_server import MockServer
from mock_server.core.profile import SWITCHES
from mock_server.profile_file import as_text, is_file, read_profile
from mock_server.settings import SettingError

BEARER = {"Authorization": "Bearer sk-api-any-key"}
ANSWERS = st.fixed_dictionaries({}, optional={item.field: st.sampled_from(item.answers) for item in SWITCHES})


def counts(server: MockServer) -> object:
    asked = {"model": "image-01", "prompt": "a lighthouse"}
    return httpx.post(f"{server.url}/v1/image_generation", json=asked, headers=BEARER).json()["metadata"]


@pytest.mark.parametrize("content", ["counts: integer\nunknown_key: '1004'\n", '{"counts": "integer"}'])
def test_a_file_holds_for_every_account_also_after_a_reset(content: str, tmp_path: Path) -> None:
    file = tmp_path / "live.yaml"
    file.write_text(content, encoding="utf-8")
    with MockServer(profile=str(file)) as server:
        file.unlink()  # it is read at the start
        assert counts(server) == {"failed_count": 0, "success_count": 1}
        server.reset()
        assert counts(server) == {"failed_count": 0, "success_count": 1}
        assert server.account("sk-api-any-key").describe()["switches"]["counts"] == "integer"


def test_who_belongs_to_no_account_is_answered_by_it_too(tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text("- key: sk-api-the-only-one\n", encoding="utf-8")
    (tmp_path / "live.json").write_text('{"unknown_key": "1004"}', encoding="utf-8")
    settings = {"accounts": str(tmp_path / "keys.yaml"), "profile": str(tmp_path / "live.json")}
    with MockServer(keys="strict", **settings) as server:
        answer = httpx.post(f"{server.url}/v1/image_generation", json={}, headers=BEARER)
    assert answer.json()["base_resp"]["status_code"] == 1004


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("count: integer", "unknown profile switch 'count'; did you mean 'counts'?"),
        ("counts: integers", "profile switch 'counts' cannot be 'integers'; did you mean 'integer'?"),
        ("unknown_key: 1004", "unknown_key: 1004 must be text; write it in quotes"),
        ("1: integer", "1: 'integer' must be text; write it in quotes"),
        ("- counts", "must be an object of switches and answers"),
        ("", "must be an object of switches and answers"),
        ("counts: [", "is neither YAML nor JSON"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(content: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "live.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingError) as caught:
        MockServer(profile=str(file))
    assert f"profile file {str(file)!r}" in str(caught.value)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(SettingError, match=r"cannot read the profile file 'nowhere.yaml': No such file"):
        MockServer(profile="nowhere.yaml")
    with pytest.raises(SettingError, match="unknown profile 'nowhere'"):
        MockServer(profile="nowhere")


def test_the_admin_api_opens_no_files(tmp_path: Path) -> None:
    file = tmp_path / "live.yaml"
    file.write_text("counts: integer", encoding="utf-8")
    with MockServer() as server:
        answer = httpx.patch(f"{server.url}/_mock/account", json={"profile": str(file)}, headers=BEARER)
    assert answer.status_code == 400
    assert "unknown profile" in answer.text


@given(answers=ANSWERS.filter(bool))
def test_what_is_written_is_read(answers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    text = as_text(answers, "What the service answered.")
    assert yaml.safe_load(text) == answers
    file = tmp_path_factory.getbasetemp() / "written.yaml"
    file.write_text(text, encoding="utf-8")
    assert is_file(str(file))
    assert read_profile(str(file)) == answers
