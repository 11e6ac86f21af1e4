"""What the environment of a command gets, and how `minimax-mock env` prints it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept.environment import MARK, NODE_HOOK, PYTHON_HOOK, through_hooks, through_names, through_proxy
from mock_server.intercept.shells import SHELLS
from tests.intercept.command import ENV, minimax_mock

URL = "http://127.0.0.1:8484"


def test_known_clients_get_their_settings() -> None:
    given = through_hooks({}, URL)
    assert given["MINIMAX_API_HOST"] == given["MINIMAX_BASE_URL"] == URL
    assert given["OPENAI_BASE_URL"] == f"{URL}/openai/v1"
    assert given["MINIMAX_API_KEY"] == given["OPENAI_API_KEY"] == given["FAL_KEY"]
    assert given["PYTHONPATH"] == str(PYTHON_HOOK)
    assert given["NODE_OPTIONS"] == f'--require "{NODE_HOOK}"'
    assert given["MINIMAX_MOCK_URL"] == URL
    assert "NO_PROXY" not in given, "where there is no proxy there is nothing to exempt"


def test_where_the_names_lead_to_us_clients_are_told_the_names() -> None:
    given = through_names({}, "http://44.128.7.1", {"SSL_CERT_FILE": "x"})
    assert given["MINIMAX_API_HOST"] == "https://api.minimax.io"
    assert given["OPENAI_BASE_URL"] == "https://api.aigateway.sh/v1"
    assert given["SSL_CERT_FILE"] == "x"
    assert not {"MINIMAX_BASE_URL", "PYTHONPATH", "NODE_OPTIONS"} & set(given)


def test_what_the_user_has_stays(tmp_path: Path) -> None:
    own = {"MINIMAX_API_KEY": "mine", "OPENAI_BASE_URL": "https://api.aigateway.sh/v1", "FAL_KEY": ""}
    others = {"PYTHONPATH": f"/a{os.pathsep}/b", "NODE_OPTIONS": "--max-old-space-size=99"}
    given = through_hooks(own | others, URL)
    assert "MINIMAX_API_KEY" not in given
    assert "OPENAI_BASE_URL" not in given
    assert given["FAL_KEY"], "an empty one is none"
    assert given["PYTHONPATH"] == os.pathsep.join([str(PYTHON_HOOK), "/a", "/b"])
    assert given["NODE_OPTIONS"] == f'--max-old-space-size=99 --require "{NODE_HOOK}"'


def test_doing_it_again_changes_nothing_but_the_address() -> None:
    first = through_hooks({"PYTHONPATH": "/a", "NODE_OPTIONS": "--trace-warnings"}, URL)
    second = through_hooks(first, "http://127.0.0.1:9999")
    assert second == {name: value.replace("8484", "9999") for name, value in first.items()}
    assert "MINIMAX_API_HOST" in first[MARK].split(",")


def test_a_proxy_of_the_users_own_is_not_used_for_the_live_hosts() -> None:
    given = through_hooks({"https_proxy": "http://corporate:3128", "no_proxy": "intranet, .local"}, URL)
    assert given["NO_PROXY"] == given["no_proxy"]
    assert given["NO_PROXY"].split(",") == ["intranet", ".local", "localhost", "127.0.0.1", "::1", *LIVE_HOSTS]


@pytest.mark.parametrize(
    "covering", ["*", "minimax.io", ".minimax.io", "*.fal.run", "api.minimax.io:443", "API.minimax.io"]
)
def test_our_proxy_is_used_for_the_live_hosts_whatever_the_user_exempts(covering: str) -> None:
    given = through_proxy({"NO_PROXY": f"{covering},intranet"}, URL, "http://127.0.0.1:9", {})
    assert given["NO_PROXY"] == given["no_proxy"] == "localhost,127.0.0.1,::1,intranet"
    assert {given[name] for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY")} == {
        "http://127.0.0.1:9"
    }
    assert "-Dhttps.proxyPort=9" in given["JAVA_TOOL_OPTIONS"]


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,9}", fullmatch=True).map("T_".__add__)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=30)
MANY = st.dictionaries(NAMES, TEXTS, max_size=5)


@settings(max_examples=25)
@given(MANY)
def test_a_shell_reads_back_what_was_printed(values: dict[str, str]) -> None:
    script = "\n".join(SHELLS["sh"](values)) + "\nenv -0"
    seen = subprocess.run(["bash", "-c", script], capture_output=True, env={"PATH": os.environ["PATH"]}, check=True)
    found = dict(item.split("=", 1) for item in seen.stdout.decode().split("\0") if item)
    assert {name: found[name] for name in values} == values


@given(MANY)
def test_programs_read_back_what_was_printed(values: dict[str, str]) -> None:
    assert json.loads("\n".join(SHELLS["json"](values))) == values
    assert dict(line.split("=", 1) for line in SHELLS["github"](values)) == values


@pytest.mark.parametrize(
    ("shell", "value", "line"),
    [
        ("fish", "it's a \\", "set -gx X 'it\\'s a \\\\'"),
        ("powershell", "it’s $HOME's", "$env:X = 'it’’s $HOME''s'"),
        ("dotenv", "a $b", "X='a $b'"),
        ("dotenv", 'it\'s "so"', 'X="it\'s \\"so\\""'),
        ("sh", "it's", "export X='it'\"'\"'s'"),
    ],
)
def test_quotes_are_spelled_as_each_shell_wants_them(shell: str, value: str, line: str) -> None:
    assert list(SHELLS[shell]({"X": value})) == [line]


@pytest.mark.parametrize("shell", list(SHELLS))
def test_env_prints_the_same_settings_for_every_shell(shell: str) -> None:
    printed = minimax_mock("env", "--shell", shell, "--url", "http://127.0.0.1:7").stdout
    expected = through_hooks(ENV, "http://127.0.0.1:7")
    assert all(name in printed for name in expected)
    if shell == "json":
        assert json.loads(printed) == expected


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--url", "https://127.0.0.1:8443"], "--url must be the server's http URL, as the hooks speak no TLS"),
        (["--url", "127.0.0.1:8484"], "did you mean 'http://127.0.0.1:8484'?"),
        (["--shell", "zsh"], "'zsh' is not one of"),
    ],
)
def test_env_refuses_what_it_cannot_print(options: list[str], complaint: str) -> None:
    result = minimax_mock("env", *options)
    assert result.returncode == 2
    assert complaint in result.stderr
