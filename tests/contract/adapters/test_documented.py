"""Every adapter of docs/adapters.md, taken from there and driven."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from contract_tests.adapters.exec import ExecAdapter
from contract_tests.adapters.interface import CATEGORIES, Failure, Images
from contract_tests.adapters.placeholders import KNOWN
from contract_tests.adapters.resolve import BUNDLED
from mock_server import MockAccount
from tests.contract.adapters.conftest import REQUEST, WITHIN, Open

PAGE = (Path(__file__).parents[3] / "docs" / "adapters.md").read_text(encoding="utf-8")
FILES = {
    match[1]: match[0] for match in (re.match(r"(?:#|//) (\S+)\n(?:.*\n)*", text) for text in
    re.findall(r"```\w+\n(.*?)```", PAGE, flags=re.DOTALL)) if match
}  # fmt: skip
COMMANDS = re.findall(r"```\n(minimax-mock check .*)\n```", PAGE)


def test_the_page_has_an_example_of_every_kind() -> None:
    assert sorted(FILES) == ["client.mjs", "draw.sh", "my_client.py"]
    assert [shlex.split(command)[2].partition(":")[0] for command in COMMANDS] == ["my_client", "stdio", "exec"]


@pytest.mark.parametrize(
    "command", [pytest.param(text, marks=[pytest.mark.e2e] if "node" in text else []) for text in COMMANDS]
)
def test_a_documented_adapter_drives_its_client(
    command: str, opened: Open, minimax_mock: MockAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    client = opened(shlex.split(command)[2])
    outcome = client.generate(REQUEST | {"n": 2}, within=WITHIN)
    assert isinstance(outcome, Images)
    assert len(outcome.images) == 2
    minimax_mock.add_fault("status_code", code=1008)
    failure = client.generate(REQUEST, within=WITHIN)
    assert isinstance(failure, Failure)
    assert failure.message.startswith("insufficient balance")
    assert failure.own is not False
    if failure.description is not None:
        assert failure.description.code == 1008


def test_the_page_names_every_adapter_category_placeholder_and_variable() -> None:
    words = [*BUNDLED, *CATEGORIES, *(f"{{{name}}}" for name in ("prompt", *KNOWN[12:]))]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
    assert ExecAdapter("exec:sh {prompt} {out_dir}").describes is False
