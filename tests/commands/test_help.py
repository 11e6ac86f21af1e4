"""Every command teaches: its help has examples, the documentation has all of them, wrong names get the nearest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mock_server.cli import COMMANDS, main
from mock_server.commands.group import LazyGroup
from tests.commands.command import run
from tools.generate_commands import commands

EVERY = dict(commands(main, "minimax-mock"))


@pytest.mark.parametrize("path", EVERY)
def test_help_shows_an_example(path: str) -> None:
    result = run(*path.split()[1:], "--help")
    assert result.code == 0
    examples = re.findall(rf"^  {path}\b.*$", result.out, flags=re.MULTILINE)
    assert examples, result.out


@pytest.mark.parametrize("path", EVERY)
def test_an_example_names_options_that_exist(path: str) -> None:
    help_text = EVERY[path].help or ""
    for line in re.findall(r"^ *(minimax-mock [^|#\n]*)", help_text, flags=re.MULTILINE):
        words = re.sub(r"'[^']*'", "x", line.partition(" -- ")[0]).split()
        found: click.Command = main
        known = set()
        for word in words[1:]:
            if isinstance(found, click.Group) and (sub := found.get_command(click.Context(found), word)):
                found = sub
            known |= {flag for option in found.params for flag in option.opts}
            assert not word.startswith("--") or word in known or word == "--help", line


@pytest.mark.parametrize("path", EVERY)
def test_every_command_is_documented(path: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f" {path}\n" in page or path == "minimax-mock"


def test_the_help_lists_every_command() -> None:
    text = run("--help").out
    assert [name for name in COMMANDS if f"\n  {name} " not in text] == []
    assert "..." not in text.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["falts"], "no command 'falts'; did you mean 'faults'? valid: 'serve', "),
        (
            ["faults", "ad"],
            "no command 'ad'; did you mean 'add'? valid: 'add', 'remove', 'clear', 'pause', ",
        ),
        (["clock", "advanse"], "no command 'advanse'; did you mean 'advance'?"),
        (["journal", "--promt", "x"], "--prompt"),
    ],
    ids=str,
)
def test_a_wrong_name_gets_the_nearest(arguments: list[str], complaint: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert complaint in result.err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_loads_nothing_heavy(name: str) -> None:
    heavy = ["uvicorn", "fastapi", "PIL", "httpx", "yaml", "rich"]
    program = (
        "import sys\nfrom mock_server.cli import main\n"
        f"try: main([{name!r}, '--help'])\nexcept SystemExit: pass\n"
        f"sys.exit(str([word for word in {heavy!r} if word in sys.modules] or ''))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.stderr.strip() == ""


def test_ctrl_c_ends_a_command_without_a_word() -> None:
    group = LazyGroup("x")

    @group.command()
    def wait() -> None:
        raise KeyboardInterrupt

    result = CliRunner().invoke(group, ["wait"])
    assert (result.exit_code, result.output) == (130, "")
